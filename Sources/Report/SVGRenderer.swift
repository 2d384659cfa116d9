import Figures

/// Draws a figure as one self-contained SVG 1.1 document.
///
/// Axes and text take the colour of the page they stand in (`currentColor`); opened alone, the picture follows the reader's
/// light or dark setting. Every identifier begins with the figure's, so that several figures can share a page. Text that came
/// from the figure is escaped wherever it goes. The same figure gives the same document, byte for byte.
public struct SVGRenderer: Sendable {
    /// Where a drawing stands, which decides what it says by itself and how much room it has.
    public enum Setting: Sendable {
        /// In a file of its own, with its title above.
        case alone
        /// In a page that shows the title itself.
        case page
        /// In a page on a narrow screen: 360 pixels wide, panels below each other. Nothing hovers over a touch screen, so marks have no
        /// titles. Its identifiers have `.narrow` after the figure's, so that it can stand beside the wide drawing.
        case narrowPage

        var isNarrow: Bool { self == .narrowPage }
        var drawsTitle: Bool { self == .alone }
    }

    /// A scatter of more points than this is drawn as counts in cells. Default: 2,000.
    public var densityThreshold: Int

    public init(densityThreshold: Int = 2000) { self.densityThreshold = densityThreshold }

    /// The document. Any figure can be drawn: what cannot be shown is counted in a note below the panels.
    public func render(_ figure: Figure, for setting: Setting = .alone) -> String {
        let ranges = FigureRanges(figure)
        let bars = FigureColourBars(figure, ranges, setting)
        let figure = setting.isNarrow ? figure.inOneColumn : figure
        // Labels of reference lines that would hide something go to the legends, which then need other room.
        var listed: Set<String> = []
        var (legends, layout) = Self.arranged(figure, ranges, bars, setting, listing: listed)
        for _ in 0..<2 {
            let crossing = Self.crossingLabels(figure, ranges, legends, layout).subtracting(listed)
            if crossing.isEmpty { break }
            listed.formUnion(crossing)
            (legends, layout) = Self.arranged(figure, ranges, bars, setting, listing: listed)
        }
        var painter = Painter(
            figure: figure, ranges: ranges, legends: legends, bars: bars, layout: layout, densityThreshold: densityThreshold,
            setting: setting, listedRules: listed)
        return painter.paint()
    }

    /// Legends are first tried inside the plots; where one would hide data, the layout makes room above the plot.
    private static func arranged(
        _ figure: Figure, _ ranges: FigureRanges, _ bars: FigureColourBars, _ setting: Setting, listing rules: Set<String>
    ) -> (FigureLegends, FigureLayout) {
        let legends = FigureLegends(figure, listing: rules)
        let layout = FigureLayout(figure, ranges, legends, bars, setting: setting, legendsAbove: [])
        var above: Set<Int> = []
        for (index, legend) in legends.panels.enumerated() {
            guard let legend, !ranges.panels[index].isEmpty else { continue }
            let marks = PanelMarks.points(ranges, layout.places[index], index)
            if (legend.corner(in: layout.places[index].plot, avoiding: marks)?.hidden ?? 1) > 0 { above.insert(index) }
        }
        if above.isEmpty { return (legends, layout) }
        return (legends, FigureLayout(figure, ranges, legends, bars, setting: setting, legendsAbove: above))
    }

    /// Labels of reference lines that hide data or a legend wherever they stand along their line, in any panel.
    private static func crossingLabels(
        _ figure: Figure, _ ranges: FigureRanges, _ legends: FigureLegends, _ layout: FigureLayout
    ) -> Set<String> {
        var crossing: Set<String> = []
        for (index, panel) in figure.panels.enumerated() where !ranges.panels[index].isEmpty {
            let place = layout.places[index]
            var marks = PanelMarks.points(ranges, place, index)
            if let legend = legends.panels[index], place.legendTop == nil,
                let corner = legend.corner(in: place.plot, avoiding: marks)?.place
            {
                marks += corner.lattice(step: 4)
            }
            for case .rule(let rule) in panel.layers where !rule.label.isEmpty && PanelMarks.ends(rule, panel, place) != nil {
                guard let label = RuleLabel(rule, panel, place, avoiding: marks), label.hidden == 0, !label.isCut else {
                    crossing.insert(rule.label)
                    continue
                }
                marks += label.marks
            }
        }
        return crossing
    }

    /// The figure's `id` as it appears in the document and in file names: letters, digits, `-` and `_`, a letter first.
    public static func identifier(_ id: String) -> String {
        let safe = String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") ? $0 : "-" })
        return safe.first?.isLetter == true ? safe : "figure-" + safe
    }
}

extension Figure {
    /// The panels below each other, each with the height of its row. Side by side only the first of a row may have needed labels.
    fileprivate var inOneColumn: Figure {
        guard arrangement.columns > 1 else { return self }
        var result = self
        let heights = arrangement.heights
        result.arrangement = Arrangement(
            columns: 1, heights: panels.indices.map { $0 / arrangement.columns < heights.count ? heights[$0 / arrangement.columns] : 1 })
        return result
    }
}

