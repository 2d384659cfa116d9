import Arrays

extension CSVTable {
    /// The values of one column.
    public enum Column: Sendable, Hashable {
        /// Numbers, non-finite ones included.
        case numbers([Double])
        /// Whole numbers.
        case integers([Int])
        /// Words.
        case words([String])

        var cells: [Cell] {
            switch self {
            case .numbers(let values): values.map { .number($0) }
            case .integers(let values): values.map { .integer($0) }
            case .words(let values): values.map { .text($0) }
            }
        }
    }

    /// A table from whole columns, from left to right, as a figure's data usually are; shorter columns end in empty cells.
    /// - Throws: `CSVError.badColumns` if there are no columns or two share a name.
    public init(byColumn columns: [(name: String, values: Column)]) throws {
        let cells = columns.map(\.values.cells)
        let rows = (0..<(cells.map(\.count).max() ?? 0)).map { row in
            cells.map { row < $0.count ? $0[row] : .empty }
        }
        try self.init(columns: columns.map(\.name), rows: rows)
    }
}
