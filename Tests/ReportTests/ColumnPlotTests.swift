import Arrays
import Figures
import Foundation
import Report
import Testing

@Suite("Plots of columns")
struct ColumnPlotTests {
    /// Seven rows, of which two lack something.
    static func table() throws -> CSVTable {
        try CSVTable(
            columns: ["width", "error", "activation", "depth"],
            rows: [
                [32, 0.5, "relu", 1], [64, 0.25, "erf", 1], [128, .number(.nan), "erf", 2], [256, 0.125, "relu", 2],
                [.empty, 0.1, "relu", 2], [512, 0.0625, .empty, 2], [1024, 2.5, "erf", 1],
            ])
    }

    private static func scatters(_ figure: Figure) -> [Scatter] {
        figure.panels.flatMap(\.layers).compactMap { if case .scatter(let scatter) = $0 { scatter } else { nil } }
    }

    private static func histograms(_ figure: Figure) -> [Histogram] {
        figure.panels.flatMap(\.layers).compactMap { if case .histogram(let histogram) = $0 { histogram } else { nil } }
    }

    @Test("Points are the rows that have both values; the others are counted in the caption, and the data have all rows")
    func points() throws {
        let figure = try ColumnPlot(x: "width", y: "error").figure(of: Self.table())
        let scatter = try #require(Self.scatters(figure).first)
        #expect(scatter.x == [32, 64, 256, 512, 1024] && scatter.y == [0.5, 0.25, 0.125, 0.0625, 2.5])
        #expect(figure.caption.contains("5 runs.") && figure.caption.contains("Left out of 7 runs: 1 without width, 1 without error."))
        #expect(scatter.titles[2] == "row 4: width 256, error 0.125")
        #expect(figure.data?.text == (try CSVTable(columns: ["width", "error"], rows: Self.table().rows.map { Array($0[..<2]) })).text)
        // 1024/32 is less than two decades.
        #expect(figure.panels.map(\.x.scale) == [.linear] && figure.panels.map(\.y.scale) == [.linear])
        let titles = try SVGDocument(SVGRenderer().render(figure)).titles(panel: 1, layer: 1)
        #expect(titles == scatter.titles)
    }

