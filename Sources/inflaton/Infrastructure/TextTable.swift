/// Rows of cells in aligned columns, the first of them to the left and the others to the right.
enum TextTable {
    /// The lines; the first row is the header.
    /// - Parameter leftColumns: how many columns stand to the left. Default: 1.
    static func text(_ rows: [[String]], leftColumns: Int = 1) -> String {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { index, cell in
                let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
                return index < leftColumns ? cell.0 + blanks : blanks + cell.0
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
