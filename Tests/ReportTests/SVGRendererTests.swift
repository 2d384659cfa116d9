import Figures
import Foundation
import Report
import Testing

private func figure(_ layers: [Layer], x: Axis = Axis("x"), y: Axis = Axis("y")) -> Figure {
    Figure(id: "test", title: "Test", panels: [Panel(x: x, y: y, layers: layers)])
}

@Suite("SVG figures")
struct SVGRendererTests {
    @Test(
        "Every kind of figure is well-formed in every setting, inside its page, and its identifiers begin with the figure's",
        arguments: 0..<4, [SVGRenderer.Setting.alone, .page, .narrowPage])
    func wellFormed(index: Int, setting: SVGRenderer.Setting) throws {
        let figure = DemoFigures.all[index]
        let document = try SVGDocument(SVGRenderer().render(figure, for: setting))
        let root = try #require(document.elements.first)
        #expect(root.name == "svg")
        #expect(root.attributes["role"] == "img")
        #expect(root.attributes["aria-label"] == figure.title)
        let box = try #require(root.attributes["viewBox"]).split(separator: " ").compactMap { Double($0) }
        try #require(box.count == 4)
        let identifiers = document.elements.compactMap { $0.attributes["id"] }
        #expect(identifiers.allSatisfy { $0.hasPrefix(figure.id) })
        #expect(Set(identifiers).count == identifiers.count)
        for text in document.elements where text.name == "text" {
            let x = try #require(text.attributes["x"].flatMap(Double.init))
            let y = try #require(text.attributes["y"].flatMap(Double.init))
            #expect(x >= 0 && x <= box[2] && y >= 0 && y <= box[3], "\(text.text) at \(x), \(y)")
        }
        #expect(SVGRenderer().render(figure, for: setting) == SVGRenderer().render(figure, for: setting))
        #expect(document.texts.contains(figure.title) == (setting == .alone))
        let caption = document.elements.first { $0.name == "desc" }
        #expect(caption?.text == (setting == .alone && !figure.caption.isEmpty ? figure.caption : nil))
        #expect(caption?.attributes["id"] == root.attributes["aria-describedby"])
    }

    @Test("A narrow drawing has its panels below each other, all labelled, and no titles on its marks", arguments: 1...3)
    func narrow(index: Int) throws {
        let figure = DemoFigures.all[index]
        let document = try SVGDocument(SVGRenderer().render(figure, for: .narrowPage))
        #expect(document.elements[0].attributes["width"] == "360")
        #expect(!document.elements.contains { $0.name == "title" })
        #expect(document.texts.count { $0 == figure.panels[0].y.label } == (index == 2 ? 0 : figure.panels.count))
        let clips = document.elements.filter { $0.name == "rect" && $0.path.last?.contains("-clip") == true }
        #expect(clips.count == figure.panels.count)
        #expect(Set(clips.map { $0.attributes["x"] }).count == 1 && clips.allSatisfy { Double($0.attributes["width"] ?? "") ?? 0 > 200 })
    }

    @Test("Panels over one axis of y have one legend of all their marks, unless a name stands for two")
    func legendsSideBySide() throws {
        let x = [1.0, 2, 3]
        func marks(_ name: String, _ slot: Int) -> Layer { .scatter(Scatter(x: x, y: x, name: name, slot: slot)) }
        func drawn(_ first: [Layer], _ second: [Layer], sharesY: Bool = true) throws -> [String] {
            let panels = [first, second].map { Panel(x: Axis("x"), y: Axis("y"), layers: $0) }
            let figure = Figure(id: "legends", title: "", panels: panels, arrangement: .grid(columns: 2, sharesY: sharesY))
            return try SVGDocument(SVGRenderer().render(figure)).texts.filter { ["a", "b", "c"].contains($0) }
        }
        #expect(try drawn([marks("a", 0), marks("b", 1)], [marks("a", 0), marks("c", 2)]) == ["a", "b", "c"])
        #expect(try drawn([marks("a", 0), marks("b", 1)], [marks("a", 0), marks("c", 2)], sharesY: false) == ["a", "b", "a", "c"])
        #expect(try drawn([marks("a", 0)], [marks("a", 1)]) == ["a", "a"])
    }

