import Figures
import Foundation

extension Painter {
    /// A legend as one column inside a plot.
    mutating func paintColumn(_ legend: Legend, _ place: Rectangle) {
        for (index, entry) in legend.entries.enumerated() {
            paint(entry, x: place.x, middle: place.y + (Double(index) + 0.5) * Style.legendRow)
        }
    }

    /// A legend as rows above a plot.
    mutating func paintRows(_ legend: Legend, x: Double, top: Double, width: Double) {
        for (row, entries) in legend.rows(width: width).enumerated() {
            var left = x
            for entry in entries {
                paint(entry, x: left, middle: top + (Double(row) + 0.5) * Style.legendRow)
                left += entry.width + 20
            }
        }
    }

    private mutating func paint(_ entry: Legend.Entry, x: Double, middle: Double) {
        let n = SVGBuilder.number
        switch entry.mark {
        case .line(let style, let slot, let marked):
            svg.element(
                "path",
                [
                    "d": path(y: middle, from: x, to: x + Style.swatch), "stroke": Palette.colour(slot), "stroke-width": "2.2",
                    "stroke-linecap": style == .dotted ? "round" : "butt", "stroke-dasharray": Palette.dashes(style) ?? "",
                ])
            if marked { paintMark(Point(x: x + Style.swatch / 2, y: middle), slot: slot, radius: 3.4) }
        case .point(let slot):
            paintMark(
                Point(x: x + Style.swatch / 2, y: middle), slot: max(0, slot), radius: 3.6,
                fill: slot < 0 ? ColourScale.colour(0.5) : nil)
        case .outline(let style, let slot):
            svg.element(
                "rect",
                [
                    "x": n(x + 1), "y": n(middle - 5), "width": n(Style.swatch - 2), "height": "10", "fill": Palette.colour(slot),
                    "fill-opacity": "0.12", "stroke": Palette.colour(slot), "stroke-width": "1.9",
                    "stroke-dasharray": Palette.dashes(style) ?? "",
                ])
        case .band(let slot):
            svg.element(
                "rect",
                [
                    "x": n(x), "y": n(middle - 5), "width": n(Style.swatch), "height": "10", "fill": Palette.colour(slot),
                    "fill-opacity": "0.22",
                ])
        }
        svg.label(entry.name, x: x + Style.swatch + 7, y: middle + 0.35 * Style.legendSize, size: Style.legendSize)
    }

    /// Writes each rule's label along the rule, where it hides the least.
    mutating func paintRuleLabels(_ index: Int, _ place: FigureLayout.Place, avoiding marks: [Point]) {
        var marks = marks
        for case .rule(let rule) in figure.panels[index].layers {
            guard let (from, to) = PanelMarks.ends(rule, figure.panels[index], place) else { continue }
            let length = hypot(to.x - from.x, to.y - from.y)
            let size = Style.legendSize
            let label = RichText(rule.label).truncated(to: 0.9 * length, size: size)
            guard !label.isEmpty, length > 3 * size else { continue }
            let direction = Point(x: (to.x - from.x) / length, y: (to.y - from.y) / length)
            let normal = Point(x: direction.y, y: -direction.x)
            let half = label.width(size: size) / 2
            var best: (centre: Point, cost: Double)?
            for fraction in [0.96, 0.04, 0.8, 0.2, 0.65, 0.35, 0.5] {
                for side in [1.0, -1.0] {
                    let t = min(max(fraction * length, half + 6), length - half - 6)
                    let away = side * (0.62 * size + 2)
                    let centre = Point(
                        x: from.x + t * direction.x + away * normal.x, y: from.y + t * direction.y + away * normal.y)
                    let corners = [(half, 1.0), (half, -1.0), (-half, 1.0), (-half, -1.0)].map { along, across in
                        Point(
                            x: centre.x + along * direction.x + across * 0.6 * size * normal.x,
                            y: centre.y + along * direction.y + across * 0.6 * size * normal.y)
                    }
                    guard corners.allSatisfy({ place.plot.contains($0) }) else { continue }
                    let hidden = marks.count { mark in
                        let u = (mark.x - centre.x) * direction.x + (mark.y - centre.y) * direction.y
                        let v = (mark.x - centre.x) * normal.x + (mark.y - centre.y) * normal.y
                        return abs(u) < half + 4 && abs(v) < 0.6 * size
                    }
                    if Double(hidden) < best?.cost ?? .infinity { best = (centre, Double(hidden)) }
                }
            }
            guard let centre = best?.centre else { continue }
            let angle = atan2(direction.y, direction.x) * 180 / .pi
            // The baseline lies 0.35 em below the middle of the text, measured across the text's own direction.
            svg.label(
                label, x: centre.x - 0.35 * size * normal.x, y: centre.y - 0.35 * size * normal.y, size: size, anchor: "middle",
                opacity: 0.85, angle: angle)
            for step in stride(from: -half, through: half, by: 4) {
                marks.append(Point(x: centre.x + step * direction.x, y: centre.y + step * direction.y))
            }
        }
    }
}
