import Foundation

/// An `.npz` archive with one array that is too large for memory: its elements are written in any order, a run at a time.
///
/// The file is as `NumericArchive.write` makes it, whole or not at all: members are stored, and sizes beyond 4 GiB are given in 64 bits
/// (zip64). Its place on the disk is taken before the first element is written, so that a full disk is found before the work.
public final class StreamedArchive {
    /// The shape of the large array.
    public let shape: [Int]
    private let type: ElementType
    private let path: String
    private let descriptor: Int32
    private let name: String
    /// Where the elements begin in the file.
    private let origin: Int
    /// Bytes of the large member, its header included.
    private let bytes: Int

    /// Writes an archive.
    /// - Parameters:
    ///   - name: of the large array.
    ///   - shape: its shape.
    ///   - type: what its elements are in the file. Default: float64.
    ///   - path: the file.
    ///   - overwrite: whether a file that is there already is replaced; false unless stated.
    ///   - besides: bytes that the other members take at the most, for which there must be room too. Default: 1 MiB.
    ///   - body: writes all elements of the large array, and returns the other members.
    /// - Throws: `FileError.outputExists`, `FileError.cannotWrite`, also where the disk has no room, and what `body` throws.
    public static func write(
        _ name: String, shape: [Int], as type: ElementType = .float64, to path: String, overwrite: Bool = false,
        reserving besides: Int = 1 << 20, body: (StreamedArchive) throws -> [(name: String, member: NumericArchive.Member)]
    ) throws {
        try AtomicFile.check(path, overwrite: overwrite)
        try requireSpace(for: shape, as: type, at: path)
        try AtomicFile.write(to: path, overwrite: overwrite) { temporary in
            let archive = try StreamedArchive(name, shape: shape, type: type, besides: besides, temporary: temporary, path: path)
            let members = try body(archive)
            try archive.finish(members)
        }
    }

    /// Refuses an array that the disk of a file has no room for.
    /// - Throws: `FileError.cannotWrite` with the bytes asked and those free.
    public static func requireSpace(for shape: [Int], as type: ElementType = .float64, at path: String) throws {
        let asked = shape.reduce(type.byteCount) { $0.times($1) }, free = try freeBytes(at: path)
        guard asked > free else { return }
        throw FileError.cannotWrite(
            path: path,
            reason: "an array \(shape.shapeText) of \(asked == .max ? "more than 9e18" : "\(asked)") bytes has no room on its disk, where "
                + "\(free) bytes are free; use fewer points, or another disk")
    }

    /// Bytes that this user can still write to the disk of a file that need not exist yet.
    /// - Throws: `FileError.cannotWrite`.
    public static func freeBytes(at path: String) throws -> Int {
        let folder = PathParts.folder(of: path)
        var information = statvfs()
        guard statvfs(folder.isEmpty ? "." : folder, &information) == 0 else {
            throw FileError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        return Int(clamping: information.f_bavail).times(Int(clamping: information.f_frsize))
    }

    private init(_ name: String, shape: [Int], type: ElementType, besides: Int, temporary: String, path: String) throws {
        let header = try NPYHeader.encode(descriptor: type.descriptor, shape: shape)
        self.name = name + ".npy"
        self.shape = shape
        self.type = type
        self.path = path
        bytes = shape.reduce(type.byteCount) { $0.times($1) }.plus(header.count)
        let start = ZipRecord(name: self.name, offset: 0, bytes: bytes, checksum: 0).localHeader
        origin = start.count + header.count
        descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(errno) }
        let code = posix_fallocate(descriptor, 0, start.count.plus(bytes).plus(besides))
        guard code == 0 else { throw failure(code) }
        try write(start + header, at: 0)
    }

    deinit { close(descriptor) }

    /// Writes elements that follow one another in C order.
    /// - Parameters:
    ///   - values: the elements, rounded to the array's type.
    ///   - offset: the place of the first among all elements.
    /// - Throws: `FileError.cannotWrite`; `NumericArrayError.shapeMismatch` for elements beyond the array.
    public func write(_ values: UnsafeBufferPointer<Double>, at offset: Int) throws {
        let count = (bytes - (origin - ZipRecord.localLength(name))) / type.byteCount
        guard offset >= 0, values.count <= count - offset else {
            throw NumericArrayError.shapeMismatch(shape: shape, elements: offset.plus(values.count))
        }
        let start = origin + offset * type.byteCount
        switch type {
        case .float64: try write(UnsafeRawBufferPointer(values), at: start)
        case .float32: try values.map(Float.init).withUnsafeBytes { try write($0, at: start) }
        }
    }

    /// Writes elements, as above.
    public func write(_ values: [Double], at offset: Int) throws { try values.withUnsafeBufferPointer { try write($0, at: offset) } }

    private func finish(_ members: [(name: String, member: NumericArchive.Member)]) throws {
        var records = [ZipRecord(name: name, offset: 0, bytes: bytes, checksum: try checksum())]
        try write(records[0].localHeader, at: 0)
        var end = records[0].localHeader.count + bytes
        for (name, member) in members {
            let data = Array(try member.npyData())
            let record = ZipRecord(
                name: name + ".npy", offset: end, bytes: data.count, checksum: data.withUnsafeBytes { CRC32().adding($0).value })
            try write(record.localHeader + data, at: end)
            end += record.localHeader.count + data.count
            records.append(record)
        }
        let directory = ZipRecord.directory(records, at: end)
        try write(directory, at: end)
        guard ftruncate(descriptor, end + directory.count) == 0 else { throw failure(errno) }
    }

    /// Of the large member as it lies in the file.
    private func checksum() throws -> UInt32 {
        let start = ZipRecord.localLength(name), block = 1 << 20
        var checksum = CRC32(), done = 0
        try withUnsafeTemporaryAllocation(byteCount: block, alignment: 16) { buffer in
            while done < bytes {
                let count = pread(descriptor, buffer.baseAddress, min(block, bytes - done), start + done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure(count < 0 ? errno : EIO) }
                checksum = checksum.adding(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                done += count
            }
        }
        return checksum.value
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws { try bytes.withUnsafeBytes { try write($0, at: offset) } }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, offset + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(count < 0 ? errno : EIO) }
            done += count
        }
    }

    private func failure(_ code: Int32) -> FileError { .cannotWrite(path: path, reason: String(cString: strerror(code))) }
}
