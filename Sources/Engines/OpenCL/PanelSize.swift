import Arrays
import Compute

/// How points and rows lie in panels: `width` of them side by side, unit by unit (`forward.cl`).
struct PanelSize: Sendable {
    /// Lanes of a panel, the components of a vector.
    let width: Int
    let points: Int
    /// N · C.
    let rows: Int

    init(points: Int, rows: Int, tuning: Tuning, elementBytes: Int) {
        width = tuning.vectorWidth(length: rows, elementBytes: elementBytes)
        self.points = points
        self.rows = rows
    }

    var pointPanels: Int { points.plus(width - 1) / width }
    var rowPanels: Int { rows.plus(width - 1) / width }
    /// Lanes of all panels.
    var pointLanes: Int { pointPanels * width }
    var rowLanes: Int { rowPanels * width }

    /// The rows of a matrix of points as panels, lanes without a point zero.
    func panels(_ values: [Double], columns: Int) -> [Double] {
        var result = [Double](repeating: 0, count: pointLanes * columns)
        for row in 0..<values.count / columns {
            let start = row / width * width * columns + row % width
            for column in 0..<columns { result[start + column * width] = values[row * columns + column] }
        }
        return result
    }

    /// The points of a matrix in panels, row by row.
    func rows(_ panels: ArraySlice<Double>, columns: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(points * columns)
        for row in 0..<points {
            let start = panels.startIndex + row / width * width * columns + row % width
            for column in 0..<columns { result.append(panels[start + column * width]) }
        }
        return result
    }
}
