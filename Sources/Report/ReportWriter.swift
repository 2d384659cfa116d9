import Experiments
import Foundation

/// Writes figures, claims and their provenance into a folder.
public struct ReportWriter: Sendable {
    /// Why nothing, or not everything, was written.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// This file is there already, and `overwrite` is false. Nothing was written.
        case exists(String)
        /// A folder stands where this file should be. Nothing was written.
        case isFolder(String)
        /// Two figures would have these same files. Nothing was written.
        case sameName(String)
        /// The folder, or a file in it, cannot be written, for this reason.
        case cannotWrite(String, reason: String)

        /// What happened and what to do.
        public var description: String {
            switch self {
            case .exists(let path): "\(path) exists, and nothing was written. Give --force to replace it, or another --output."
            case .isFolder(let path): "\(path) is a folder where a file should be written. Give another --output."
            case .sameName(let name): "Two figures are both named \(name). Give each figure its own id."
            case .cannotWrite(let path, let reason): "Cannot write \(path): \(reason) Give another --output."
            }
        }
    }

    /// What a report left behind.
    public struct Outcome: Sendable, Equatable {
        /// The files written, in order.
        public var written: [URL]
        /// What was left out, each with its reason, such as pictures where `rsvg-convert` is missing.
        public var omitted: [String]
    }

    private let svg: SVGRenderer
    private let png: PNGRenderer

    /// Makes a writer.
    public init(svg: SVGRenderer = SVGRenderer(), png: PNGRenderer = PNGRenderer()) {
        self.svg = svg
        self.png = png
    }

    /// The files that `write` makes: `ID.svg`, `ID.png` and `ID.csv` for each figure, `claims.csv`, `provenance.json`.
    public func targets(figures: [Figure], in folder: URL) -> [URL] {
        let names = figures.map { SVGRenderer.identifier($0.id) }.flatMap { ["\($0).svg", "\($0).png", "\($0).csv"] }
        return (names + ["claims.csv", "provenance.json"]).map { folder.appending(path: $0) }
    }

    /// Checks that `write` would replace nothing, so that a caller can ask before long work.
    /// - Throws: `Failure.sameName`, `.isFolder` or, without `overwrite`, `.exists` with the first file that is there.
    public func check(figures: [Figure], in folder: URL, overwrite: Bool) throws {
        var seen: Set<String> = []
        for figure in figures where !seen.insert(SVGRenderer.identifier(figure.id)).inserted {
            throw Failure.sameName(SVGRenderer.identifier(figure.id))
        }
        for target in targets(figures: figures, in: folder) {
            let path = target.path(percentEncoded: false)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue { throw Failure.isFolder(path) }
            if !overwrite { throw Failure.exists(path) }
        }
    }

    /// Writes the report into `folder`, which is made where it does not exist.
    ///
    /// All targets are checked and everything is drawn before the first file is written; each file appears whole or not at all.
    /// - Parameter provenance: parameters, version, device and so on, written as JSON with sorted keys.
    /// - Throws: `Failure`.
    @discardableResult
    public func write(
        figures: [Figure], claims: [Claim], provenance: [String: String], to folder: URL, overwrite: Bool = false
    ) throws -> Outcome {
        try check(figures: figures, in: folder, overwrite: overwrite)
        var files: [(name: String, data: Data)] = []
        var omitted: [String] = []
        for figure in figures {
            let name = SVGRenderer.identifier(figure.id)
            let document = svg.render(figure)
            files.append(("\(name).svg", Data(document.utf8)))
            do {
                files.append(("\(name).png", try png.render(document)))
            } catch {
                omitted.append("\(name).png: \(error)")
            }
            files.append(("\(name).csv", Data(CSV.text(figure.data).utf8)))
        }
        files.append(("claims.csv", Data(CSV.text(claims).utf8)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            files.append(("provenance.json", try encoder.encode(provenance) + Data("\n".utf8)))
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure.cannotWrite(folder.path(percentEncoded: false), reason: error.localizedDescription)
        }
        var written: [URL] = []
        for file in files {
            let target = folder.appending(path: file.name)
            try put(file.data, at: target, overwrite: overwrite)
            written.append(target)
        }
        return Outcome(written: written, omitted: omitted)
    }

    private func put(_ data: Data, at target: URL, overwrite: Bool) throws {
        let path = target.path(percentEncoded: false)
        do {
            if overwrite { return try data.write(to: target, options: .atomic) }
            // Moving fails where a file has appeared since the check, which an atomic write would replace.
            let draft = target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent).\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: draft) }
            try data.write(to: draft)
            try FileManager.default.moveItem(at: draft, to: target)
        } catch {
            if !overwrite, FileManager.default.fileExists(atPath: path) { throw Failure.exists(path) }
            throw Failure.cannotWrite(path, reason: error.localizedDescription)
        }
    }
}
