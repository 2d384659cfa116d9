import Arrays
import Expressions
import Runs

extension StoreReader {
    /// The columns that describe runs or were measured of them, as far as this store has them.
    /// - Throws: `StoreError`.
    public var columns: [StoreColumn] {
        get throws {
            let present = try read { Set(try StoreSchema.columns(of: "runs", $0).map(\.name)) }
            return StoreColumn.all.filter { present.contains($0.name) }
        }
    }

    /// Columns of the runs that a condition holds for, in the order in which they were stored; a value that does not exist is empty.
    ///
    /// - Parameters:
    ///   - names: of columns. Default: run, digest, status, and all ``columns``.
    ///   - condition: an expression over columns of numbers that is true where it is neither 0 nor NaN. Default: all runs.
    /// - Throws: `StoreError`, `QuantityError.unknown` for a name that is no column.
    public func table(_ names: [String]? = nil, where condition: Expressions.Expression? = nil) throws -> CSVTable {
        let columns = try columns, own = ["run", "digest", "status"], known = own + columns.map(\.name)
        let chosen = names ?? known, needed = condition?.variables ?? []
        try Self.check(chosen.map(Quantity.canonical), known: known)
        let words = Set(columns.filter { $0.kind == .text }.map(\.name) + ["digest", "status"])
        if let word = needed.first(where: words.contains) { throw QuantityError.word(name: word) }
        try Self.check(needed.map(Quantity.canonical), known: ["run"] + columns.map(\.name))
        let selected = (chosen + needed).map { $0 == "digest" ? "lower(hex(digest))" : StoreColumn.quoted(Quantity.canonical($0)) }
        return try read { database in
            try checkSound(database)
            var table = try CSVTable(columns: chosen)
            // The number of the run stands first, to name the row.
            let rows = try StoreRows(
                database, "SELECT \((["run"] + selected).joined(separator: ", ")) FROM runs ORDER BY run", table: "runs")
            while try rows.next() {
                let operands = try needed.indices.map { try rows.optionalReal(1 + chosen.count + $0) ?? .nan }
                let holds = condition.map { condition in
                    let value = condition.valueByIndex { operands[$0] }
                    return value != 0 && !value.isNaN
                }
                if holds ?? true { try table.append(chosen.indices.map { try rows.cell(1 + $0) }) }
            }
            return table
        }
    }

    private static func check(_ names: [String], known: [String]) throws(QuantityError) {
        if let name = names.first(where: { !known.contains($0) }) {
            throw .unknown(name: name, nearest: NearestName.find(name, among: known))
        }
    }

    /// The outputs and losses of one run at every step that is stored: columns step, loss, and output for one field, `output.POINT.NUMBER`
    /// for several.
    /// - Parameter number: as the column `run` has it.
    /// - Throws: `StoreError`.
    public func trajectory(ofRun number: Int) throws -> CSVTable {
        try read { database in
            let lossRows = try StoreRows(database, "SELECT run, step, loss FROM losses WHERE run = ?", table: "losses", keys: 2)
            lossRows.start(number)
            var losses: [Int: CSVTable.Cell] = [:]
            while try lossRows.next() { losses[try lossRows.integer(1)] = try lossRows.cell(2) }
            let rows = try StoreRows(
                database, "SELECT run, step, point, output, value FROM states WHERE run = ? ORDER BY step, point, output", table: "states",
                keys: 4)
            rows.start(number)
            var steps: [Int] = [], outputs: [[CSVTable.Cell]] = [], names: [String] = []
            while try rows.next() {
                let step = try rows.integer(1)
                if steps.last != step {
                    steps.append(step)
                    outputs.append([])
                }
                if steps.count == 1 { names.append("output.\(try rows.integer(2)).\(try rows.integer(3))") }
                outputs[outputs.count - 1].append(.number(try rows.optionalReal(4) ?? .nan))
            }
            if let short = zip(steps, outputs).first(where: { $1.count != names.count }) {
                throw StoreDamage(
                    place: "run \(number)",
                    reason: "the table states has \(short.1.count) rows of step \(short.0), and \(names.count) of the first")
            }
            return try CSVTable(
                columns: ["step", "loss"] + (names.count == 1 ? ["output"] : names),
                rows: zip(steps, outputs).map { step, outputs in [.integer(step), losses[step] ?? .empty] + outputs })
        }
    }
}

extension StoreRows {
    fileprivate func cell(_ index: Int) throws -> CSVTable.Cell {
        switch self[index] {
        case .null: .empty
        case .integer(let number): .integer(number)
        case .real(let number): .number(number)
        case .text: .text(try text(index))
        case .blob: throw damage("column \(index) is a BLOB, but must be a text or a number")
        }
    }
}

extension StoreReader {
    /// Columns by their names, and columns that expressions make of them, such as `log10(width)`; each is named by its text.
    ///
    /// - Parameters:
    ///   - texts: names of columns, or expressions over columns of numbers.
    ///   - condition: as in ``table(_:where:)``.
    /// - Throws: `StoreError`; `QuantityError.unknown` for a name that is no column; `ExpressionError`.
    public func table(deriving texts: [String], where condition: Expressions.Expression? = nil) throws -> CSVTable {
        var seen: Set<String> = []
        let texts = texts.filter { seen.insert($0).inserted }, known = Set(try columns.map(\.name) + ["run", "digest", "status"])
        // A text that is one name is meant as a column, also where there is none of that name.
        let expressions = try texts.map { known.contains(Quantity.canonical($0)) ? nil : try Expressions.Expression($0) }
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
