import Foundation
import Runs

/// The right to write to a store, which one process has at a time: a lock of the kernel on a file beside it, so that it ends with the
/// process however that ends.
final class StoreLock: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Takes the lock at once, or not at all.
    /// - Parameters:
    ///   - absolute: the store's file, links followed.
    ///   - store: its name in messages.
    /// - Throws: `StoreError.inUse` with the holder's number and host, `StoreError.readOnly`, `StoreError.cannotOpen`.
    init(store absolute: String, path store: String, host: String) throws(StoreError) {
        path = absolute + ".lock"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                let reason = "\(path): \(String(cString: strerror(errno)))"
                throw errno == EACCES || errno == EROFS || errno == EPERM
                    ? .readOnly(path: store, reason: reason)
                    : errno == ENOSPC || errno == EDQUOT
                        ? .full(path: store, reason: reason)
                        : .cannotOpen(path: store, reason: reason, remedy: "look at the folder")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                defer { close(descriptor) }
                guard errno == EWOULDBLOCK else {
                    throw .cannotOpen(
                        path: store, reason: "\(path): \(String(cString: strerror(errno)))",
                        remedy: "the file system cannot lock files: mount it with locks, or use a store on another one")
                }
                throw .inUse(path: store, holder: Self.holder(descriptor))
            }
            // Whoever had it before may have removed the file between our opening and locking it: then the lock is worth nothing.
            var ours = stat(), named = stat()
            guard fstat(descriptor, &ours) == 0, stat(path, &named) == 0, ours.st_ino == named.st_ino, ours.st_dev == named.st_dev else {
                close(descriptor)
                continue
            }
            self.descriptor = descriptor
            break
        }
        // Only for the message to others: a lock without it is as good.
        ftruncate(descriptor, 0)
        let text = "process \(getpid()) on \(host)"
        _ = pwrite(descriptor, text, text.utf8.count, 0)
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        // Its holder may be about to write it.
        for _ in 0..<20 {
            let count = pread(descriptor, &bytes, bytes.count, 0)
            if count > 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
            usleep(5000)
        }
        return "another process"
    }
}
