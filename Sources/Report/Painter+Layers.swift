import Figures
import Foundation

extension Painter {
    mutating func paintLayer(_ index: Int, _ layer: Int, _ place: FigureLayout.Place) {
        svg.begin("g", ["id": "\(id)-panel\(index + 1)-layer\(layer + 1)"])
        switch ranges.panels[index].contents[layer] {
        case .line(let line, let points): paintLine(line, points, figure.panels[index], place)
        case .scatter(let scatter, let points): paintScatter(scatter, points, figure.panels[index], place)
        case .histogram(let histogram, _):
            if let counts = ranges.counts[index][layer] { paintHistogram(histogram, counts, figure.panels[index], place) }
        case .band(let band, let points): paintBand(band, points, place)
        case .rule(let rule):
            if let (from, to) = PanelMarks.ends(rule, figure.panels[index], place) { paintRule(from, to) }
        }
        svg.end()
    }

    /// A reference line.
    mutating func paintRule(_ from: Point, _ to: Point) {
        svg.element(
            "path",
            [
                "d": outline([from, to]), "stroke": "currentColor", "stroke-opacity": "0.6", "stroke-width": "1.2",
                "stroke-dasharray": "2.5 3", "fill": "none",
            ])
    }

    private mutating func paintLine(_ line: Line, _ points: [Point?], _ panel: Panel, _ place: FigureLayout.Place) {
        let colour = Palette.colour(line.colour)
        var course = ""
        for piece in points.split(separator: nil) {
            let pixels = piece.compactMap { $0.map { PanelMarks.pixel($0, place) } }
            if pixels.count > 1 { course += outline(thinned(pixels)) }
            if pixels.count == 1 || line.marksPoints {
                for (pixel, point) in zip(pixels, piece) {
                    guard let point else { continue }
                    paintMark(pixel, slot: line.colour, radius: 3.4, title: title(point, line.name, panel))
                }
            }
        }
        guard !course.isEmpty else { return }
        svg.element(
            "path",
            [
                "d": course, "stroke": colour, "stroke-width": "2.2", "stroke-linejoin": "round",
                "stroke-linecap": Palette.style(line.style, slot: line.colour) == .dotted ? "round" : "butt",
                "stroke-dasharray": Palette.dashes(Palette.style(line.style, slot: line.colour)) ?? "", "fill": "none",
            ], title: line.name.isEmpty ? nil : RichText(line.name).plain)
    }

    /// The first, lowest, highest and last of the points in each pixel column: the same picture from fewer numbers.
    private func thinned(_ pixels: [Point]) -> [Point] {
        guard pixels.count > 2000 else { return pixels }
        var result: [Point] = []
        var start = 0
        while start < pixels.count {
            var end = start
            var low = start
            var high = start
            while end < pixels.count, pixels[end].x.rounded() == pixels[start].x.rounded() {
                if pixels[end].y < pixels[low].y { low = end }
                if pixels[end].y > pixels[high].y { high = end }
                end += 1
            }
            result += Set([start, low, high, end - 1]).sorted().map { pixels[$0] }
            start = end
        }
        return result
    }

    private mutating func paintScatter(
        _ scatter: Scatter, _ points: [(point: Point, index: Int)], _ panel: Panel, _ place: FigureLayout.Place
    ) {
        let visible = points.filter { place.x.contains($0.point.x) && place.y.contains($0.point.y) }
        let scale = scatter.colour.flatMap { ranges.colours[$0.label] }
        func fill(_ value: Double) -> String {
            guard let scale else { return Palette.colour(scatter.slot) }
            return ColourScale.colour((value - scale.lowerBound) / (scale.upperBound - scale.lowerBound))
        }
        if drawsCells(visible.count) {
            return paintCells(visible.map { ($0.point, scatter.colour?.values[$0.index]) }, place, fill)
        }
        let radius = visible.count > 800 ? 2.3 : visible.count > 150 ? 2.8 : 3.6
        for (point, index) in visible {
            let value = scatter.colour?.values[index]
            var text = index < scatter.titles.count ? scatter.titles[index] : title(point, scatter.name, panel)
            if index >= scatter.titles.count, let value, let label = scatter.colour?.label {
                text += ", \(RichText(label).plain) \(Self.short(value))"
            }
            let pixel = PanelMarks.pixel(point, place)
            if let value {
                paintMark(pixel, slot: 0, radius: radius, fill: fill(value), isHollow: scatter.isHollow, title: text)
            } else {
                paintMark(pixel, slot: scatter.slot, radius: radius, isHollow: scatter.isHollow, title: text)
            }
        }
    }

