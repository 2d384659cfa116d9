import Arrays
import Figures
import Foundation
import Report
import TestSupport
import Testing

@Suite("Reports of scans")
struct ScanReportTests {
    /// A grid of widths, activations and seeds, whose error falls with the width, and a rate that follows a continuous axis.
    static func table(rows: Int) throws -> CSVTable {
        var noise = DemoFigures.Noise()
        let widths = [32, 128, 512, 2048]
        var table = try CSVTable(columns: [
            "width", "activation", "eta", "seed", "points", "status", "relativeError", "greatestError", "rate", "flag",
        ])
        for row in 0..<rows {
            let width = widths[row % 4], eta = pow(10, -4 + 3 * noise.uniform()), status = row % 50 == 7 ? "diverged" : "finished"
            let error = pow(10, 0.2 * noise.normal()) / Double(width)
            let isFinished = status == "finished"
            try table.append([
                .integer(width), row / 4 % 2 == 0 ? "relu" : "erf", .number(eta), .integer(row), 1, .text(status),
                isFinished ? .number(error) : .number(.nan), isFinished ? .number(row % 100 == 1 ? 0 : error * 3) : .empty,
                isFinished ? .number(eta * (1 + 0.1 * noise.normal())) : .empty, .number(row / 4 % 2 == 0 ? 1 : 2 + 0.01 * noise.normal()),
            ])
        }
        return table
    }

    static func report(rows: Int) throws -> ScanReport {
        try ScanReport(
            title: "A scan <of> widths", text: "First & foremost.\n\nSecond\nparagraph.", table: table(rows: rows),
            parameters: ["width", "activation", "eta", "seed", "points"],
            measured: ["relativeError", "greatestError", "rate", "flag"], status: "status")
    }

    @Test("The overview counts the runs, lists the axes that vary, and says what each result depends on")
    func overview() throws {
        let subject = try Self.report(rows: 400).subject()
        #expect(subject.tables.map(\.title) == ["Runs", "Axes", "The same in all runs", "Measured"])
        #expect(subject.tables[0].rows == [["all", "400", "100 %"], ["finished", "392", "98 %"], ["diverged", "8", "2 %"]])
        #expect(subject.tables[1].rows.map { $0[0] } == ["width", "activation", "eta", "seed"])
        #expect(subject.tables[1].rows[0] == ["width", "4", "32, 128, 512, 2048"])
        #expect(subject.tables[1].rows[1] == ["activation", "2", "erf, relu"])
        #expect(subject.tables[1].rows[3] == ["seed", "400", "0 to 399"])
        #expect(subject.tables[2].rows == [["points", "1"]])
        let measured = subject.tables[3].rows
        #expect(measured.map { $0[1] } == ["392", "392", "392", "400"])
        #expect(measured.compactMap { $0[7].split(separator: " ").first } == ["width", "width", "eta", "activation"])
    }

    @Test("The share that an axis explains is corrected for chance: two groups of two in order explain 70 %")
    func share() throws {
        // Ranks 1, 2 and 3, 4: η² = 4/5, so ε² = 1 − 1/5 · 3/2. An axis with a value for each row explains nothing.
        let table = try CSVTable(byColumn: [
            ("each", .integers([1, 2, 3, 4])), ("half", .words(["a", "a", "b", "b"])), ("v", .numbers([1, 10, 100, 1e6])),
        ])
        let report = try ScanReport(title: "", text: "", table: table, parameters: ["each", "half"], measured: ["v"])
        #expect(report.subject().tables.last?.rows[0].last == "half (70 %)")
    }

    @Test("Nothing is drawn against the seeds of replicas where anything else varies, even if they explain more")
    func replicas() throws {
        // The seed alone decides v, the width nothing: (1, 2), (1, 2) have the same mean.
        let table = try CSVTable(byColumn: [
            ("seed", .integers([1, 1, 2, 2])), ("width", .integers([8, 16, 8, 16])), ("v", .numbers([1, 1.5, 9, 8.5])),
        ])
        let report = try ScanReport(
            title: "", text: "", table: table, parameters: ["seed", "width"], measured: ["v"], replicas: ["seed"])
        #expect(try report.figures().allSatisfy { !$0.title.contains("against seed") })
        let alone = try ScanReport(title: "", text: "", table: table, parameters: ["seed"], measured: ["v"], replicas: ["seed"])
        #expect(alone.subject().tables.last?.rows[0].last?.hasPrefix("seed") == true)
    }