/// One drawing in progress.
struct Painter {
    let figure: Figure
    let ranges: FigureRanges
    let legends: FigureLegends
    let bars: FigureColourBars
    let layout: FigureLayout
    let densityThreshold: Int
    let setting: SVGRenderer.Setting
    /// Labels of reference lines that the legends have.
    let listedRules: Set<String>
    var svg = SVGBuilder()

    var id: String { SVGRenderer.identifier(figure.id) + (setting.isNarrow ? ".narrow" : "") }

    mutating func paint() -> String {
        let width = SVGBuilder.number(layout.width)
        let height = SVGBuilder.number(layout.height)
        let title = RichText(figure.title).plain
        // A page has the caption beside the drawing; a file of its own must carry it.
        let caption = setting == .alone ? RichText(figure.caption).plain : ""
        svg.showsTitles = !setting.isNarrow
        svg.begin(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "version": "1.1", "id": id, "width": width, "height": height,
                "viewBox": "0 0 \(width) \(height)", "role": "img", "aria-label": title.isEmpty ? id : title,
                "aria-describedby": caption.isEmpty ? "" : "\(id)-caption", "font-family": Style.fontFamily, "fill": "currentColor",
            ])
        // Inside a page it would cover the page's own text on hovering.
        if !title.isEmpty, setting == .alone { svg.content("title", title) }
        if !caption.isEmpty { svg.content("desc", caption, attributes: ["id": "\(id)-caption"]) }
        // ":root" is the picture only where it stands alone; inside a page these rules touch nothing.
        svg.content(
            "style",
            "svg:root { color: #1b1e23; background: #ffffff } "
                + "@media (prefers-color-scheme: dark) { svg:root { color: #e4e6ea; background: #15171b } }")
        var baseline = layout.titleTop + Style.titleSize
        for line in layout.titleLines {
            svg.label(line, x: layout.margin, y: baseline, size: Style.titleSize, bold: true)
            baseline += Style.titleSize * Style.lineHeight
        }
        baseline -= Style.titleSize - Style.subtitleSize
        for line in layout.subtitleLines {
            svg.label(line, x: layout.margin, y: baseline, size: Style.subtitleSize, opacity: 0.8)
            baseline += Style.subtitleSize * Style.lineHeight
        }
        if let legend = legends.shared, let top = layout.sharedLegendTop {
            paintRows(legend, x: layout.margin, top: top, width: layout.width - 2 * layout.margin)
        }
        for index in figure.panels.indices { paintPanel(index) }
        if figure.panels.isEmpty { paintNoData(x: layout.width / 2, y: layout.height / 2) }
        if let bar = bars.shared, let place = layout.sharedColourBar { paintBar(bar, in: place, name: "\(id)-scale") }
        baseline = layout.noteTop + Style.noteSize
        for line in layout.noteLines {
            svg.label(line, x: layout.margin, y: baseline, size: Style.noteSize, opacity: 0.75)
            baseline += Style.noteSize * Style.lineHeight
        }
        svg.end()
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg.text
    }

    private mutating func paintPanel(_ index: Int) {
        let place = layout.places[index]
        let panel = figure.panels[index]
        svg.begin("g", ["id": "\(id)-panel\(index + 1)"])
        paintAxes(panel, place)
        guard !ranges.panels[index].isEmpty else {
            paintNoData(x: place.plot.x + place.plot.width / 2, y: place.plot.y + place.plot.height / 2)
            svg.end()
            return
        }
        svg.begin("clipPath", ["id": "\(id)-clip\(index + 1)"])
        svg.element("rect", rectangle(place.plot))
        svg.end()
        svg.begin("g", ["clip-path": "url(#\(id)-clip\(index + 1))"])
        for layer in panel.layers.indices { paintLayer(index, layer, place) }
        svg.end()
        var marks = PanelMarks.points(ranges, place, index)
        if let legend = legends.panels[index] {
            if let top = place.legendTop {
                paintRows(legend, x: place.plot.x, top: top, width: place.legendWidth)
            } else if let corner = legend.corner(in: place.plot, avoiding: marks)?.place {
                paintColumn(legend, corner)
                marks += corner.lattice(step: 4)
            }
        }
        paintRuleLabels(index, place, avoiding: marks)
        svg.end()
        if bars.shared == nil, let bar = bars.panels[index], let bounds = place.colourBar {
            paintBar(bar, in: bounds, name: "\(id)-scale\(index + 1)")
        }
    }

    private mutating func paintNoData(x: Double, y: Double) {
        svg.label(RichText("no data"), x: x, y: y, size: Style.labelSize, anchor: "middle", opacity: 0.65)
    }

    func rectangle(_ place: Rectangle) -> SVGBuilder.Attributes {
        [
            "x": SVGBuilder.number(place.x), "y": SVGBuilder.number(place.y), "width": SVGBuilder.number(place.width),
            "height": SVGBuilder.number(place.height),
        ]
    }
}
