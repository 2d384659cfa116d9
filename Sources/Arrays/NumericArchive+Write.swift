import CZip
import Foundation

extension NumericArchive {
    /// Writes an archive of arrays and strings, whole or not at all; members are stored, as `numpy.savez` does.
    ///
    /// The same content gives the same bytes: members carry no date.
    /// - Parameters:
    ///   - arrays: names, arrays, and what their elements are in the file.
    ///   - texts: names and strings, which NumPy reads back with `numpy.load(f)[name].item()`.
    ///   - overwrite: whether a file that is there already is replaced; false unless stated.
    /// - Throws: `FileError.outputExists`, `FileError.cannotWrite` (also for a name that is empty or used twice), or
    ///   `NumericArrayError.float32Overflow`.
    public static func write(
        _ arrays: [(name: String, array: NumericArray, type: ElementType)], texts: [(name: String, text: String)] = [],
        to path: String, overwrite: Bool = false
    ) throws {
        var seen = Set<String>()
        for name in arrays.map(\.name) + texts.map(\.name) {
            guard !name.isEmpty, !name.utf8.contains(0), name.utf8.count < 65000, seen.insert(name).inserted else {
                throw FileError.cannotWrite(path: path, reason: "the array name '\(name)' is empty, too long, or used twice")
            }
        }
        try AtomicFile.write(to: path, overwrite: overwrite) { temporary in
            let writer = try ZipWriter(path: temporary, reportedPath: path)
            for (name, array, type) in arrays { try writer.add(array.npyData(as: type), as: name + ".npy") }
            for (name, text) in texts { try writer.add(NPYText.encode(text), as: name + ".npy") }
            try writer.finish()
        }
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