    @Test("A title of several lines has lines of about one length, and never a single short word on the last")
    func evenTitles() throws {
        let title = "How far the predictions of twelve dictionaries end from networks of many widths, trained for long, and 2"
        let figure = Figure(id: "title", title: title, panels: [])
        let texts = try SVGDocument(SVGRenderer().render(figure)).texts.filter { title.contains($0) }
        try #require(texts.count == 2)
        #expect(texts.joined(separator: " ") == title)
        // A longest word of a line of its own at most.
        #expect(abs(texts[0].count - texts[1].count) <= 12, "\(texts)")
    }

    @Test("The scale of one coloured panel among others stands beside that panel, that of several beside all")
    func colourBars() throws {
        let values = [1.0, 2, 3]
        let coloured = Panel(
            x: Axis("x"), y: Axis("y"), layers: [.scatter(Scatter(x: values, y: values, colour: .init(values, label: "c")))])
        let plain = Panel(x: Axis("x"), y: Axis("y"), layers: [.scatter(Scatter(x: values, y: values))])
        func scales(_ panels: [Panel], _ setting: SVGRenderer.Setting) throws -> [String] {
            let figure = Figure(id: "bars", title: "", panels: panels, arrangement: .grid(columns: 2))
            return try SVGDocument(SVGRenderer().render(figure, for: setting)).elements.filter { $0.name == "linearGradient" }
                .compactMap { $0.attributes["id"] }
        }
        #expect(try scales([plain, coloured], .page) == ["bars-scale2"])
        #expect(try scales([coloured, coloured, plain], .page) == ["bars-scale"])
        #expect(try scales([plain, coloured], .narrowPage) == ["bars.narrow-scale2"])
        #expect(try scales([coloured, coloured], .narrowPage) == ["bars.narrow-scale"])
    }

    @Test("Text from a user is text in every place, never markup")
    func escaping() throws {
        let nasty = "<script>alert(1)</script>&\"'\u{7}\u{1B}[31m]]>"
        let values = [1.0, 2, 3]
        let layers: [Layer] = [
            .line(Line(x: values, y: values, name: nasty, marksPoints: true)),
            .scatter(Scatter(x: values, y: values, colour: .init(values, label: nasty), titles: [nasty], name: nasty)),
            .histogram(Histogram(values: values, name: nasty)), .band(Band(x: values, lower: values, upper: values, name: nasty)),
            .rule(Rule(.horizontal(y: 2), label: nasty)),
        ]
        let figure = Figure(
            id: "\"><script>", title: nasty, caption: nasty,
            panels: [
                Panel(title: nasty, x: Axis(nasty), y: Axis(nasty), layers: layers),
                Panel(title: nasty, x: Axis(nasty), y: Axis(nasty), layers: [layers[0]]),
            ])
        let svg = SVGRenderer().render(figure)
        let document = try SVGDocument(svg)
        #expect(!document.elements.contains { $0.name == "script" })
        #expect(!svg.contains("<script"))
        #expect(document.elements.first?.attributes["aria-label"]?.hasPrefix("<script>alert(1)</script>&\"'") == true)
        #expect(document.elements.first { $0.name == "desc" }?.text.contains("&\"'") == true)
        // Title, two panel titles, axes, legends, rule, colour bar: each was drawn, so each was escaped.
        #expect(document.texts.filter { $0.contains("<script>") }.count >= 8)
    }

    @Test("A scatter draws each point once, with its title")
    func pointCount() throws {
        let n = 137
        let x = (0..<n).map(Double.init)
        let titles = x.map { "network \(Int($0))" }
        let document = try SVGDocument(SVGRenderer().render(figure([.scatter(Scatter(x: x, y: x.map { $0 * $0 }, titles: titles))])))
        #expect(document.titles(panel: 1, layer: 1) == titles)
    }