    private mutating func paintHistogram(
        _ histogram: Histogram, _ counts: HistogramCounts, _ panel: Panel, _ place: FigureLayout.Place
    ) {
        let colour = Palette.colour(histogram.colour)
        let corners = PanelMarks.outline(counts, panel, place)
        guard !corners.isEmpty else { return }
        svg.element("path", ["d": outline(corners) + "Z", "fill": colour, "fill-opacity": "0.12", "stroke": "none"])
        svg.element(
            "path",
            [
                "d": outline(corners), "stroke": colour, "stroke-width": "1.9", "stroke-linejoin": "miter",
                "stroke-dasharray": Palette.dashes(Palette.style(histogram.style, slot: histogram.colour)) ?? "", "fill": "none",
            ], title: histogram.name.isEmpty ? nil : RichText(histogram.name).plain)
    }

    private mutating func paintBand(_ band: Band, _ points: [(x: Double, lower: Double, upper: Double)], _ place: FigureLayout.Place) {
        guard !points.isEmpty else { return }
        let around = points.map { Point(x: $0.x, y: $0.upper) } + points.reversed().map { Point(x: $0.x, y: $0.lower) }
        svg.element(
            "path",
            [
                "d": outline(around.map { PanelMarks.pixel($0, place) }) + "Z", "fill": Palette.colour(band.colour), "fill-opacity": "0.22",
                "stroke": "none",
            ], title: band.name.isEmpty ? nil : RichText(band.name).plain)
    }

    /// A mark whose shape as well as colour tells the slot.
    mutating func paintMark(
        _ at: Point, slot: ColourSlot, radius: Double, fill: String? = nil, isHollow: Bool = false, title: String? = nil
    ) {
        let colour = fill ?? Palette.colour(slot)
        let n = SVGBuilder.number
        // An outline lies around a mark of the same place.
        let r = isHollow ? 1.35 * radius : radius
        let paint: (fill: String, opacity: String, stroke: String, width: String) =
            isHollow ? ("none", "", colour, "1.6") : (colour, "0.9", "", "")
        if slot % 4 == 0 {
            return svg.element(
                "circle",
                [
                    "cx": n(at.x), "cy": n(at.y), "r": n(r), "fill": paint.fill, "fill-opacity": paint.opacity, "stroke": paint.stroke,
                    "stroke-width": paint.width,
                ], title: title)
        }
        let side = 0.9 * r
        let shape =
            switch abs(slot % 4) {
            case 1: "M\(n(at.x - side)) \(n(at.y - side))h\(n(2 * side))v\(n(2 * side))h\(n(-2 * side))Z"
            case 2: "M\(n(at.x)) \(n(at.y - 1.2 * r))l\(n(1.15 * r)) \(n(2 * r))h\(n(-2.3 * r))Z"
            default: outline([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)].map { Point(x: at.x + r * $0, y: at.y + r * $1) }) + "Z"
            }
        svg.element(
            "path",
            [
                "d": shape, "fill": paint.fill, "fill-opacity": paint.opacity, "stroke": paint.stroke, "stroke-width": paint.width,
            ], title: title)
    }

    func outline(_ points: [Point]) -> String {
        var text = "M"
        for point in points { text += "\(SVGBuilder.number(point.x)) \(SVGBuilder.number(point.y)) " }
        return String(text.dropLast())
    }

    /// What a point says when hovered over: its name and its coordinates in units of the axes.
    private func title(_ point: Point, _ name: String, _ panel: Panel) -> String {
        let x = panel.x.scale == .log10 ? pow(10, point.x) : point.x
        let y = panel.y.scale == .log10 ? pow(10, point.y) : point.y
        return (name.isEmpty ? "" : RichText(name).plain + ": ") + "(\(Self.short(x)), \(Self.short(y)))"
    }

    static func short(_ value: Double) -> String { String(format: "%.4g", value).replacingOccurrences(of: "-", with: "−") }
}
