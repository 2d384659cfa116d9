import Arrays
import Runs

extension StoreReader {
    /// Columns by their names, and columns that expressions make of them, such as `log10(width)`; each is named by its text.
    ///
    /// - Parameters:
    ///   - texts: names of columns, or expressions over columns of numbers.
    ///   - condition: as in ``table(_:where:)``.
    /// - Throws: `StoreError`; `QuantityError.unknown` for a name that is no column; `ExpressionError`.
    public func table(deriving texts: [String], where condition: Runs.Expression? = nil) throws -> CSVTable {
        var seen: Set<String> = []
        let texts = texts.filter { seen.insert($0).inserted }, known = Set(try columns.map(\.name) + ["run", "digest", "status"])
        // A text that is one name is meant as a column, also where there is none of that name.
        let expressions = try texts.map { known.contains($0) ? nil : try Runs.Expression($0) }
        if let lone = zip(texts, expressions).first(where: { $1?.variables == [$0] }) { _ = try table([lone.0], where: condition) }
        let needed = Set(zip(texts, expressions).flatMap { $1?.variables ?? [$0] }).sorted()
        guard !needed.isEmpty else { throw QuantityError.unknown(name: texts.first ?? "", nearest: nil) }
        let source = try table(needed, where: condition)
        let values = try zip(texts, expressions).map { text, expression -> [CSVTable.Cell] in
            guard let expression else { return source[column: text] ?? [] }
            let operands = try expression.variables.map { name in
                guard let numbers = source.numbers(name) else { throw QuantityError.unknown(name: name, nearest: nil) }
                return numbers
            }
            return source.rows.indices.map { row in .number(expression.valueByIndex { operands[$0][row] }) }
        }
        return try CSVTable(columns: texts, rows: source.rows.indices.map { row in values.map { $0[row] } })
    }
}
