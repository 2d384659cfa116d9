import Arrays
import Figures
import Foundation
import Report
import TestSupport
import Testing

@Suite("HTML report in a browser", .enabled(if: HTMLBrowser.isExpected, "no Chromium"), .serialized)
struct HTMLBrowserTests {
    /// A figure whose points are the rows of its table.
    static func points() throws -> Figure {
        var noise = DemoFigures.Noise()
        let x = (0..<50).map { _ in noise.normal() }
        let y = (0..<50).map { _ in noise.normal() * 1e-3 }
        return Figure(
            id: "points", title: "Points", panels: [Panel(x: Axis("x"), y: Axis("y"), layers: [.scatter(Scatter(x: x, y: y))])],
            data: try CSVTable(byColumn: [("x", .numbers(x)), ("y", .numbers(y))]))
    }

    private func withReport(_ body: (HTMLBrowser, URL) throws -> Void) throws {
        let browser = try #require(HTMLBrowser.installed, "no Chromium found: install it, or name a browser in INFLATON_BROWSER")
        try TemporaryFolder.with { folder in
            try ReportWriter(png: PNGRenderer(tool: absentTool))
                .write(
                    figures: DemoFigures.all + [Self.points()], claims: HTMLReportTests.claims,
                    provenance: ["version": "1.2.3", "command": "inflaton " + String(repeating: "x", count: 300)], to: folder.url)
            try body(browser, folder.url)
        }
    }

    @Test("The console has nothing to say about the page, and would if there were something")
    func console() throws {
        try withReport { browser, folder in
            let (document, console) = try browser.load("report.html", in: folder)
            #expect(document.contains("</html>"))
            #expect(console.isEmpty, "\(console)")
            // What the page must not do makes the console speak, so its silence means something.
            let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
            let bad = page.replacing("</body>", with: "<img src=\"https://example.org/a.png\"/><script>1</script></body>")
            try Data(bad.utf8).write(to: folder.appending(path: "bad.html"))
            #expect(try browser.load("bad.html", in: folder).console.count == 2)
        }
    }

    @Test("On a wide and on a narrow screen, light and dark: nothing is missing, nothing sticks out", arguments: [1280, 390])
    func layout(width: Int) throws {
        try withReport { browser, folder in
            let isDark = width == 390
            let found = try browser.measure("report.html", in: folder, width: width, dark: isDark)
            #expect(found.width == Double(width) && found.overflow <= 0)
            #expect(found.background == (isDark ? "rgb(21, 23, 27)" : "rgb(255, 255, 255)"))
            // WCAG's bound for text of any size.
            #expect(found.contrast >= 4.5)
            let names = (DemoFigures.all.map(\.id) + ["points"]).map { width == 390 ? $0 + ".narrow" : $0 }
            #expect(Set(found.drawings.keys) == Set(names))
            // Beside a scroll bar of 15 pixels and two margins of 16 remain 343; the smallest text is 12/360 of the drawing's width.
            #expect(found.drawings.values.allSatisfy { $0.width >= 343 && $0.height > 100 && $0.room >= 0 && $0.text >= 11 })
            #expect(found.equations.count > 20 && found.equations.allSatisfy { $0 > 0 })
            #expect(found.fetched.isEmpty)
            #expect(found.verdicts.count == HTMLReportTests.claims.count)
        }
    }

    @Test("The numbers in the page are those of the files beside it")
    func numbers() throws {
        try withReport { browser, folder in
            let found = try browser.measure("report.html", in: folder, width: 1000)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".csv") }
            #expect(Set(found.tables.keys) == Set(names) && names.count == 3)
            for name in names {
                #expect(try found.tables[name] == String(contentsOf: folder.appending(path: name), encoding: .utf8))
            }
            let claims = try CSVTable(text: try #require(found.tables["claims.csv"]))
            #expect(found.claims.count == claims.rows.count)
            for (index, column) in ["measured", "standardError", "control"].enumerated() {
                let shown = found.claims.map { $0[index].flatMap(Double.init) ?? .nan }
                #expect(shown.map(\.bitPattern) == (try #require(claims.numbers(column))).map(\.bitPattern), "\(column)")
            }
            let points = try CSVTable(text: try #require(found.tables["points.csv"]))
            let rows = zip(try #require(points.numbers("x")), try #require(points.numbers("y")))
            // Hovering gives four significant digits.
            let stated = rows.map { x, y in String(format: "(%.4g, %.4g)", x, y).replacing("-", with: "−") }
            #expect(found.drawings["points"]?.titles == stated)
        }
    }
}
