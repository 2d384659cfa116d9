import Foundation

/// A folder that several files are written into, made where it does not exist.
public struct OutputFolder: Sendable, Hashable {
    public let path: String

    /// The folder at that path, which need not exist.
    public init(_ path: String) { self.path = path }

    /// The path of a file in it.
    public func file(_ name: String) -> String { PathParts.file(name, in: path) }

    /// Refuses, before long work, what making the folder or writing those files would refuse.
    /// - Throws: `FileError.outputExists` with the first file that is there, unless `overwrite`; `FileError.cannotWrite`.
    public func check(_ names: [String], overwrite: Bool) throws {
        guard !path.isEmpty else { throw FileError.cannotWrite(path: path, reason: "the name of the folder is empty") }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw FileError.cannotWrite(path: path, reason: "a file stands in the folder's place") }
            for name in names { try AtomicFile.check(file(name), overwrite: overwrite) }
            return
        }
        var ancestor = PathParts.folder(of: path)
        while !ancestor.isEmpty, !FileManager.default.fileExists(atPath: ancestor, isDirectory: &isFolder) {
            ancestor = PathParts.folder(of: ancestor)
        }
        guard ancestor.isEmpty || isFolder.boolValue else {
            throw FileError.cannotWrite(path: path, reason: "\(ancestor) is a file, not a folder")
        }
        guard access(ancestor.isEmpty ? "." : ancestor, W_OK | X_OK) == 0 else {
            throw FileError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Makes the folder, and those above it.
    /// - Throws: `FileError.cannotWrite`.
    public func create() throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            // Foundation's own sentence is that the operation could not be completed.
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            throw FileError.cannotWrite(
                path: path,
                reason: cause.map { String(cString: strerror(Int32(clamping: $0.code))) } ?? error.localizedDescription)
        }
    }

    /// Makes the folder and has files written into it. Where that fails, files and folder that were not there before are gone again: a part of
    /// an output would be taken for all of it, and stand in the way of the next attempt.
    /// - Parameter names: of the files that may be written.
    /// - Throws: `FileError.cannotWrite`, and what `body` throws.
    public func fill<Value>(_ names: [String], _ body: () throws -> Value) throws -> Value {
        let isNew = access(path, F_OK) != 0, absent = names.filter { access(file($0), F_OK) != 0 }
        try create()
        do { return try body() } catch {
            for name in absent { unlink(file(name)) }
            // Of a folder that holds something else nothing is taken.
            if isNew { rmdir(path) }
            throw error
        }
    }
}
