import CZip
import Foundation

extension NumericArchive {
    /// A member to write.
    public enum Member: Sendable {
        /// Numbers, and what they are in the file.
        case numbers(NumericArray, ElementType)
        /// A list of whole numbers, NumPy's `<i8`.
        case integers([Int64])
        /// A list of whole numbers from 0 on, NumPy's `<u8`.
        case unsigned([UInt64])
        /// A list of strings, NumPy's `<U…`; NULs at a string's end are lost.
        case words([String])
        /// A single string, which NumPy reads back with `numpy.load(f)[name].item()`.
        case text(String)
    }

    /// Writes an archive of arrays and strings, whole or not at all; members are stored, as `numpy.savez` does.
    /// - Parameters:
    ///   - arrays: names, arrays, and what their elements are in the file.
    ///   - texts: names and strings.
    ///   - overwrite: whether a file that is there already is replaced; false unless stated.
    /// - Throws: as ``write(members:to:overwrite:)``.
    public static func write(
        _ arrays: [(name: String, array: NumericArray, type: ElementType)], texts: [(name: String, text: String)] = [],
        to path: String, overwrite: Bool = false
    ) throws {
        try write(
            members: arrays.map { ($0.name, .numbers($0.array, $0.type)) } + texts.map { ($0.name, .text($0.text)) }, to: path,
            overwrite: overwrite)
    }

    /// Writes an archive, whole or not at all; members are stored, as `numpy.savez` does.
    ///
    /// The same content gives the same bytes: members carry no date.
    /// - Parameter overwrite: whether a file that is there already is replaced; false unless stated.
    /// - Throws: `FileError.outputExists`, `FileError.cannotWrite` (also for a name that is empty or used twice), or
    ///   `NumericArrayError.float32Overflow`.
    public static func write(members: [(name: String, member: Member)], to path: String, overwrite: Bool = false) throws {
        try write(columns: [], members: members, to: path, overwrite: overwrite)
    }

    /// Writes an archive of lists that lie on the disk, and of what stands behind them; see ``write(members:to:overwrite:)``.
    /// - Parameter columns: complete; each can be written once.
    public static func write(
        columns: [(name: String, column: ScratchColumn)], members: [(name: String, member: Member)], to path: String,
        overwrite: Bool = false
    ) throws {
        var seen = Set<String>()
        for name in columns.map(\.name) + members.map(\.name) {
            guard !name.isEmpty, !name.utf8.contains(0), name.utf8.count < 65000, seen.insert(name).inserted else {
                throw FileError.cannotWrite(path: path, reason: "the array name '\(Excerpt.of(name))' is empty, too long, or used twice")
            }
        }
        try AtomicFile.write(to: path, overwrite: overwrite) { temporary in
            let writer = try ZipWriter(path: temporary, reportedPath: path)
            for (name, column) in columns { try writer.add(column.file, as: name + ".npy") }
            for (name, member) in members { try writer.add(member.npyData(), as: name + ".npy") }
            try writer.finish()
        }
    }
}

extension NumericArchive.Member {
    /// The bytes of the `.npy` file.
    func npyData() throws -> Data {
        switch self {
        case .numbers(let array, let type): try array.npyData(as: type)
        case .integers(let values): try Self.npyData("<i8", values)
        case .unsigned(let values): try Self.npyData("<u8", values)
        case .words(let words): try NPYText.encode(words, shape: [words.count])
        case .text(let text): try NPYText.encode(text)
        }
    }

    private static func npyData(_ descriptor: String, _ values: [some FixedWidthInteger]) throws -> Data {
        var data = Data(try NPYHeader.encode(descriptor: descriptor, shape: [values.count]))
        values.withUnsafeBytes { data.append(contentsOf: $0) }
        return data
    }
}

/// A zip file being made; discarded unless `finish` is reached.
private final class ZipWriter {
    private let reportedPath: String
    private var archive: OpaquePointer?

    init(path: String, reportedPath: String) throws {
        self.reportedPath = reportedPath
        var code: Int32 = 0
        archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code)
        guard archive != nil else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw FileError.cannotWrite(path: reportedPath, reason: String(cString: zip_error_strerror(&error)))
        }
    }

    deinit {
        if let archive { zip_discard(archive) }
    }

    func add(_ data: Data, as name: String) throws {
        // libzip reads the bytes when the archive is closed, and frees this copy of them then.
        guard let copy = malloc(max(1, data.count)) else { throw failure() }
        data.copyBytes(to: UnsafeMutableRawBufferPointer(start: copy, count: data.count))
        guard let source = zip_source_buffer(archive, copy, UInt64(data.count), 1) else {
            free(copy)
            throw failure()
        }
        try add(source, as: name)
    }

    func add(_ file: BufferedFile, as name: String) throws {
        let stream = try file.stream()
        guard let source = zip_source_filep(archive, stream, 0, Int64(file.count)) else {
            fclose(stream)
            throw failure()
        }
        try add(source, as: name)
    }

    private func add(_ source: OpaquePointer, as name: String) throws {
        let index = zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(source)
            throw failure()
        }
        // 1 January 1980, the first date a zip file knows.
        guard zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0,
            zip_file_set_dostime(archive, UInt64(index), 0, 0x21, 0) == 0
        else { throw failure() }
    }

    func finish() throws {
        guard zip_close(archive) == 0 else { throw failure() }
        archive = nil
    }

    private func failure() -> FileError {
        .cannotWrite(path: reportedPath, reason: archive.map { String(cString: zip_strerror($0)) } ?? "the archive is closed")
    }
}
