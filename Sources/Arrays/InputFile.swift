import Foundation

/// A regular file open for reading; closed when it goes out of use.
///
/// A pipe, a device or a folder is refused at once: opening one could wait for ever, and reading one never end.
final class InputFile: ByteSource {
    let path: String
    /// The bytes that it had when it was opened.
    let byteCount: Int
    private let descriptor: Int32

    /// - Throws: `FileError.cannotRead` with the system's reason.
    init(path: String) throws {
        guard !path.utf8.contains(0) else { throw FileError.cannotRead(path: path, reason: "no file has a NUL in its name") }
        // Without blocking, a pipe that nobody writes to opens at once.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        var information = stat()
        guard descriptor >= 0, fstat(descriptor, &information) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw FileError.cannotRead(path: path, reason: path.isEmpty ? "the name is empty" : reason)
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let isFolder = information.st_mode & S_IFMT == S_IFDIR
            throw FileError.cannotRead(
                path: path, reason: isFolder ? "it is a folder; name a file in it" : "it is not a regular file; save the data in one")
        }
        self.path = path
        self.descriptor = descriptor
        byteCount = Int(clamping: information.st_size)
    }

    deinit { close(descriptor) }

    /// A descriptor of the same file for another owner, who closes it.
    func duplicate() throws -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw FileError.cannotRead(path: path, reason: String(cString: strerror(errno))) }
        return copy
    }

    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < buffer.count {
            let count = readSome(descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError.cannotRead(path: path, reason: String(cString: strerror(errno))) }
            guard count > 0 else {
                throw NumericArrayError.malformed(reason: "it ends too early, after \(byteCount) bytes")
            }
            done += count
        }
    }
}

private func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
