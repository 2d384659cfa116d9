import Figures
import Foundation

/// Where the label of a reference line stands along the line, and what it hides there.
struct RuleLabel {
    let text: RichText
    let centre: Point
    let direction: Point
    /// How many of the marks it hides.
    let hidden: Int
    /// Whether there was no room for the whole text.
    let isCut: Bool

    /// The place that hides the fewest of `marks`; nil where the line does not cross the plot, says nothing or is too short.
    init?(_ rule: Rule, _ panel: Panel, _ place: FigureLayout.Place, avoiding marks: [Point]) {
        guard let (from, to) = PanelMarks.ends(rule, panel, place) else { return nil }
        let length = hypot(to.x - from.x, to.y - from.y), size = Style.legendSize
        let whole = RichText(rule.label)
        text = whole.truncated(to: 0.9 * length, size: size)
        isCut = text != whole
        guard !text.isEmpty, length > 3 * size else { return nil }
        let direction = Point(x: (to.x - from.x) / length, y: (to.y - from.y) / length)
        self.direction = direction
        let normal = Point(x: direction.y, y: -direction.x), half = text.width(size: size) / 2
        let near = marks.filter { mark in
            let across = (mark.x - from.x) * normal.x + (mark.y - from.y) * normal.y
            return abs(across) < 3 * size
        }
        var best: (centre: Point, hidden: Int)?
        // The ends first, where labels are looked for.
        for fraction in [0.96, 0.04] + stride(from: 0.9, through: 0.1, by: -0.04) {
            for side in [1.0, -1.0] {
                let t = min(max(fraction * length, half + 6), length - half - 6)
                let away = side * (0.62 * size + 2)
                let centre = Point(x: from.x + t * direction.x + away * normal.x, y: from.y + t * direction.y + away * normal.y)
                let corners = [(half, 1.0), (half, -1.0), (-half, 1.0), (-half, -1.0)].map { along, across in
                    Point(
                        x: centre.x + along * direction.x + across * 0.6 * size * normal.x,
                        y: centre.y + along * direction.y + across * 0.6 * size * normal.y)
                }
                guard corners.allSatisfy({ place.plot.contains($0) }) else { continue }
                let hidden = near.count { mark in
                    let u = (mark.x - centre.x) * direction.x + (mark.y - centre.y) * direction.y
                    let v = (mark.x - centre.x) * normal.x + (mark.y - centre.y) * normal.y
                    // The line itself is among the marks, 0.62 em and two pixels away.
                    return abs(u) < half + 4 && abs(v) < 0.6 * size + 1.5
                }
                if hidden < best?.hidden ?? .max { best = (centre, hidden) }
            }
        }
        guard let best else { return nil }
        (centre, hidden) = best
    }

    var normal: Point { Point(x: direction.y, y: -direction.x) }

    /// Degrees, clockwise.
    var angle: Double { atan2(direction.y, direction.x) * 180 / .pi }

    /// Points along the text, for what else must not hide it.
    var marks: [Point] {
        let half = text.width(size: Style.legendSize) / 2
        return stride(from: -half, through: half, by: 4).map { Point(x: centre.x + $0 * direction.x, y: centre.y + $0 * direction.y) }
    }
}