    @Test("Each column is drawn against the axis it depends on: quartiles on a grid, points on a continuous axis, words by colour")
    func figures() throws {
        let figures = try Self.report(rows: 400).figures()
        #expect(figures.map(\.id) == (1...5).map { "figure\($0)" })
        #expect(
            figures.map(\.title) == [
                "Distributions of the errors", "relativeError against width", "greatestError against width", "rate against eta",
                "Distribution of flag",
            ])
        #expect(figures[0].panels.map(\.x.scale) == [.log10, .log10])
        // Rows 1, 101, 201 and 301 have an error of zero.
        #expect(figures[0].caption.contains("4 with greatestError ≤ 0"))
        #expect(figures[0].caption.contains("Left out of 400 runs: 8 without relativeError."))
        guard case .line(let line) = figures[1].panels[0].layers.last else { Issue.record("no medians"); return }
        #expect(line.x == [32, 128, 512, 2048])
        // The error is 1/width times 10^{0.2 z}: its median over 98 runs is within 0.2 · 1.25/√98 of that in log10, five times over.
        #expect(zip(line.x, line.y).allSatisfy { abs(log10($0 * $1)) < 5 * 0.2 * 1.25 / 98.0.squareRoot() })
        #expect(figures[1].caption.contains("width explains") && figures[1].caption.contains("more than any other axis"))
        guard case .scatter(let scatter) = figures[3].panels[0].layers.first else { Issue.record("no points"); return }
        #expect(scatter.x.count == 392 && figures[3].panels[0].x.scale == .log10)
        #expect(figures[4].panels[0].layers.count == 2)
        #expect(figures.allSatisfy { $0.data == nil })
        for figure in figures { _ = try SVGDocument(SVGRenderer().render(figure, for: .narrowPage)) }
    }

    @Test("Few runs are points against an axis, fewer are no figure, and a single one is a table")
    func few() throws {
        func report(_ count: Int) throws -> ScanReport {
            let numbers = (1...count).map { Double($0) }
            let table = try CSVTable(byColumn: [("width", .integers((1...count).map { 8 * $0 })), ("error", .numbers(numbers))])
            var report = try ScanReport(title: "", text: "", table: table, parameters: ["width"], measured: ["error"])
            report.stated = ["width"]
            return report
        }
        for count in 1...3 { #expect(try report(count).figures().isEmpty && report(count).notDrawn.isEmpty) }
        let four = try report(4).figures()
        #expect(four.map(\.title) == ["error against width"])
        guard case .scatter(let points) = four.first?.panels[0].layers.first else { Issue.record("no points"); return }
        #expect(points.x == [8, 16, 24, 32] && points.y == [1, 2, 3, 4])
        #expect(try report(8).figures().map(\.title) == ["Distribution of error", "error against width"])
        #expect(try report(8).figures().map(\.subtitle) == ["8 runs · width 8 to 64", "8 runs"])
        let one = try report(1).subject()
        #expect(one.tables.last?.header == ["column", "value"] && one.tables.last?.rows == [["error", "1"]])
        let page = try HTMLReport(figures: [], claims: [], provenance: ["where": ""], subject: one).render().text
        #expect(page.contains("None: too few runs") && !page.contains(">where<"))
    }

    @Test("More measured columns than the limit are named, not drawn")
    func limit() throws {
        let names = (0..<15).map { "m\($0)" }
        let table = try CSVTable(byColumn: [("a", .integers([1, 2, 3, 4]))] + names.map { ($0, .numbers([3, 1, 2, 4])) })
        let report = try ScanReport(title: "", text: "", table: table, parameters: ["a"], measured: names)
        #expect(try report.figures().count == ScanReport.mostFigures && report.notDrawn == ["m12", "m13", "m14"])
    }

    @Test("Bad columns and an empty table are refused")
    func refusals() throws {
        let table = try Self.table(rows: 10)
        func report(_ parameters: [String], _ measured: [String], _ status: String? = nil, of table: CSVTable) throws {
            _ = try ScanReport(title: "", text: "", table: table, parameters: parameters, measured: measured, status: status)
        }
        for arguments in [(["with"], ["rate"], "status"), (["width"], ["rat"], "status"), (["width"], ["rate"], "state")] {
            let error = #expect(throws: ColumnPlotError.self) { try report(arguments.0, arguments.1, arguments.2, of: table) }
            #expect(error?.description.contains("the nearest is '") == true)
        }
        #expect(throws: ColumnPlotError.words(column: "activation", axis: "vertical")) { try report([], ["activation"], of: table) }
        #expect(throws: ColumnPlotError.nothingToDraw(reason: "the table has no rows")) {
            try report(["a"], [], of: CSVTable(columns: ["a"]))
        }
        // Nothing varies, and nothing came out: an overview without figures.
        let still = try CSVTable(columns: ["a", "m"], rows: [[1, .empty], [1, .empty]])
        let empty = try ScanReport(title: "", text: "", table: still, parameters: ["a"], measured: ["m"])
        #expect(try empty.figures().isEmpty && empty.subject().tables.last?.rows == [["m", "0", "–", "–", "–", "–", "–", "–"]])
    }

    @Test("The page of a scan has its text, overview and table, and nothing of claims", arguments: [400, 100_000])
    func page(rows: Int) throws {
        let report = try Self.report(rows: rows)
        let page = try HTMLReport(
            figures: report.figures(), claims: [], provenance: ["version": "1"], subject: report.subject()
        ).render()
        let document = try HTMLDocument(page.text)
        #expect(document.root.all("h1").map(\.text) == ["A scan <of> widths"] && document.root.all("title")[0].text == "A scan <of> widths")
        #expect(document.root.all("p", class: "prose").prefix(2).map(\.text) == ["First & foremost.", "Second paragraph."])
        #expect(!page.text.contains("report.claims") && !page.text.contains("claims.csv"))
        #expect(
            document.root.all("section").compactMap { $0.attributes["aria-labelledby"] }.prefix(2) == ["report.figures", "report.overview"])
        let links = document.root.all("a").compactMap { $0.attributes["href"] }
        let identifiers = Set(document.root.all.compactMap { $0.attributes["id"] })
        #expect(Set(links.filter { $0.hasPrefix("#") }.map { String($0.dropFirst()) }).isSubset(of: identifiers))
        #expect(!document.root.text.contains("</") && document.root.all("nav")[0].all("a").contains { $0.text == "Overview" })
        #expect(links.contains("table.csv") && page.onlyLinked == (rows == 400 ? [] : ["table.csv"]))
        #expect(page.text.utf8.count < 3_000_000)
    }

    @Test("A report of a scan has one table for all figures, and fits on a phone", .enabled(if: HTMLBrowser.isExpected, "no Chromium"))
    func written() throws {
        let browser = try #require(HTMLBrowser.installed, "no Chromium found: install it, or name a browser in INFLATON_BROWSER")
        let temporary = try TemporaryFolder(), folder = temporary.url
        defer { withExtendedLifetime(temporary) {} }
        let report = try Self.report(rows: 400), writer = ReportWriter(png: PNGRenderer(tool: absentTool))
        let figures = try report.figures()
        let outcome = try writer.write(figures: figures, claims: [], provenance: [:], subject: report.subject(), to: folder)
        let names = outcome.written.map(\.lastPathComponent)
        #expect(names == figures.map { "\($0.id).svg" } + ["report.html", "table.csv", "provenance.json"])
        #expect(try String(contentsOf: folder.appending(path: "table.csv"), encoding: .utf8) == report.table.text)
        for width in [390, 1280] {
            let found = try browser.measure("report.html", in: folder, width: width)
            #expect(found.overflow <= 0 && found.drawings.count == figures.count)
            #expect(found.drawings.values.allSatisfy { $0.room >= 0 && $0.text >= 11 })
            #expect(found.tables == ["table.csv": report.table.text])
        }
    }
}
