import Foundation

/// A new file that is written piece by piece, through a buffer, so that no memory holds all of it.
public final class BufferedFile {
    private let descriptor: Int32
    private let reportedPath: String
    private var buffer: [UInt8] = []
    private var isOwner = true
    /// Bytes that were written.
    public private(set) var count = 0

    private static let bufferBytes = 1 << 16

    /// A file at a path where there is none.
    /// - Parameter reportedPath: what messages call it. Default: the path.
    /// - Throws: `FileError.cannotWrite`.
    public init(path: String, reportedPath: String? = nil) throws(FileError) {
        self.reportedPath = reportedPath ?? path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw FileError.cannotWrite(path: reportedPath ?? path, reason: String(cString: strerror(errno)))
        }
        buffer.reserveCapacity(Self.bufferBytes)
    }

    /// A file without a name in the folder of a path, which is gone when it is closed, however the process ends.
    /// - Throws: `FileError.cannotWrite`, which names that path.
    public convenience init(scratchBesides path: String) throws(FileError) {
        let name = ".inflaton-\(getpid())-\(UInt64.random(in: .min ... .max)).tmp"
        let scratch = PathParts.file(name, in: PathParts.folder(of: path))
        try self.init(path: scratch, reportedPath: path)
        unlink(scratch)
    }

    deinit { if isOwner, descriptor >= 0 { close(descriptor) } }

    /// Appends text as UTF-8.
    /// - Throws: `FileError.cannotWrite`, for example where the disk is full.
    public func append(_ text: String) throws(FileError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Appends bytes.
    /// - Throws: `FileError.cannotWrite`.
    public func append(_ bytes: some Sequence<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Appends the bytes of a number, the least significant first.
    /// - Throws: `FileError.cannotWrite`.
    public func append(_ value: some FixedWidthInteger) throws(FileError) {
        withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Writes what is still in the buffer.
    /// - Throws: `FileError.cannotWrite`.
    public func flush() throws(FileError) {
        var start = 0
        while start < buffer.count {
            let written = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress! + start, $0.count - start) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw FileError.cannotWrite(path: reportedPath, reason: String(cString: strerror(errno))) }
            start += written
        }
        count += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// The file as a stream of C from its beginning, which closes it.
    /// - Throws: `FileError.cannotWrite`.
    func stream() throws(FileError) -> UnsafeMutablePointer<FILE> {
        try flush()
        guard lseek(descriptor, 0, SEEK_SET) == 0, let stream = fdopen(descriptor, "rb") else {
            throw FileError.cannotWrite(path: reportedPath, reason: String(cString: strerror(errno)))
        }
        isOwner = false
        return stream
    }
}
