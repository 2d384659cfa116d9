import Figures
import Foundation

/// Where a panel's data stand, as points in pixels close enough together that a text which hides none hides no data.
enum PanelMarks {
    static func points(_ ranges: FigureRanges, _ place: FigureLayout.Place, _ index: Int) -> [Point] {
        var marks: [Point] = []
        for (layer, content) in ranges.panels[index].contents.enumerated() {
            switch content {
            case .line(_, let points):
                for piece in points.split(separator: nil) { marks += along(piece.compactMap { $0.map { pixel($0, place) } }) }
            case .scatter(_, let points):
                marks += points.map { pixel($0.point, place) }
            case .histogram:
                if let counts = ranges.counts[index][layer] { marks += along(outline(counts, ranges.panels[index].panel, place)) }
            case .band(_, let points):
                for point in points {
                    let x = place.x.pixel(point.x)
                    marks += along([Point(x: x, y: place.y.pixel(point.lower)), Point(x: x, y: place.y.pixel(point.upper))])
                }
            case .rule(let rule):
                if let ends = ends(rule, ranges.panels[index].panel, place) { marks += along([ends.0, ends.1]) }
            }
        }
        return marks.filter { place.plot.contains($0) }
    }

    static func pixel(_ point: Point, _ place: FigureLayout.Place) -> Point {
        Point(x: place.x.pixel(point.x), y: place.y.pixel(point.y))
    }

    /// Points every four pixels along a broken line.
    static func along(_ corners: [Point]) -> [Point] {
        guard var last = corners.first else { return [] }
        var result = [last]
        for corner in corners.dropFirst() {
            let length = hypot(corner.x - last.x, corner.y - last.y)
            let steps = Int(min(max(1, (length / 4).rounded(.up)), 4000))
            for step in 1...steps {
                let t = Double(step) / Double(steps)
                result.append(Point(x: last.x + t * (corner.x - last.x), y: last.y + t * (corner.y - last.y)))
            }
            last = corner
        }
        return result
    }

    /// The step outline of a histogram between its outermost bins that hold something, from the base line up and back to it.
    static func outline(_ histogram: HistogramCounts, _ panel: Panel, _ place: FigureLayout.Place) -> [Point] {
        guard let first = histogram.counts.firstIndex(where: { $0 > 0 }), let last = histogram.counts.lastIndex(where: { $0 > 0 })
        else { return [] }
        let base = place.y.start
        var corners = [Point(x: place.x.pixel(histogram.edges[first]), y: base)]
        for bin in first...last {
            let y = PanelData.transform(Double(histogram.counts[bin]), panel.y.scale).map { place.y.pixel($0) } ?? base
            corners.append(Point(x: place.x.pixel(histogram.edges[bin]), y: y))
            corners.append(Point(x: place.x.pixel(histogram.edges[bin + 1]), y: y))
        }
        corners.append(Point(x: place.x.pixel(histogram.edges[last + 1]), y: base))
        return corners
    }

    /// The ends of a reference line where it crosses the plot, from left to right or bottom to top; nil where it does not.
    static func ends(_ rule: Rule, _ panel: Panel, _ place: FigureLayout.Place) -> (Point, Point)? {
        let plot = place.plot
        switch rule.course {
        case .horizontal(let value):
            guard let y = PanelData.transform(value, panel.y.scale), place.y.contains(y) else { return nil }
            return (Point(x: plot.x, y: place.y.pixel(y)), Point(x: plot.right, y: place.y.pixel(y)))
        case .vertical(let value):
            guard let x = PanelData.transform(value, panel.x.scale), place.x.contains(x) else { return nil }
            return (Point(x: place.x.pixel(x), y: plot.bottom), Point(x: place.x.pixel(x), y: plot.y))
        case .diagonal(let x, let y, let slope):
            guard let x = PanelData.transform(x, panel.x.scale), let y = PanelData.transform(y, panel.y.scale), slope.isFinite
            else { return nil }
            var from = place.x.range.lowerBound
            var to = place.x.range.upperBound
            if slope != 0 {
                let crossings = [place.y.range.lowerBound, place.y.range.upperBound].map { x + ($0 - y) / slope }.sorted()
                from = max(from, crossings[0])
                to = min(to, crossings[1])
            } else if !place.y.contains(y) {
                return nil
            }
            guard from < to else { return nil }
            return (
                pixel(Point(x: from, y: y + slope * (from - x)), place), pixel(Point(x: to, y: y + slope * (to - x)), place)
            )
        }
    }
}
