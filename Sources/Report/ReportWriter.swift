import Arrays
import Figures
import Foundation

/// Writes figures, claims and their provenance into a folder.
public struct ReportWriter: Sendable {
    /// Two figures would have the files of this one name.
    public struct SameName: Error, Equatable, CustomStringConvertible {
        /// The name, without an ending.
        public let name: String

        /// What is wrong and what to do.
        public var description: String { "two figures are both named \(name); give each figure its own id" }
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

    public init(svg: SVGRenderer = SVGRenderer(), png: PNGRenderer = PNGRenderer()) {
        self.svg = svg
        self.png = png
    }

    /// The files that `write` may make of figures with those ids: `ID.svg`, `ID.png`, `ID.pdf` and `ID.csv` for each,
    /// `report.html`, `claims.csv`, `provenance.json`, and `table.csv` of a subject with data.
    public func targets(identifiers: [String], in folder: URL, hasTable: Bool = false) -> [URL] {
        let names = identifiers.map { SVGRenderer.identifier($0) }.flatMap { ["\($0).svg", "\($0).png", "\($0).pdf", "\($0).csv"] }
        return (names + ["report.html", "claims.csv", "provenance.json"] + (hasTable ? [HTMLReport.subjectTable] : [])).map {
            folder.appending(path: $0)
        }
    }

    /// Checks that `write` would replace nothing, so that a caller can ask before long work.
    /// - Throws: `SameName`, `FileError.cannotWrite` where the files could not be written or, without `overwrite`,
    ///   `FileError.outputExists` with the first file that is there.
    public func check(identifiers: [String], in folder: URL, overwrite: Bool, hasTable: Bool = false) throws {
        var seen: Set<String> = []
        for name in identifiers.map({ SVGRenderer.identifier($0) }) where !seen.insert(name).inserted { throw SameName(name: name) }
        try OutputFolder(folder.path(percentEncoded: false)).check(
            targets(identifiers: identifiers, in: folder, hasTable: hasTable).map(\.lastPathComponent), overwrite: overwrite)
    }

    /// Writes the report into `folder`, which is made where it does not exist.
    ///
    /// All targets are checked and everything is drawn before the first file is written; each file appears whole or not at all, and where one
    /// cannot be written none of the new ones stays.
    /// - Parameters:
    ///   - claims: where there are none, neither `claims.csv` is written nor a section of the page.
    ///   - provenance: parameters, version, device and so on, written as JSON with sorted keys.
    ///   - subject: what the report is about; nil for the paper's figures. Its data are written as `table.csv`.
    /// - Throws: what `check` throws, or `FileError.cannotWrite`. A picture that cannot be made is no error: see `Outcome`.
    @discardableResult
    public func write(
        figures: [Figure], claims: [Claim], provenance: [String: String], subject: ReportSubject? = nil, to folder: URL,
        overwrite: Bool = false
    ) throws -> Outcome {
        try check(identifiers: figures.map(\.id), in: folder, overwrite: overwrite, hasTable: subject?.data != nil)
        var files: [(name: String, data: Data)] = []
        var omitted: [String] = []
        for figure in figures {
            let name = SVGRenderer.identifier(figure.id)
            let document = svg.render(figure)
            files.append(("\(name).svg", Data(document.utf8)))
            do {
                files.append(("\(name).png", try png.render(document)))
                files.append(("\(name).pdf", try png.pdf(document)))
            } catch {
                omitted.append("\(name).png or \(name).pdf: \(error)")
            }
            if let data = figure.data { files.append(("\(name).csv", Data(data.text.utf8))) }
        }
        let page = try HTMLReport(figures: figures, claims: claims, provenance: provenance, subject: subject, svg: svg).render()
        files.append(("report.html", Data(page.text.utf8)))
        omitted += page.onlyLinked.map { "\($0) inside report.html, which would become too large: keep the file beside it" }
        if let data = subject?.data { files.append((HTMLReport.subjectTable, Data(data.text.utf8))) }
        if !claims.isEmpty { files.append(("claims.csv", Data(try ClaimsTable.csv(claims).text.utf8))) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        files.append(("provenance.json", try encoder.encode(provenance) + Data("\n".utf8)))
        let target = OutputFolder(folder.path(percentEncoded: false))
        try target.fill(files.map(\.name)) {
            for file in files { try AtomicFile.write(file.data, to: target.file(file.name), overwrite: overwrite) }
        }
        return Outcome(written: files.map { folder.appending(path: $0.name) }, omitted: omitted)
    }
}
