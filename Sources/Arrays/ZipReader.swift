import CZip
import Foundation

/// A zip file open for reading; closed when it goes out of use.
final class ZipReader {
    private let path: String
    private let archive: OpaquePointer

    init(path: String) throws {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            let reason = String(cString: zip_error_strerror(&error))
            throw [ZIP_ER_OPEN, ZIP_ER_NOENT, ZIP_ER_READ].contains(code)
                ? FileError.cannotRead(path: path, reason: reason) : FileError.malformed(path: path, reason: reason)
        }
        self.path = path
        self.archive = archive
    }

    deinit { zip_discard(archive) }

    /// The directory, refusing nothing yet but what has no size.
    func entries() throws -> [(name: String, member: NumericArchive.Member)] {
        try (0..<UInt64(max(0, zip_get_num_entries(archive, 0)))).map { index in
            var status = zip_stat_t()
            let needed = UInt64(ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE)
            guard zip_stat_index(archive, index, 0, &status) == 0, status.valid & needed == needed, let name = status.name else {
                throw FileError.malformed(path: path, reason: "entry \(index) of the directory is damaged")
            }
            let member = NumericArchive.Member(
                index: index, byteCount: Int(clamping: status.size), storedByteCount: Int(clamping: status.comp_size))
            return (String(cString: name), member)
        }
    }

    func open(_ member: NumericArchive.Member) throws -> ZipMemberReader {
        var status = zip_stat_t()
        guard zip_stat_index(archive, member.index, 0, &status) == 0,
            status.size == UInt64(member.byteCount), status.comp_size == UInt64(member.storedByteCount)
        else {
            throw NumericArrayError.malformed(reason: "the file changed while it was read")
        }
        guard status.encryption_method == UInt16(ZIP_EM_NONE) else {
            throw NumericArrayError.malformed(reason: "it is encrypted; save it with numpy.savez")
        }
        let largest: (Int, Bool)
        switch Int32(status.comp_method) {  // bounded: it has sixteen bits
        case ZIP_CM_STORE: largest = (member.storedByteCount, false)
        // No deflated byte stands for more than 1032: a match of 258 bytes takes at least two bits.
        case ZIP_CM_DEFLATE: largest = member.storedByteCount.multipliedReportingOverflow(by: 1032)
        default:
            throw NumericArrayError.malformed(
                reason: "compression method \(status.comp_method) is not read; save it with numpy.savez or numpy.savez_compressed")
        }
        guard largest.1 || member.byteCount <= largest.0 else {
            throw NumericArrayError.malformed(
                reason: "the directory states \(member.byteCount) bytes, more than \(member.storedByteCount) stored bytes can hold")
        }
        guard let file = zip_fopen_index(archive, member.index, 0) else {
            throw NumericArrayError.malformed(reason: String(cString: zip_strerror(archive)))
        }
        return ZipMemberReader(file: file, archive: self)
    }
}

/// A member of a zip file, read from its start.
final class ZipMemberReader {
    private let file: OpaquePointer
    /// Held because libzip's members must not outlive their archive.
    private let archive: ZipReader

    init(file: OpaquePointer, archive: ZipReader) {
        self.file = file
        self.archive = archive
    }

    deinit { zip_fclose(file) }

    /// Reads the `.npy` header, up to the first element.
    func header() throws -> NPYHeader {
        var bytes = [UInt8](repeating: 0, count: NPYHeader.preambleBytes)
        try bytes.withUnsafeMutableBytes { try fill($0) }
        let length = try bytes.withUnsafeBytes { try NPYHeader.length(ofPreamble: $0) }
        guard length >= bytes.count else {
            throw NumericArrayError.malformed(reason: "its .npy header of \(length) bytes is too short")
        }
        var rest = [UInt8](repeating: 0, count: length - bytes.count)
        try rest.withUnsafeMutableBytes { try fill($0) }
        bytes += rest
        return try bytes.withUnsafeBytes { try NPYHeader($0) }
    }

    /// Reads exactly as many bytes as `buffer` holds.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < buffer.count {
            let count = zip_fread(file, buffer.baseAddress?.advanced(by: done), UInt64(buffer.count - done))
            guard count > 0 else {
                let reason = count < 0 ? String(cString: zip_file_strerror(file)) : "it ends too early"
                throw NumericArrayError.malformed(reason: reason)
            }
            done += Int(count)
        }
    }

    /// Makes sure that nothing follows; reading past the end is also what makes the checksum be compared.
    func finish() throws {
        var extra: UInt8 = 0
        let count = zip_fread(file, &extra, 1)
        guard count == 0 else {
            let reason = count < 0 ? String(cString: zip_file_strerror(file)) : "bytes follow the last element"
            throw NumericArrayError.malformed(reason: reason)
        }
    }
}
