import CZip
import Foundation
import Synchronization

/// A zip file open for reading; closed when it goes out of use.
///
/// Its directory is read once and compared with the file before anything else is believed: what members are said to take in the file,
/// taken together, is at most the file. So no number of it can ask for more than the file has.
final class ZipReader: Sendable {
    /// A member as the directory states it.
    struct Member: Sendable {
        let name: String
        let index: UInt64
        /// What it inflates to.
        let byteCount: UInt64
        /// What it takes in the file.
        let storedByteCount: UInt64
        let method: UInt16
        let isEncrypted: Bool
    }

    let members: [Member]
    /// The bytes of the file.
    let byteCount: Int
    /// libzip's archives are for one thread at a time.
    private let archive: Mutex<Archive>

    /// - Throws: `FileError.cannotRead`, or `FileError.malformed`.
    init(path: String) throws {
        let file = try InputFile(path: path)
        let archive = try Archive(file)
        byteCount = file.byteCount
        members = try archive.members(path: path, fileBytes: UInt64(file.byteCount))
        self.archive = Mutex(archive)
    }

    /// Lets `body` read a member from its start.
    /// - Throws: `NumericArrayError` for a member that is encrypted, packed in an unknown way, or larger than its bytes can be, and
    ///   what `body` throws.
    func read<Value>(_ member: Member, _ body: (ZipMemberReader) throws -> Value) throws -> Value {
        guard !member.isEncrypted else {
            throw NumericArrayError.malformed(reason: "it is encrypted; save it with numpy.savez")
        }
        let largest: (UInt64, overflow: Bool)
        switch Int32(member.method) {  // bounded: it has sixteen bits
        case ZIP_CM_STORE: largest = (member.storedByteCount, false)
        // No deflated byte stands for more than 1032: a match of 258 bytes takes at least two bits.
        case ZIP_CM_DEFLATE: largest = member.storedByteCount.multipliedReportingOverflow(by: 1032)
        default:
            throw NumericArrayError.malformed(
                reason: "compression method \(member.method) is not read; save it with numpy.savez or numpy.savez_compressed")
        }
        guard !largest.overflow, member.byteCount <= largest.0 else {
            throw NumericArrayError.malformed(
                reason: "the directory states \(member.byteCount) bytes, more than \(member.storedByteCount) stored bytes can hold")
        }
        return try archive.withLock { try body(ZipMemberReader(index: member.index, of: $0.handle)) }
    }

    /// libzip's handle.
    private struct Archive: ~Copyable, @unchecked Sendable {
        let handle: OpaquePointer

        init(_ file: InputFile) throws {
            var code: Int32 = 0
            let descriptor = try file.duplicate()
            guard let handle = zip_fdopen(descriptor, 0, &code) else {
                close(descriptor)
                var error = zip_error_t()
                zip_error_init_with_code(&error, code)
                defer { zip_error_fini(&error) }
                throw FileError.malformed(
                    path: file.path, reason: "it is no .npz file (a zip archive of arrays): " + String(cString: zip_error_strerror(&error)))
            }
            self.handle = handle
        }

        deinit { zip_discard(handle) }

        func members(path: String, fileBytes: UInt64) throws -> [Member] {
            var members: [Member] = [], total: UInt64 = 0
            for index in 0..<UInt64(max(0, zip_get_num_entries(handle, 0))) {
                var status = zip_stat_t()
                let needed = UInt64(ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD)
                guard zip_stat_index(handle, index, 0, &status) == 0, status.valid & needed == needed, let name = status.name else {
                    throw FileError.malformed(path: path, reason: "entry \(index) of its directory is damaged")
                }
                let (sum, overflow) = total.addingReportingOverflow(status.comp_size)
                guard !overflow, sum <= fileBytes else {
                    throw FileError.malformed(
                        path: path,
                        reason: "its directory states more bytes than the file has, \(fileBytes), at '\(Excerpt.of(String(cString: name)))'"
                            + " with \(status.comp_size); it is damaged or was cut off")
                }
                total = sum
                members.append(
                    Member(
                        name: String(cString: name), index: index, byteCount: status.size, storedByteCount: status.comp_size,
                        method: status.comp_method, isEncrypted: status.encryption_method != UInt16(ZIP_EM_NONE)))
            }
            return members
        }
    }
}

/// A member of a zip file, read from its start while its archive is held.
final class ZipMemberReader: ByteSource {
    private let file: OpaquePointer

    fileprivate init(index: UInt64, of archive: OpaquePointer) throws {
        guard let file = zip_fopen_index(archive, index, 0) else {
            throw NumericArrayError.malformed(reason: String(cString: zip_strerror(archive)))
        }
        self.file = file
    }

    deinit { zip_fclose(file) }

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
