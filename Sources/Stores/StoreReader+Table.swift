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

    /// Those of ``columns`` that have a value in any run.
    /// - Throws: `StoreError`.
    public var filledColumns: [StoreColumn] {
        get throws {
            let columns = try columns
            return try read { database in
                let counts = columns.map { "max(\(StoreColumn.quoted($0.name)) IS NOT NULL)" }
                // SQLite takes two thousand results of one statement.
                let rows = try StoreRows(database, "SELECT \(counts.joined(separator: ", ")) FROM runs", table: "runs", keys: 0)
                guard try rows.next() else { return [] }
                return try columns.enumerated().filter { place, _ in try rows.optionalInteger(place) == 1 }.map(\.element)
            }
        }
    }

    /// Columns of the runs that a condition holds for, in the order in which they were stored; a value that does not exist is empty.
    ///
    /// - Parameters:
    ///   - names: of columns. Default: run, digest, status, and all ``columns``.
    ///   - condition: an expression over columns of numbers that is true where it is neither 0 nor NaN. Default: all runs.
    /// - Throws: `StoreError`, `QuantityError.unknown` for a name that is no column.
    public func table(_ names: [String]? = nil, where condition: Expressions.Expression? = nil) throws -> CSVTable {
        let query = try RunQuery(self, names, where: condition)
        return try read { database in
            try checkSound(database)
            var table = try CSVTable(columns: query.names)
            try query.forEach(database) { try table.append($0) }
            return table
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

extension StoreReader {
    /// Columns by their names, and columns that expressions make of them, such as `log10(width)`; each is named by its text.
    ///
    /// - Parameters:
    ///   - texts: names of columns, or expressions over columns of numbers.
    ///   - condition: as in ``table(_:where:)``.
    ///   - limit: where there are more runs, a random part of them of about that size, as in ``sample(_:where:)``. Default: all.
    /// - Returns: the table, and how many runs there are.
    /// - Throws: `StoreError`; `QuantityError.unknown` for a name that is no column; `ExpressionError`.
    public func table(
        deriving texts: [String], where condition: Expressions.Expression? = nil, limit: Int = .max
    ) throws -> (table: CSVTable, runs: Int) {
        let derived = try DerivedColumns(texts, of: self)
        let query = try RunQuery(self, derived.needed + ["digest"], where: condition)
        let counting = try RunQuery(self, ["run"], where: condition)
        return try read { database in
            try checkSound(database)
            let part = try RunPart(of: counting, database, limit: limit)
            var table = try CSVTable(columns: derived.texts), runs = 0
            try query.forEach(database) { row in
                runs += 1
                if part.includes(row[row.count - 1]) { try table.append(derived.cells(row)) }
            }
            return (table, runs)
        }
    }

    /// Writes such a table row by row, whole or not at all, in memory that does not depend on the number of runs.
    /// - Parameters:
    ///   - path: the file, CSV.
    ///   - texts: as in ``table(deriving:where:limit:)``. Default: run, digest, status, and all ``columns``.
    ///   - condition: as in ``table(_:where:)``.
    ///   - overwrite: whether a file that is there already is replaced.
    /// - Returns: its rows.
    /// - Throws: as ``table(deriving:where:limit:)``; `FileError`.
    @discardableResult public func writeTable(
        to path: String, deriving texts: [String]? = nil, where condition: Expressions.Expression? = nil, overwrite: Bool = false
    ) throws -> Int {
        let derived = try texts.map { try DerivedColumns($0, of: self) }
        let query = try RunQuery(self, derived?.needed, where: condition)
        var rows = 0
        try AtomicFile.write(to: path, overwrite: overwrite) { temporary in
            let file = try BufferedFile(path: temporary, reportedPath: path)
            try file.append(CSVTable.line((derived?.texts ?? query.names).map { .text($0) }))
            try read { database in
                try checkSound(database)
                try query.forEach(database) {
                    try file.append(CSVTable.line(derived?.cells($0) ?? $0))
                    rows += 1
                }
            }
            try file.flush()
        }
        return rows
    }

    /// The runs that a condition holds for, or where there are more than so many, a random part of them of about that size: which runs are
    /// in it depends on their digests alone.
    /// - Returns: all columns of the part, and how many runs there are.
    /// - Throws: as ``table(_:where:)``.
    public func sample(_ limit: Int, where condition: Expressions.Expression? = nil) throws -> (table: CSVTable, runs: Int) {
        let counting = try RunQuery(self, ["run"], where: condition), query = try RunQuery(self, nil, where: condition)
        return try read { database in
            try checkSound(database)
            let part = try RunPart(of: counting, database, limit: limit)
            var table = try CSVTable(columns: query.names), runs = 0
            let place = query.names.firstIndex(of: "digest") ?? 0
            try query.forEach(database) { row in
                runs += 1
                if part.includes(row[place]) { try table.append(row) }
            }
            return (table, runs)
        }
    }
}