    @Test("Beyond the threshold the cells' counts add up to the number of points", arguments: [2001, 5000])
    func density(count: Int) throws {
        var noise = DemoFigures.Noise()
        let x = (0..<count).map { _ in noise.normal() }
        let y = (0..<count).map { _ in noise.normal() }
        let layer = Layer.scatter(Scatter(x: x, y: y, colour: .init(x, label: "x")))
        let titles = try SVGDocument(SVGRenderer().render(figure([layer]))).titles(panel: 1, layer: 1)
        let counts = titles.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
        #expect(titles.count < count)
        #expect(titles.allSatisfy { $0.contains("median") })
        #expect(counts.count == titles.count)
        #expect(counts.reduce(0, +) == count)
        let marks = try SVGDocument(SVGRenderer(densityThreshold: count).render(figure([layer])))
        #expect(marks.titles(panel: 1, layer: 1).count == count)
    }

    @Test("What cannot be drawn is counted in a note")
    func notes() throws {
        let nan = Double.nan
        let logarithmic = figure(
            [
                .scatter(Scatter(x: [1, 10, 0, -3, 5], y: [1, 2, 3, 4, nan])),
                .line(Line(x: [1, 2, 3, 4], y: [1, .infinity, 2, 3])), .line(Line(x: [1, 2, 3], y: [1])),
            ], x: Axis("x", scale: .log10))
        let texts = try SVGDocument(SVGRenderer().render(logarithmic)).texts
        #expect(texts.contains("Not drawn: 2 non-finite values, 2 values ≤ 0 on a log axis, 2 values without a partner."))
        let outside = figure([.scatter(Scatter(x: [1, 2, 30], y: [1, 2, 3]))], x: Axis("x", range: 0...10))
        #expect(try SVGDocument(SVGRenderer().render(outside)).texts.contains("Not drawn: 1 value outside the axes."))
        let clean = figure([.scatter(Scatter(x: [1, 2], y: [1, 2]))])
        #expect(!SVGRenderer().render(clean).contains("Not drawn"))
    }

    static let empty: [[Layer]] = [
        [], [.line(Line(x: [], y: []))], [.scatter(Scatter(x: [.nan], y: [1]))], [.histogram(Histogram(values: []))],
        [.histogram(Histogram(values: [], edges: [0, 1, 2]))], [.band(Band(x: [1], lower: [.nan], upper: [2]))],
        [.rule(Rule(.horizontal(y: 1), label: "one"))],
    ]

    @Test("A figure without data says so", arguments: empty.indices)
    func noData(index: Int) throws {
        #expect(try SVGDocument(SVGRenderer().render(figure(Self.empty[index]))).texts.contains("no data"))
    }

    @Test("A figure without panels says so")
    func noPanels() throws {
        #expect(try SVGDocument(SVGRenderer().render(Figure(id: "none", title: "", panels: []))).texts.contains("no data"))
    }

    static let difficult: [[Double]] = [
        [1], [0, 0, 0], [1e16, 1e16], [-7, -7], [.leastNonzeroMagnitude, 9 * .leastNonzeroMagnitude], [-8e307, 8e307],
        [1, 1 + .ulpOfOne], [.leastNonzeroMagnitude, 8e307],
    ]

    @Test("One point, constant data and extreme data are drawn", arguments: difficult, [Axis.Scale.linear, .log10])
    func degenerate(values: [Double], scale: Axis.Scale) throws {
        let axis = Axis("x", scale: scale)
        let scatter = Scatter(x: values, y: values, colour: .init(values, label: "c"))
        let layers: [Layer] = [.scatter(scatter), .line(Line(x: values, y: values))]
        let svg = SVGRenderer().render(figure(layers, x: axis, y: axis))
        let document = try SVGDocument(svg)
        #expect(document.titles(panel: 1, layer: 1).count == (scale == .linear ? values : values.filter { $0 > 0 }).count)
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        let histogram = SVGRenderer().render(figure([.histogram(Histogram(values: values))], x: axis))
        #expect(!histogram.contains("nan") && !histogram.contains("inf"))
        _ = try SVGDocument(histogram)
    }

