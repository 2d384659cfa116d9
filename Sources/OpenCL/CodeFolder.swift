import Foundation

/// A folder from which compiled code is loaded: whoever can write to it can run code as the user.
enum CodeFolder {
    /// Why a folder cannot be used.
    enum Problem: Error, Equatable, CustomStringConvertible {
        case cannotMake(String)
        case notAFolder
        case foreign(owner: UInt32)
        case open(mode: UInt32)
        case cannotWrite(String)

        var description: String {
            switch self {
            case .cannotMake(let reason): "cannot be made (\(reason))"
            case .notAFolder: "is no folder"
            case .foreign(let owner): "belongs to another user (number \(owner)), whose code would be run"
            case .open(let mode): "is open to other users (mode \(String(mode, radix: 8))), whose code would be run"
            case .cannotWrite(let reason): "cannot be written (\(reason))"
            }
        }
    }

    /// Makes the folder, for this user alone, where it is not there, and sees that no other user can write to it.
    /// - Parameter isShared: whether it stands in a place where anybody may have made it before us: then it must be a folder of this very
    ///   user, no link to one, and open to nobody else. Elsewhere root's will do, and the user's own group may write.
    static func prepare(_ path: String, isShared: Bool = false) throws(Problem) {
        var status = stat()
        func read() -> Bool { (isShared ? lstat(path, &status) : stat(path, &status)) == 0 }
        if !read() {
            let parent = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
            try? FileManager.default.createDirectory(
                atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            guard mkdir(path, 0o700) == 0 || errno == EEXIST, read() else { throw .cannotMake(String(cString: strerror(errno))) }
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder }
        try check(status, isShared: isShared)
        guard access(path, W_OK | X_OK) == 0 else { throw .cannotWrite(String(cString: strerror(errno))) }
    }

    /// A new folder of this user alone, whose name nobody can know before; nil where none can be made.
    /// - Parameter path: what its path begins with; a name alone is in the folder for temporary files.
    static func temporary(named path: String) -> String? {
        let start = path.hasPrefix("/") ? path : FileManager.default.temporaryDirectory.appending(path: path).path(percentEncoded: false)
        var template = Array((start + "-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether code may be loaded from a folder that is there.
    static func isSafe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && (try? check(status, isShared: false)) != nil
    }

    private static func check(_ status: stat, isShared: Bool) throws(Problem) {
        guard status.st_uid == geteuid() || !isShared && status.st_uid == 0 else { throw .foreign(owner: status.st_uid) }
        guard status.st_mode & (isShared ? 0o077 : 0o002) == 0 else { throw .open(mode: status.st_mode & 0o777) }
    }
}
