import Arrays
import Figures
import Foundation
import Report
import TestSupport
import Testing

/// The place of a folder that is not there yet.
private func withFolder(_ body: (URL) throws -> Void) throws {
    try TemporaryFolder.with { try body($0.url.appending(path: "report")) }
}

private let claim = Claim(
    figure: "figure3", claim: "Networks, when wide, \"roll\"", criterion: "median ≤ 1 %", measured: 0.0047, unit: .percent,
    standardError: 0.1 + 0.2, bound: .atMost(0.01), control: .init(0.038, "null model"))

@Suite("Report folder")
struct ReportWriterTests {
    let absent = PNGRenderer(tool: absentTool)

    @Test("The claims file has the documented columns and quotes what RFC 4180 says")
    func claims() throws {
        let words = Claim(
            figure: "f", claim: "a\nb", criterion: "c", measured: nil, bound: .atMost(0), control: .init(1, "=1,2"), detail: "none")
        let text = try ClaimsTable.csv([claim, words]).text
        #expect(
            text == "figure,claim,criterion,measured,standardError,control,verdict,controlModel,reason\n"
                + "figure3,\"Networks, when wide, \"\"roll\"\"\",median ≤ 1 %,0.0047,0.30000000000000004,0.038,"
                + "not decided,null model,the bound is within two standard errors\n"
                + "f,\"a\nb\",c,none; nothing was measured,,1.0,not decided,\"=1,2\",nothing was measured\n")
    }

    @Test("A table made of columns leaves missing cells empty and refuses two columns of one name")
    func table() throws {
        let table = try CSVTable(byColumn: [
            ("value", .numbers([0.1, .nan, -.infinity])), ("n", .integers([3])), ("w", .words(["a", "b"])),
        ])
        #expect(table.text == "value,n,w\n0.1,3,a\nnan,,b\n-inf,,\n")
        #expect(throws: CSVError.self) { try CSVTable(byColumn: [("a", .numbers([1])), ("a", .numbers([1]))]) }
    }

    @Test("A report has its files, and says why there is no picture")
    func write() throws {
        try withFolder { folder in
            let outcome = try ReportWriter(png: absent)
                .write(figures: [DemoFigures.trajectory], claims: [claim], provenance: ["seed": "1"], to: folder)
            let names = ["evolve.svg", "evolve.csv", "report.html", "claims.csv", "provenance.json"]
            #expect(outcome.written.map(\.lastPathComponent) == names)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted() == names.sorted())
            #expect(outcome.omitted.count == 1)
            #expect(outcome.omitted.first?.contains("librsvg2-bin") == true)
            let json = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: folder.appending(path: "provenance.json")))
            #expect(json == ["seed": "1"])
        }
    }

    @Test(
        "Nothing is overwritten unless asked, whichever file is there",
        arguments: ["evolve.svg", "evolve.png", "evolve.pdf", "report.html", "provenance.json"])
    func neverOverwrites(name: String) throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let file = folder.appending(path: name)
            try Data("mine".utf8).write(to: file)
            let writer = ReportWriter(png: absent)
            let path = file.path(percentEncoded: false)
            #expect(throws: FileError.outputExists(path: path)) {
                try writer.write(figures: [DemoFigures.trajectory], claims: [], provenance: [:], to: folder)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) == [name])
            #expect(try Data(contentsOf: file) == Data("mine".utf8))
            #expect(FileError.outputExists(path: path).description.contains("--force"))
            try writer.write(figures: [DemoFigures.trajectory], claims: [], provenance: [:], to: folder, overwrite: true)
            // The picture was not made, so the one that is there is not touched.
            #expect(try (Data(contentsOf: file) == Data("mine".utf8)) == ["evolve.png", "evolve.pdf"].contains(name))
        }
    }

    @Test("A folder in a file's place, and two figures of one name, are refused before anything is written")
    func refusals() throws {
        try withFolder { folder in
            let blocked = folder.appending(path: "claims.csv")
            try FileManager.default.createDirectory(at: blocked, withIntermediateDirectories: true)
            let refusal = FileError.cannotWrite(path: blocked.path(percentEncoded: false), reason: "it exists and is not a regular file")
            #expect(throws: refusal) {
                try ReportWriter(png: absent).write(figures: [], claims: [], provenance: [:], to: folder, overwrite: true)
            }
            #expect(throws: ReportWriter.SameName.self) {
                let figures = ["a/b", "a-b"].map { Figure(id: $0, title: "", panels: []) }
                try ReportWriter(png: absent).write(figures: figures, claims: [], provenance: [:], to: folder)
            }
        }
    }

    @Test("An identifier cannot leave the folder", arguments: ["../../etc/passwd", "/root", "", ".", "a b", "1"])
    func identifiers(id: String) {
        let safe = SVGRenderer.identifier(id)
        #expect(safe.first?.isLetter == true)
        #expect(safe.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
    }

    @Test("A program that fails is reported with its status")
    func failingTool() {
        #expect(throws: PNGRenderer.Failure.toolFailed(status: 1, message: "")) {
            try PNGRenderer(tool: URL(filePath: "/usr/bin/false")).render("<svg/>")
        }
    }

    static let hasTool = (try? PNGRenderer().render("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>")) != nil

    @Test("A page is PDF of the document's size in points, with the same bytes every time", .enabled(if: hasTool))
    func page() throws {
        let svg = SVGRenderer().render(DemoFigures.powerLaws), pdf = try PNGRenderer().pdf(svg), again = try PNGRenderer().pdf(svg)
        #expect(pdf.prefix(5) == Data("%PDF-".utf8) && again == pdf)
        // 72 points of PDF are 96 pixels of SVG (CSS Values and Units, 5.2); renderers round up.
        let box = try #require(SVGDocument(svg).elements.first?.attributes["viewBox"]).split(separator: " ").compactMap { Double($0) }
        let text = String(decoding: pdf, as: UTF8.self)
        let media = try #require(text.firstMatch(of: /MediaBox \[ ?0 0 ([0-9.]+) ([0-9.]+) ?\]/))
        #expect(abs((Double(media.output.1) ?? 0) - 0.75 * box[2]) <= 1 && abs((Double(media.output.2) ?? 0) - 0.75 * box[3]) <= 1)
    }

    @Test("A picture is a PNG of twice the document's size, and is the same with a name that a shell would run", .enabled(if: hasTool))
    func picture() throws {
        var figure = DemoFigures.powerLaws
        figure.title = "`touch /tmp/x` $(id) | rm"
        let svg = SVGRenderer().render(figure)
        let png = try PNGRenderer().render(svg)
        #expect(png.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        // Width and height are big-endian words at bytes 16 and 20 of the file (PNG specification, IHDR).
        let size = [16, 20].map { start in png[start..<start + 4].reduce(0) { $0 * 256 + Int($1) } }
        let box = try #require(SVGDocument(svg).elements.first?.attributes["viewBox"]).split(separator: " ").compactMap { Double($0) }
        #expect(abs(Double(size[0]) - 2 * box[2]) <= 1)
        #expect(abs(Double(size[1]) - 2 * box[3]) <= 1)
    }
}

