import Arrays
import Foundation

/// A parameter column of a scan: which values it has, and how much of a measured column it explains.
struct ScanAxis: Sendable {
    /// Above this many distinct numbers an axis counts as continuous and is divided into `bins` of equally many rows.
    private static let mostLevels = 24
    private static let bins = 12

    let name: String
    let holdsWords: Bool
    /// The distinct values in ascending order, as a person reads them.
    let levels: [String]
    /// For each row of the table its level, or its bin where the axis is continuous; -1 for rows without a value.
    private let groups: [Int]

    init(_ column: TableColumn) {
        name = column.name
        holdsWords = column.holdsWords
        let rows = column.cells.indices.filter(column.hasValue)
        let found = column.levels(rows)
        levels = found.names
        var groups = Array(repeating: -1, count: column.cells.count)
        let isContinuous = !holdsWords && found.names.count > Self.mostLevels
        if isContinuous, let ranks = try? Statistics.ranks(rows.map(column.number)) {
            for (row, rank) in zip(rows, ranks) {
                groups[row] = min(Self.bins - 1, Int(Double(Self.bins) * (rank - 0.5) / Double(rows.count)))
            }
        } else {
            for (row, level) in zip(rows, found.of) { groups[row] = level }
        }
        self.groups = groups
    }

    /// Whether it varies, and a plot can show it: words must be few enough for colours.
    var canBeDrawn: Bool { levels.count > 1 && (!holdsWords || levels.count <= ColumnPlot.mostCategories) }

    /// All values where they are few, else the two ends.
    var range: String {
        levels.count <= 6 ? levels.joined(separator: ", ") : "\(levels[0]) to \(levels[levels.count - 1])"
    }

    /// The share of the variance of `ranks` that the axis explains, 0 to 1, corrected for what as many groups of a column without
    /// influence would explain by chance: ε² = 1 − (1 − η²)(n − 1)/(n − k), Kelley (1935).
    /// - Parameters:
    ///   - ranks: of the measured values.
    ///   - rows: the row of each.
    func share(of ranks: [Double], rows: [Int]) -> Double {
        let kept = rows.indices.filter { groups[rows[$0]] >= 0 }
        let labels = kept.map { groups[rows[$0]] }
        let count = Set(labels).count
        guard count > 1, kept.count > count, let share = try? Statistics.mainEffectShare(of: kept.map { ranks[$0] }, levels: labels)
        else { return 0 }
        return max(0, 1 - (1 - share) * Double(kept.count - 1) / Double(kept.count - count))
    }
}
