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
        case .point(let slot, let isHollow):
            paintMark(
                Point(x: x + Style.swatch / 2, y: middle), slot: max(0, slot), radius: 3.6,
                fill: slot < 0 ? ColourScale.colour(0.5) : nil, isHollow: isHollow)
        case .rule: paintRule(Point(x: x, y: middle), Point(x: x + Style.swatch, y: middle))
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

    /// Writes each rule's label along the rule, unless the legend has it.
    mutating func paintRuleLabels(_ index: Int, _ place: FigureLayout.Place, avoiding marks: [Point]) {
        var marks = marks
        for case .rule(let rule) in figure.panels[index].layers where !listedRules.contains(rule.label) {
            guard let label = RuleLabel(rule, figure.panels[index], place, avoiding: marks) else { continue }
            let size = Style.legendSize
            // The baseline lies 0.35 em below the middle of the text, measured across the text's own direction.
            svg.label(
                label.text, x: label.centre.x - 0.35 * size * label.normal.x, y: label.centre.y - 0.35 * size * label.normal.y, size: size,
                anchor: "middle", opacity: 0.85, angle: label.angle)
            marks += label.marks
        }
    }
}
