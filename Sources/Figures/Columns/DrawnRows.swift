import Arrays

/// How many rows of a table a plot shows, and why it does not show the others.
public struct DrawnRows: Sendable, Equatable, Encodable {
    /// Rows that are not shown, for one reason.
    public struct LeftOut: Sendable, Equatable, Encodable {
        public let rows: Int
        /// Why: "without error", "with error ≤ 0, which a logarithmic axis cannot show".
        public let reason: String
    }

    public let rows: Int
    /// Those that are shown.
    public let drawn: Int
    /// The others, each counted once.
    public let leftOut: [LeftOut]

    /// What a person reads of it, where rows are called `name`, such as "runs": "18 of 48 runs; not drawn: 30 without divergedAt".
    public func text(_ name: String) -> String {
        guard !leftOut.isEmpty else { return "\(rows) \(name)" }
        return "\(drawn) of \(rows) \(name); not drawn: " + leftOut.map { "\($0.rows) \($0.reason)" }.joined(separator: ", ")
    }
}

extension ColumnPlot {
    /// What a plot of a table shows.
    /// - Throws: `ColumnPlotError`.
    public func drawnRows(of table: CSVTable) throws(ColumnPlotError) -> DrawnRows {
        let drawing = try ColumnDrawing(self, table)
        return DrawnRows(
            rows: drawing.rowCount, drawn: drawing.rows.count,
            leftOut: drawing.leftOut.map { .init(rows: $0.count, reason: Self.unescaped($0.reason)) })
    }

    /// Whether the rows are replicas: whether most points of the plot are three or more rows that differ in the column `name`, such as the
    /// seed. Then medians and quartiles say more than points. No where the table has no such column.
    /// - Throws: `ColumnPlotError`.
    public func hasReplicas(by name: String, in table: CSVTable) throws(ColumnPlotError) -> Bool {
        guard table[column: name] != nil else { return false }
        return try ColumnDrawing(self, table).repeats(TableColumn(name, of: table))
    }

    /// The text without the escapes of ``literal(_:)``.
    private static func unescaped(_ text: String) -> String {
        var result = "", isEscaped = false
        for character in text {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}
