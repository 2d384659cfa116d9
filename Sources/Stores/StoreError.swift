import GRDB
import Runs

/// Why a store cannot be opened, read or written. Whatever failed, the store holds whole batches only.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no such file or folder, or it cannot be opened.
    case cannotOpen(path: String, reason: String, remedy: String)
    /// There is no such file, or it cannot be read.
    case cannotRead(path: String, reason: String, remedy: String)
    /// The file is something else.
    case notAStore(path: String, reason: String)
    /// A later Inflaton wrote it. `writer` is that Inflaton's version.
    case newerVersion(path: String, found: Int, known: Int, writer: String?)
    /// Another process writes to it.
    case inUse(path: String, holder: String)
    /// The user may not write to the file or its folder.
    case readOnly(path: String, reason: String)
    /// The disk, or what the store may take of it, is full.
    case full(path: String, reason: String)
    /// It holds results of another device or program than those that are to be added.
    case mixed(path: String, held: [String], added: [String])
    /// Its contents are not what was stored. `place` is the table and the row, or the run.
    case damaged(path: String, place: String, reason: String)
    /// The file was removed or replaced while a scan wrote to it.
    case gone(path: String, reason: String)
    /// Any other failure of the file system or of SQLite.
    case failed(path: String, reason: String, remedy: String)

    /// One sentence: what is wrong, with the values, and the remedy.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason, let remedy): "cannot open the store \(path): \(reason); \(remedy)"
        case .cannotRead(let path, let reason, let remedy): "cannot read the store \(path): \(reason); \(remedy)"
        case .notAStore(let path, let reason):
            "\(path) is no store of Inflaton: \(reason); it is left as it is: choose another file"
        case .newerVersion(let path, let found, let known, let writer):
            "the store \(path) has version \(found)\(writer.map { ", written by Inflaton \($0)" } ?? ""); this Inflaton knows versions up to "
                + "\(known): use a newer Inflaton"
        case .inUse(let path, let holder):
            "the store \(path) is written by \(holder); wait until that scan ends or stop it, or use another store and merge them later"
        case .readOnly(let path, let reason):
            "cannot write to the store \(path): \(reason); change the permissions of the file and its folder, or copy it elsewhere"
        case .full(let path, let reason):
            "cannot write to the store \(path): \(reason); nothing that was stored is lost: make room and start the scan again"
        case .mixed(let path, let held, let added):
            "the store \(path) holds results of \(held.joined(separator: " and of ")), and those to be added are of "
                + "\(added.joined(separator: " and of ")); use another store, or allow both in one with --mixed"
        case .damaged(let path, let place, let reason):
            "the store \(path) is damaged: \(place): \(reason); 'inflaton verify' says which of its runs are sound: restore it from a copy, or "
                + "take out what is damaged as Documentation/Store.md says and compute it again"
        case .gone(let path, let reason):
            "the store \(path) \(reason) while it was written: what was stored in it since may be lost; put it back, or start the scan again"
        case .failed(let path, let reason, let remedy): "the store \(path): \(reason); \(remedy)"
        }
    }

    /// Runs work on a store's file, and says its failures in our words.
    static func translating<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let damage as StoreDamage {
            throw StoreError.damaged(path: path, place: damage.place, reason: damage.reason)
        } catch let error as DatabaseError {
            throw StoreError(path, error)
        }
    }

    /// Failures of a file system that takes no more, be it full or limited.
    private static let writing: [ResultCode] = [
        .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_SHMSIZE,
    ]

    private init(_ path: String, _ error: DatabaseError) {
        let reason = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path, reason: reason)
        case .SQLITE_IOERR where Self.writing.contains(error.extendedResultCode):
            self = .full(path: path, reason: "\(reason) (\(error.extendedResultCode.rawValue), in writing)")
        case .SQLITE_IOERR:
            self = .failed(
                path: path, reason: "\(reason) (\(error.extendedResultCode.rawValue))",
                remedy: "look at the disk and its free space; nothing that was stored is lost: start the scan again")
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path, reason: reason)
        case .SQLITE_NOTADB: self = .notAStore(path: path, reason: reason)
        case .SQLITE_CANTOPEN:
            self = .cannotOpen(path: path, reason: reason, remedy: "look at the permissions of the file and its folder")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .failed(path: path, reason: reason, remedy: "another program keeps it locked: close that, and start again")
        case .SQLITE_CORRUPT:
            self = .damaged(path: path, place: "the file", reason: reason)
        // Our statements fit the tables that were checked, so it is the file that does not.
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_SCHEMA, .SQLITE_FORMAT:
            self = .damaged(path: path, place: "the tables", reason: reason)
        default: self = .failed(path: path, reason: "\(error)", remedy: "please report this")
        }
    }
}
