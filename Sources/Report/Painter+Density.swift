import Figures
import Foundation

extension Painter {
    /// Whether a scatter of `count` visible points is drawn as counts in cells.
    ///
    /// Where one scatter of a figure must be, its neighbours of similar size are too, so that panels can be compared.
    func drawsCells(_ count: Int) -> Bool {
        count > densityThreshold || (largestScatter > densityThreshold && 4 * count > densityThreshold)
    }

    /// Counts in hexagonal cells: a hexagon in each, its area growing with the logarithm of the count up to the whole cell,
    /// its colour that of the median value. `fill` gives the colour of a value.
    mutating func paintCells(_ points: [(Point, Double?)], _ place: FigureLayout.Place, _ fill: (Double) -> String) {
        let pitch = 6.8
        let rowHeight = pitch * 0.75.squareRoot()
        struct Cell: Hashable {
            var column: Int
            var row: Int
        }
        func centre(_ cell: Cell) -> Point {
            Point(
                x: place.plot.x + (Double(cell.column) + (cell.row.isMultiple(of: 2) ? 0 : 0.5)) * pitch,
                y: place.plot.y + Double(cell.row) * rowHeight)
        }
        var cells: [Cell: (count: Int, values: [Double])] = [:]
        for (point, value) in points {
            let pixel = PanelMarks.pixel(point, place)
            let row = Int(((pixel.y - place.plot.y) / rowHeight).rounded(.down))
            // The nearest centre lies in the row above or the row below.
            let candidates = [row, row + 1].map { row in
                let offset = row.isMultiple(of: 2) ? 0 : 0.5
                return Cell(column: Int(((pixel.x - place.plot.x) / pitch - offset).rounded()), row: row)
            }
            let distances = candidates.map { hypot(centre($0).x - pixel.x, centre($0).y - pixel.y) }
            let cell = distances[0] <= distances[1] ? candidates[0] : candidates[1]
            cells[cell, default: (0, [])].count += 1
            if let value { cells[cell]?.values.append(value) }
        }
        let most = log1p(Double(cells.values.map(\.count).max() ?? 1))
        for (cell, content) in cells.sorted(by: { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }) {
            let median = Self.median(content.values)
            var text = content.count == 1 ? "1 point" : "\(content.count) points"
            if let median { text += ", median \(Self.short(median))" }
            let radius = pitch / 3.0.squareRoot() * max(0.5, (log1p(Double(content.count)) / most).squareRoot())
            let middle = centre(cell)
            let corners = (0..<6).map { corner in
                let angle = (Double(corner) + 0.5) * .pi / 3
                return Point(x: middle.x + radius * cos(angle), y: middle.y + radius * sin(angle))
            }
            svg.element("path", ["d": outline(corners) + "Z", "fill": fill(median ?? 0)], title: text)
        }
    }

    private var largestScatter: Int {
        ranges.panels.flatMap(\.contents).map { content in
            if case .scatter(_, let points) = content { points.count } else { 0 }
        }.max() ?? 0
    }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? 0.5 * sorted[middle - 1] + 0.5 * sorted[middle] : sorted[middle]
    }
}
