import Arrays

/// A measured column of a scan: its values, and which axes they depend on.
struct ScanResult: Sendable {
    let name: String
    /// The finite values, in the order of the rows.
    let values: [Double]
    /// Whether there are two different values.
    let varies: Bool
    /// The axes that vary and can be drawn, the one that explains most of the column first, with the share that each explains.
    let dependences: [(axis: ScanAxis, share: Double)]

    init(_ column: TableColumn, _ axes: [ScanAxis]) {
        name = column.name
        let rows = column.cells.indices.filter(column.hasValue)
        let values = rows.map(column.number)
        self.values = values
        varies = values.contains { $0 != values[0] }
        guard let ranks = try? Statistics.ranks(values) else {
            dependences = []
            return
        }
        let shares = axes.filter(\.canBeDrawn).map { axis in (axis: axis, share: axis.share(of: ranks, rows: rows)) }
        // Equal shares keep the order in which the columns were given.
        dependences = shares.enumerated().sorted { ($1.element.share, $0.offset) < ($0.element.share, $1.offset) }.map(\.element)
    }

    /// Logarithmic where the positive values span two decades, for errors: a few that are zero must not hide the rest.
    var errorScale: Axis.Scale { ColumnDrawing.scale(values.filter { $0 > 0 }) }
}