@Suite("Claims table")
struct ClaimsTableTests {
    @Test("Lines fit the width, columns are aligned and no word is lost", arguments: [80, 99, 100, 160])
    func table(width: Int) throws {
        let long = Claim(
            figure: "figure3", claim: (1...30).map { "claim\($0)" }.joined(separator: " "),
            criterion: (1...12).map { "bound\($0)" }.joined(separator: " "), measured: 1.5, standardError: 0.25,
            bound: .atLeast(1), control: .init(0.5, "null model"))
        let text = ClaimsTable(width: width).render([long, claim])
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= width })
        let header = try #require(lines.first)
        let start = try #require(header.range(of: "criterion")).lowerBound
        let column = header.distance(from: header.startIndex, to: start)
        let row = try #require(lines.dropFirst().first { $0.contains("bound1") })
        #expect(row.dropFirst(column).hasPrefix("bound1"))
        for word in (1...30).map({ "claim\($0)" }) + (1...12).map({ "bound\($0)" }) {
            #expect(text.split { $0 == " " || $0 == "\n" }.contains(Substring(word)))
        }
        #expect(text.contains("1.5 ± 0.25"))
    }

    @Test("Where all claims are of one figure its name has no column, and the glossary explains what means the same there")
    func oneFigure() throws {
        var own = Claim(figure: "fokker-planck", claim: "The drift by construction", criterion: "x", measured: 1, bound: .atMost(2))
        let one = ClaimsTable(theory: .learning).render([own, own])
        #expect(!one.contains("fokker") && !one.contains("figure") && one.hasPrefix("claim"))
        #expect(one.contains("explains: by construction, control, criterion, verdict\n"))
        #expect(ClaimsTable().render([own]).contains("explains: by construction, control, criterion, drift, verdict\n"))
        own.figure = "circulation"
        let two = ClaimsTable().render([own, claim])
        #expect(two.hasPrefix("figure") && two.contains("circulation  The drift"))
    }

    @Test("No claims, no table; control characters do not reach the terminal")
    func edges() {
        #expect(ClaimsTable().render([]).isEmpty)
        let nasty = Claim(figure: "f", claim: "a\u{1B}[2Jb\nc", criterion: "", measured: nil, bound: .atMost(0))
        #expect(!ClaimsTable().render([nasty]).unicodeScalars.contains { $0 == "\u{1B}" })
    }
}

/// A program with a name that nobody has.
let absentTool = FileManager.default.temporaryDirectory.appending(path: "absent-\(UUID().uuidString)")
