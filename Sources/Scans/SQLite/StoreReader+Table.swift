import Arrays
import GRDB

extension StoreReader {
    /// The columns that describe runs or were measured of them, as far as this store has them.
    /// - Throws: `StoreError`.
    public var columns: [StoreColumn] {
        get throws {
            let present = try read { Set(try $0.columns(in: "runs").map(\.name)) }
            return StoreColumn.all.filter { present.contains($0.name) }
        }
    }

    /// Columns of the runs that a condition holds for, in the order in which they were stored; a value that does not exist is empty.
    ///
    /// - Parameters:
    ///   - names: of columns. Default: run, digest, status, and all ``columns``.
    ///   - condition: an expression over columns of numbers that is true where it is neither 0 nor NaN. Default: all runs.
    /// - Throws: `StoreError`, `QuantityError.unknown` for a name that is no column.
    public func table(_ names: [String]? = nil, where condition: Expression? = nil) throws -> CSVTable {
        let columns = try columns, own = ["run", "digest", "status"], known = own + columns.map(\.name)
        let chosen = names ?? known, needed = condition?.variables ?? []
        try Self.check(chosen, known: known)
        try Self.check(needed, known: ["run"] + columns.filter { $0.kind != .text }.map(\.name))
        let selected = (chosen + needed).map { $0 == "digest" ? "lower(hex(digest))" : StoreColumn.quoted($0) }
        return try read { database in
            var table = try CSVTable(columns: chosen)
            let rows = try Row.fetchCursor(database, sql: "SELECT \(selected.joined(separator: ", ")) FROM runs ORDER BY run")
            while let row = try rows.next() {
                let holds = condition.map { condition in
                    let value = condition.valueByIndex { (row[chosen.count + $0] as Double?) ?? .nan }
                    return value != 0 && !value.isNaN
                }
                if holds ?? true { try table.append(chosen.indices.map { row.cell($0) }) }
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
            let rows = try Row.fetchAll(
                database, sql: "SELECT step, point, output, value FROM states WHERE run = ? ORDER BY step, point, output",
                arguments: [number])
            let losses = Dictionary(
                try Row.fetchAll(database, sql: "SELECT step, loss FROM losses WHERE run = ?", arguments: [number])
                    .map { ($0[0] as Int, $0.cell(1)) }, uniquingKeysWith: { first, _ in first })
            var steps: [Int] = [], outputs: [[CSVTable.Cell]] = [], names: [String] = []
            for row in rows {
                if steps.last != row[0] {
                    steps.append(row[0])
                    outputs.append([])
                }
                if steps.count == 1 { names.append("output.\(row[1] as Int).\(row[2] as Int)") }
                outputs[outputs.count - 1].append((row[3] as Double?).map(CSVTable.Cell.number) ?? .number(.nan))
            }
            return try CSVTable(
                columns: ["step", "loss"] + (names.count == 1 ? ["output"] : names),
                rows: zip(steps, outputs).map { step, outputs in [.integer(step), losses[step] ?? .empty] + outputs })
        }
    }
}

extension Row {
    fileprivate func cell(_ index: Int) -> CSVTable.Cell {
        let value: DatabaseValue = self[index]
        switch value.storage {
        case .null, .blob: return .empty
        case .int64(let number): return .integer(Int(number))
        case .double(let number): return .number(number)
        case .string(let text): return .text(text)
        }
    }
}
