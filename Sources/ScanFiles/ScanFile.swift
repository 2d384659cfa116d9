import Arrays
import Engines
import Foundation
import Runs

/// A scan file: one scan or, separated by lines of `---`, several. Its candidates are those of the scans, one after the other.
public struct ScanFile: RunSource {
    public let scans: [Scan]
    /// The file as it was understood: overrides applied, comments gone, a line a key. Reads back to the same scans. Arrays from files are
    /// named by the SHA-256 of their numbers, in comments at the end.
    public let text: String
    /// The number of candidates.
    public let count: Int
    /// The paths of the files that arrays were read from.
    public let arrayFiles: [String]

    /// Reads a file.
    /// - Parameters:
    ///   - path: YAML in UTF-8; paths in it are relative to its folder.
    ///   - overrides: `key=value` with a value in YAML, applied to every scan of the file: replaces or adds a key, or removes it (`null`). A
    ///     key within a map is named with a dot, `record.trajectory=all`.
    /// - Throws: `ScanFileError`.
    public init(contentsOf path: String, overrides: [String] = []) throws {
        let data = try Self.contents(path)
        guard let text = String(data: data, encoding: .utf8) else {
            throw ScanFileError(source: path, line: nil, key: nil, problem: "the scan file is not UTF-8 text; save it as such")
        }
        try self.init(text: text, source: path, folder: PathParts.folder(of: path), overrides: overrides)
    }

    /// The bytes of a file, no more of them than a scan file may have.
    private static func contents(_ path: String) throws(ScanFileError) -> Data {
        func problem(_ text: String) -> ScanFileError { ScanFileError(source: path, line: nil, key: nil, problem: text) }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw problem("the scan file is a folder; name a file in it")
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw problem("the scan file cannot be read; check its path and permissions")
        }
        var data = Data()
        do {
            while data.count <= ScanLimits.bytes, let part = try file.read(upToCount: 1 << 20), !part.isEmpty { data += part }
        } catch {
            throw problem("the scan file cannot be read: \(error.localizedDescription); check its path and permissions")
        }
        guard data.count <= ScanLimits.bytes else {
            throw problem(
                "the scan file has more than \(ScanLimits.bytes) bytes; use ranges such as {from: 0, to: 1, count: 100}, or .npy files for "
                    + "points and targets")
        }
        return data
    }

    /// Reads a text.
    /// - Parameters:
    ///   - text: YAML.
    ///   - source: how errors name it.
    ///   - folder: what paths are relative to. Default: the current folder.
    ///   - overrides: `key=value`.
    ///   - availableBytes: memory that a run may take. Default: what this machine has.
    /// - Throws: `ScanFileError`.
    public init(
        text: String, source: String = "", folder: String = "", overrides: [String] = [], availableBytes: Int = HostMemory.availableBytes
    ) throws {
        var documents = try ScanDocument.documents(of: text, source: source)
        for index in documents.indices { for override in overrides { try documents[index].override(override) } }
        var scans: [Scan] = [], files: [String: Digest] = [:]
        for document in documents {
            var reader = ScanReader(document, folder: folder, availableBytes: availableBytes)
            scans.append(try reader.scan())
            for (path, digest) in reader.files { files[path] = digest }
        }
        self.scans = scans
        arrayFiles = files.keys.sorted().map { PathParts.resolve($0, in: folder) }
        count = scans.reduce(0) { $0 + $1.count }
        guard count <= Int(Int32.max) else {
            throw ScanFileError(
                source: source, line: nil, key: nil,
                problem: "the scans have \(count) candidates together, but must have at most 2147483647; split the file")
        }
        self.text = CanonicalScan.text(documents, files)
    }

    public func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        var rest = index
        for scan in scans {
            if rest < scan.count { return try scan.candidate(at: rest, known: known) }
            rest -= scan.count
        }
        throw ScanError.unsteadySource(index: index)
    }
}