    @Test("Rows that are drawn and those that are not add up, each left out for one reason")
    func drawnRows() throws {
        let drawn = try ColumnPlot(x: "width", y: "error", yScale: .log10).drawnRows(of: Self.table())
        #expect(drawn.rows == 7 && drawn.drawn == 5 && drawn.leftOut.map(\.rows) == [1, 1])
        #expect(drawn.text("runs") == "5 of 7 runs; not drawn: 1 without width, 1 without error")
        let table = try CSVTable(byColumn: [("v_1", .numbers([0, -1, 3, 4])), ("n", .integers([1, 2, 3, 4]))])
        #expect(
            try ColumnPlot(x: "v_1", y: "n", xScale: .log10).drawnRows(of: table).text("runs")
                == "2 of 4 runs; not drawn: 2 with v_1 ≤ 0, which a logarithmic axis cannot show")
        #expect(try ColumnPlot(x: "n").drawnRows(of: table).text("runs") == "4 runs")
    }

    static let spans: [(values: [Double], scale: Axis.Scale)] = [
        ([1, 100], .linear), ([1, 101], .log10), ([0, 1e6], .linear), ([-1, 1e6], .linear), ([1e-300, 1e300], .log10), ([5], .linear),
        ([1, 101, .nan], .log10),
    ]

    @Test("An axis is logarithmic where all values are positive and span more than two decades", arguments: spans.indices)
    func automaticScale(index: Int) throws {
        let (values, scale) = Self.spans[index]
        let table = try CSVTable(byColumn: [("v", .numbers(values)), ("n", .integers(Array(values.indices)))])
        #expect(try ColumnPlot(x: "v", y: "n").figure(of: table).panels[0].x.scale == scale)
        #expect(try ColumnPlot(x: "n", y: "v").figure(of: table).panels[0].y.scale == scale)
        #expect(try ColumnPlot(x: "v").figure(of: table).panels[0].x.scale == scale)
        #expect(try ColumnPlot(x: "v", y: "n", xScale: .linear).figure(of: table).panels[0].x.scale == .linear)
    }

    @Test("What a logarithmic axis that was asked for cannot show is counted")
    func forcedScale() throws {
        let table = try CSVTable(byColumn: [("v", .numbers([0, -1, 3, 4])), ("n", .integers([1, 2, 3, 4]))])
        let figure = try ColumnPlot(x: "v", y: "n", xScale: .log10).figure(of: table)
        #expect(Self.scatters(figure).map(\.x) == [[3, 4]])
        #expect(figure.caption.contains("2 with v ≤ 0"))
        #expect(try !SVGDocument(SVGRenderer().render(figure)).texts.contains { $0.contains("Not drawn") })
    }

    @Test("Words and few numbers become categories with a legend, many numbers a scale")
    func colour() throws {
        let words = try ColumnPlot(x: "width", y: "error", colour: "activation").figure(of: Self.table())
        #expect(Self.scatters(words).map(\.name) == ["erf", "relu"])
        #expect(Self.scatters(words).map(\.x) == [[64, 1024], [32, 256]] && Self.scatters(words).map(\.slot) == [0, 1])
        #expect(words.caption.contains("1 without activation"))
        let numbers = try ColumnPlot(x: "width", y: "error", colour: "depth").figure(of: Self.table())
        #expect(Self.scatters(numbers).map(\.name) == ["depth = 1", "depth = 2"])
        let many = try CSVTable(byColumn: [("x", .integers([1, 2, 3, 4, 5, 6, 7])), ("c", .numbers([7, 6, 5, 4, 3, 2, 1]))])
        let scale = try #require(Self.scatters(try ColumnPlot(x: "x", y: "x", colour: "c").figure(of: many)).first?.colour)
        #expect(scale == .init([7, 6, 5, 4, 3, 2, 1], label: "c"))
        let decades = try CSVTable(byColumn: [
            ("x", .integers([1, 2, 3, 4, 5, 6, 7])), ("c", .numbers((-3...3).map { pow(10, Double($0)) })),
        ])
        let logarithms = try #require(Self.scatters(try ColumnPlot(x: "x", y: "x", colour: "c").figure(of: decades)).first?.colour)
        #expect(logarithms.label == "log_{10} c" && zip(logarithms.values, -3...3).allSatisfy { abs($0 - Double($1)) < 1e-12 })
        let drawn = try SVGDocument(SVGRenderer().render(words)).texts
        #expect(drawn.contains("erf") && drawn.contains("relu"))
    }

    @Test("Without y the values of x are counted, by category where there is a colour")
    func histogram() throws {
        let figure = try ColumnPlot(x: "error", colour: "depth").figure(of: Self.table())
        #expect(Self.histograms(figure).map(\.values) == [[0.5, 0.25, 2.5], [0.125, 0.1, 0.0625]])
        #expect(Self.histograms(figure).map(\.name) == ["depth = 1", "depth = 2"])
        #expect(figure.title == "Distribution of error")
    }

    @Test("A facet has a panel for each value, with the rows of that value, and all panels share their axes and categories")
    func facets() throws {
        let figure = try ColumnPlot(x: "width", y: "error", colour: "activation", facet: "depth").figure(of: Self.table())
        #expect(figure.panels.map(\.title) == ["depth = 1", "depth = 2"])
        #expect(Self.scatters(figure).map(\.x) == [[64, 1024], [32], [], [256]])
        #expect(figure.arrangement == .grid(columns: 2, sharesX: true, sharesY: true))
        for setting in [SVGRenderer.Setting.alone, .narrowPage] {
            let document = try SVGDocument(SVGRenderer().render(figure, for: setting))
            #expect(document.texts.count { $0 == "erf" } == 1)
        }
    }

    @Test("Medians and quartiles of each value of x")
    func quartiles() throws {
        let table = try CSVTable(byColumn: [
            ("x", .integers([2, 1, 1, 1, 1, 1])), ("y", .numbers([7, 5, 3, 1, 2, 4])),
        ])
        let layers = try ColumnPlot(x: "x", y: "y", showsQuartiles: true).figure(of: table).panels[0].layers
        // Of 1…5 the quartiles are 2 and 4, of one value that value.
        #expect(layers[0] == .band(Band(x: [1, 2], lower: [2, 7], upper: [4, 7])))
        #expect(layers[1] == .line(Line(x: [1, 2], y: [3, 7], marksPoints: true)))
    }

    @Test("Labels stand on axes, in legends and titles; what is not drawn but stated is in the subtitle")
    func labels() throws {
        let figure = try ColumnPlot(
            x: "width", y: "error", colour: "depth", labels: ["error": "|Δf|", "depth": "L"], stated: ["width", "depth", "activation"]
        ).figure(of: Self.table())
        #expect(figure.title == "|Δf| against width" && figure.panels[0].y.label == "|Δf|")
        #expect(Self.scatters(figure).map(\.name) == ["L = 1", "L = 2"])
        #expect(figure.subtitle == "5 runs · erf, relu")
        #expect(try SVGDocument(SVGRenderer().render(figure)).texts.contains("5 runs · erf, relu"))
    }

    @Test("Rows that differ in their seed alone are replicas; one or two a point are none, and neither is what is drawn by colour")
    func replicas() throws {
        let table = try CSVTable(byColumn: [
            ("x", .integers((0..<12).map { $0 / 4 })), ("y", .numbers((0..<12).map(Double.init))),
            ("seed", .integers((0..<12).map { $0 % 4 })),
            ("pair", .integers((0..<12).map { $0 % 2 })), ("same", .integers((0..<12).map { _ in 1 })),
        ])
        #expect(try ColumnPlot(x: "x", y: "y").hasReplicas(by: "seed", in: table))
        #expect(try !ColumnPlot(x: "x", y: "y", colour: "pair").hasReplicas(by: "seed", in: table))
        #expect(try !ColumnPlot(x: "x", y: "y", colour: "seed").hasReplicas(by: "seed", in: table))
        #expect(try !ColumnPlot(x: "x", y: "y").hasReplicas(by: "same", in: table))
        #expect(try !ColumnPlot(x: "x", y: "y").hasReplicas(by: "absent", in: table))
        #expect(try !ColumnPlot(x: "x").hasReplicas(by: "seed", in: table))
    }

    @Test("An axis of values that are multiples of each other is logarithmic, with these as its marks")
    func geometricScale() throws {
        func axis(_ values: [Double]) throws -> Axis {
            let table = try CSVTable(byColumn: [("v", .numbers(values)), ("n", .integers(Array(values.indices)))])
            return try ColumnPlot(x: "v", y: "n").figure(of: table).panels[0].x
        }
        let widths = try axis([32, 64, 128, 256, 512])
        #expect(widths.scale == .log10 && widths.ticks.map(\.value) == [32, 64, 128, 256, 512])
        #expect(
            try axis([32, 64, 96, 128, 160, 512]).scale == .linear && axis([1, 2, 4]).scale == .linear
                && axis([1, 2, 3, 4]).scale == .linear)
    }

    static let refusals: [(plot: ColumnPlot, message: String)] = [
        (
            ColumnPlot(x: "widht", y: "error"),
            "there is no column 'widht'; the nearest is 'width'. The columns are width, error, activation, depth."
        ),
        (ColumnPlot(x: "width", y: "Eror"), "the nearest is 'error'"),
        (ColumnPlot(x: "width", colour: "zzzzzz"), "there is no column 'zzzzzz'. The columns are"),
        (ColumnPlot(x: "activation", y: "error"), "column 'activation' holds words, but the horizontal axis needs numbers"),
        (ColumnPlot(x: "width", y: "activation"), "the vertical axis needs numbers"),
    ]

    @Test("A column that is not there, or of words on an axis, is refused with the remedy", arguments: refusals.indices)
    func refusal(index: Int) throws {
        let (plot, message) = Self.refusals[index]
        let error = #expect(throws: ColumnPlotError.self) { try plot.figure(of: Self.table()) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("More values than can be told apart are refused with their number and the limit")
    func tooMany() throws {
        let words = (0..<13).map { "w\($0)" }
        let table = try CSVTable(byColumn: [("n", .integers(Array(0..<13))), ("w", .words(words))])
        let messages = [
            (ColumnPlot(x: "n", y: "n", facet: "n"), "has 13 distinct values, but facets can show at most 12"),
            (ColumnPlot(x: "n", y: "n", colour: "w"), "has 13 distinct values, but colours can show at most 12"),
            (ColumnPlot(x: "n", colour: "n"), "has 13 distinct values, but the colours of a histogram can show at most 6"),
        ]
        for (plot, message) in messages {
            let error = #expect(throws: ColumnPlotError.self) { try plot.figure(of: table) }
            #expect(error?.description.contains(message) == true)
        }
        #expect(throws: Never.self) { try ColumnPlot(x: "n", y: "n", colour: "n").figure(of: table) }
    }

    @Test("A table with nothing to draw is refused, and the reason said")
    func nothing() throws {
        let empty = try CSVTable(columns: ["a"])
        #expect(throws: ColumnPlotError.nothingToDraw(reason: "the table has no rows")) { try ColumnPlot(x: "a").figure(of: empty) }
        let missing = try CSVTable(columns: ["a", "b"], rows: [[1, .empty], [.empty, 2]])
        #expect(throws: ColumnPlotError.nothingToDraw(reason: "of 2 runs 1 are without a, 1 are without b")) {
            try ColumnPlot(x: "a", y: "b").figure(of: missing)
        }
    }

    @Test("Names of columns and words are shown as they are, never as markup")
    func literalNames() throws {
        let bad = "<script>_a^2\\{b}&\"", word = "x_i^{2}"
        let table = try CSVTable(columns: [bad, "y", "w"], rows: [[1, 2, .text(word)], [2, 3, "v"]])
        let figure = try ColumnPlot(x: bad, y: "y", colour: "w", facet: "w").figure(of: table)
        let svg = SVGRenderer().render(figure)
        let document = try SVGDocument(svg)
        #expect(!svg.contains("<script"))
        #expect(document.texts.contains(bad) && document.texts.contains(word) && document.texts.contains("w = \(word)"))
        #expect(document.elements[0].attributes["aria-label"] == "y against \(bad), by w")
    }

    @Test("A hundred thousand rows make a small drawing of counts, without a title for each row", arguments: [nil, "w", "c"])
    func large(colour: String?) throws {
        var noise = DemoFigures.Noise()
        let count = 100_000
        let x = (0..<count).map { _ in noise.normal() }
        let table = try CSVTable(byColumn: [
            ("x", .numbers(x)), ("y", .numbers(x.map { $0 * $0 + noise.normal() })), ("c", .numbers(x.map { -$0 })),
            ("w", .words(x.map { $0 > 0 ? "right" : "left" })),
        ])
        let figure = try ColumnPlot(x: "x", y: "y", colour: colour).figure(of: table)
        #expect(Self.scatters(figure).allSatisfy { $0.titles.isEmpty } && Self.scatters(figure).map(\.x.count).reduce(0, +) == count)
        let svg = SVGRenderer().render(figure)
        // A cell is about 200 bytes, and a panel of 680 × 380 pixels has fewer than 6,500.
        #expect(svg.utf8.count < 1_300_000)
        let document = try SVGDocument(svg)
        let titles = Self.scatters(figure).indices.flatMap { document.titles(panel: 1, layer: $0 + 1) }
        #expect(titles.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }.reduce(0, +) == count)
    }
}
