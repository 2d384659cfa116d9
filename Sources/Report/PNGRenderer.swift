import Foundation

/// Turns an SVG document into a PNG picture with `rsvg-convert`, on white and at twice the document's size, or into a page of PDF.
public struct PNGRenderer: Sendable {
    /// Why there is no picture. A report can go on without it.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// There is no such program; the value says where it was looked for.
        case toolMissing(String)
        /// The program ended with this status and message.
        case toolFailed(status: Int32, message: String)

        /// What happened and what to do.
        public var description: String {
            switch self {
            case .toolMissing(let place):
                "No PNG was made: rsvg-convert was not found (\(place)). Install it, on Debian with 'apt install librsvg2-bin'."
            case .toolFailed(let status, let message):
                "No PNG was made: rsvg-convert ended with status \(status)\(message.isEmpty ? "" : ": " + message)."
            }
        }
    }

    private let tool: URL?
    private let searched: String

    /// Finds `rsvg-convert` in the folders of `PATH`.
    public init() {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let candidates = folders.map { URL(filePath: String($0)).appending(path: "rsvg-convert") }
        tool = candidates.first { Self.isExecutable($0) }
        searched = "in PATH"
    }

    /// Uses the program at `tool`.
    public init(tool: URL) {
        self.tool = Self.isExecutable(tool) ? tool : nil
        searched = "at \(tool.path(percentEncoded: false))"
    }

    /// The picture as PNG data.
    ///
    /// The document goes to the program as a file and no shell is involved, so nothing in it can become a command.
    /// - Throws: `Failure`, or what the file system says where the temporary folder cannot be written.
    public func render(_ svg: String) throws -> Data {
        try convert(svg, to: "png", ["--zoom=2", "--background-color=white"])
    }

    /// The document as a PDF page of its size, for slides and papers; the same bytes for the same document.
    /// - Throws: as ``render(_:)``.
    public func pdf(_ svg: String) throws -> Data { try convert(svg, to: "pdf", []) }

    private func convert(_ svg: String, to format: String, _ options: [String]) throws -> Data {
        guard let tool else { throw Failure.toolMissing(searched) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "inflaton-figure-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "figure.svg")
        let picture = folder.appending(path: "figure.\(format)")
        let messages = folder.appending(path: "messages.txt")
        try Data(svg.utf8).write(to: source)
        try Data().write(to: messages)

        let process = Process()
        process.executableURL = tool
        process.arguments =
            ["--format=\(format)"] + options
            + ["--output=\(picture.path(percentEncoded: false))", source.path(percentEncoded: false)]
        // PDF has the time at which it was made.
        process.environment = ProcessInfo.processInfo.environment.merging(["SOURCE_DATE_EPOCH": "0"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        // A file, not a pipe: a long message cannot block the program.
        process.standardError = try FileHandle(forWritingTo: messages)
        do { try process.run() } catch { throw Failure.toolMissing(tool.path(percentEncoded: false)) }
        process.waitUntilExit()
        guard process.terminationStatus == 0, let data = try? Data(contentsOf: picture), !data.isEmpty else {
            let message = ((try? String(contentsOf: messages, encoding: .utf8)) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
            throw Failure.toolFailed(status: process.terminationStatus, message: String(message.prefix(300)))
        }
        return data
    }

    private static func isExecutable(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path(percentEncoded: false), isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: url.path(percentEncoded: false))
    }
}
