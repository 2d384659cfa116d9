import Foundation
import Synchronization

/// Writes whole files or nothing: into a temporary file in the same folder, flushed to the disk, then renamed.
///
/// A reader never sees half a file, and a failure (a full disk, a crash) leaves what was there before.
public enum AtomicFile {
    /// Writes text as UTF-8.
    /// - Parameter overwrite: whether a file that is there already is replaced; false unless stated.
    /// - Throws: `FileError.outputExists`, or `FileError.cannotWrite` with the system's reason.
    public static func write(_ text: String, to path: String, overwrite: Bool = false) throws {
        try write(Array(text.utf8), to: path, overwrite: overwrite)
    }

    /// Writes bytes.
    /// - Parameter overwrite: whether a file that is there already is replaced; false unless stated.
    /// - Throws: `FileError.outputExists`, or `FileError.cannotWrite` with the system's reason.
    public static func write(_ bytes: some ContiguousBytes, to path: String, overwrite: Bool = false) throws {
        try write(to: path, overwrite: overwrite) { temporary in
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw failure(path) }
            defer { close(descriptor) }
            try bytes.withUnsafeBytes { buffer in
                var rest = buffer[...]
                while !rest.isEmpty {
                    let written = writeSome(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                    if written < 0 && errno == EINTR { continue }
                    guard written > 0 else { throw failure(path) }
                    rest = rest.dropFirst(written)
                }
            }
        }
    }

    /// Lets `body` make a file at a temporary path in the folder of `path`, then flushes it and renames it to `path`.
    ///
    /// A file that `body` left is removed when anything fails. Only regular files are replaced, never devices or folders.
    /// - Throws: `FileError.outputExists`, `FileError.cannotWrite`, or what `body` throws.
    public static func write(to path: String, overwrite: Bool = false, body: (_ temporaryPath: String) throws -> Void) throws {
        let target = try replaceable(path, overwrite: overwrite)
        let folder = PathParts.folder(of: target)
        let name = ".inflaton-\(getpid())-\(UInt64.random(in: .min ... .max)).tmp"
        let temporary = PathParts.file(name, in: folder)
        let registration = register(temporary)
        defer {
            unlink(temporary)
            withdraw(registration)
        }
        try body(temporary)
        try flush(temporary, for: path)
        if overwrite {
            guard rename(temporary, target) == 0 else { throw failure(path) }
        } else {
            try moveWithoutReplacing(temporary, to: target, path: path)
        }
        // The new name is durable once the folder is flushed; the file is complete either way, so a refusal is no failure.
        try? flush(folder.isEmpty ? "." : folder, for: path)
    }

    /// Refuses a path that `write` would refuse, so that a caller can ask before long work.
    /// - Throws: `FileError.outputExists`, or `FileError.cannotWrite` with the system's reason.
    public static func check(_ path: String, overwrite: Bool = false) throws {
        let target = try replaceable(path, overwrite: overwrite)
        let folder = PathParts.folder(of: target)
        guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else { throw failure(path) }
    }

    /// The path of the temporary file that is being written, as the bits of a pointer to a C string; 0 for none. Whoever takes it out owns
    /// it.
    private static let current = Atomic<UInt>(0)

    /// Removes the temporary file that is being written, if any: for a signal handler that ends the process, which may call this.
    public static func removeTemporaryFile() {
        guard let path = UnsafeMutablePointer<CChar>(bitPattern: current.exchange(0, ordering: .acquiringAndReleasing)) else { return }
        unlink(path)
    }

    /// Only one file at a time is known to `removeTemporaryFile`, and one is what commands write at a time.
    private static func register(_ path: String) -> UInt {
        let bits = UInt(bitPattern: strdup(path))
        guard current.compareExchange(expected: 0, desired: bits, ordering: .acquiringAndReleasing).exchanged else {
            free(UnsafeMutableRawPointer(bitPattern: bits))
            return 0
        }
        return bits
    }

    private static func withdraw(_ bits: UInt) {
        guard bits != 0, current.compareExchange(expected: bits, desired: 0, ordering: .acquiringAndReleasing).exchanged else { return }
        free(UnsafeMutableRawPointer(bitPattern: bits))
    }

    /// The path to rename to, symbolic links followed, after the refusals that need no work to be done first.
    private static func replaceable(_ path: String, overwrite: Bool) throws -> String {
        var information = stat()
        let folder = PathParts.folder(of: path)
        guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
            throw FileError.cannotWrite(path: path, reason: "it does not name a file")
        }
        if !folder.isEmpty {
            guard stat(folder, &information) == 0 else {
                throw FileError.cannotWrite(path: path, reason: "the folder \(folder): \(String(cString: strerror(errno)))")
            }
            guard information.st_mode & S_IFMT == S_IFDIR else {
                throw FileError.cannotWrite(path: path, reason: "\(folder) is not a folder")
            }
        }
        guard lstat(path, &information) == 0 else { return path }
        guard overwrite else { throw FileError.outputExists(path: path) }
        guard let resolved = realpath(path, nil) else { throw failure(path) }
        defer { free(resolved) }
        guard stat(path, &information) == 0 else { throw failure(path) }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw FileError.cannotWrite(path: path, reason: "it exists and is not a regular file")
        }
        return String(cString: resolved)
    }

    /// A hard link fails if the name was taken meanwhile, where a rename would replace; not every file system has them.
    private static func moveWithoutReplacing(_ temporary: String, to target: String, path: String) throws {
        if link(temporary, target) == 0 { return }
        guard errno != EEXIST else { throw FileError.outputExists(path: path) }
        var information = stat()
        guard lstat(target, &information) != 0 else { throw FileError.outputExists(path: path) }
        guard rename(temporary, target) == 0 else { throw failure(path) }
    }

    private static func flush(_ file: String, for path: String) throws {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> FileError {
        .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
}

/// `write(2)`, which inside `AtomicFile` would be hidden by the type's own functions of that name.
private func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