    @Test("Values too large to leave room for an axis are counted, not drawn in a wrong place")
    func enormous() throws {
        let values = [-Double.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude]
        let document = try SVGDocument(SVGRenderer().render(figure([.scatter(Scatter(x: values, y: values))])))
        #expect(document.titles(panel: 1, layer: 1).count == 1)
        #expect(document.texts.contains("Not drawn: 2 values outside the axes."))
    }

    @Test("Subscripts and superscripts become spans, and words with underscores stay words")
    func markup() throws {
        let svg = SVGRenderer().render(figure([], x: Axis("Θ_0 l(f_0) e^{-3Ht} a\\_b"), y: Axis("kernel_drift")))
        let document = try SVGDocument(svg)
        #expect(document.texts.contains("Θ0 l(f0) e−3Ht a_b"))
        #expect(document.texts.contains("kernel_drift"))
        #expect(document.elements.filter { $0.name == "tspan" && $0.attributes["font-size"] != nil }.map(\.text) == ["0", "0", "−3Ht"])
    }

    @Test("A long title is broken into lines that fit, and nothing of it is lost")
    func longTitle() throws {
        let title = (1...60).map { "word\($0)" }.joined(separator: " ") + " " + String(repeating: "x", count: 300)
        let figure = Figure(id: "long", title: title, panels: [Panel(x: Axis(title), y: Axis(title), layers: [])])
        let document = try SVGDocument(SVGRenderer().render(figure))
        let bold = document.elements.filter { $0.name == "text" && $0.attributes["font-weight"] != nil }
        #expect(bold.count > 3)
        #expect(bold.map(\.text).joined().filter { $0 != " " } == title.filter { $0 != " " })
    }

    @Test(
        "With equal units a step along x is as long as one along y, whichever has room, and nothing leaves the plot; logarithms have none",
        arguments: [SVGRenderer.Setting.alone, .narrowPage], [(8.0, 1.0), (1, 8), (1, 1)])
    func equalUnits(setting: SVGRenderer.Setting, size: (x: Double, y: Double)) throws {
        // The lower left corner, and from there the ends of both ranges.
        let corners = Line(x: [1, 1 + size.x, 1], y: [1, 1, 1 + size.y], name: "corners")
        func points(_ hasEqualUnits: Bool, _ scale: Axis.Scale = .linear) throws -> (path: [Double], plot: [Double]) {
            let panel = Panel(
                x: Axis("x", scale: scale), y: Axis("y"), layers: [.line(corners)], hasEqualUnits: hasEqualUnits)
            let document = try SVGDocument(
                SVGRenderer().render(Figure(id: "units", title: "", panels: [panel, panel], arrangement: .grid(columns: 2)), for: setting))
            let path = try #require(document.elements.first { $0.name == "path" && $0.path.last?.hasSuffix("panel1-layer1") == true })
            let clip = try #require(document.elements.first { $0.name == "rect" && $0.path.last?.contains("-clip") == true })
            let numbers = try #require(path.attributes["d"]).dropFirst().split(separator: " ").compactMap { Double($0) }
            return (numbers, ["x", "y", "width", "height"].compactMap { clip.attributes[$0].flatMap(Double.init) })
        }
        let (path, plot) = try points(true)
        try #require(path.count == 6 && plot.count == 4)
        // Numbers are hundredths of a pixel: a unit is off by 0.01 of its own size at the most, 0.09 on the longer side.
        let unitX = (path[2] - path[0]) / size.x, unitY = (path[1] - path[5]) / size.y
        #expect(abs(unitX - unitY) * max(size.x, size.y) < 0.1)
        for place in 0..<3 {
            #expect(path[2 * place] > plot[0] && path[2 * place] < plot[0] + plot[2])
            #expect(path[2 * place + 1] > plot[1] && path[2 * place + 1] < plot[1] + plot[3])
        }
        #expect(try points(true, .log10).path == points(false, .log10).path)
        #expect(try points(false).path != path)
    }
}
