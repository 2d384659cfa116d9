import Arrays
import Expressions
import Foundation
import GRDB
import Runs

extension StoreReader {
    /// Writes the runs that a condition holds for as an archive that NumPy opens.
    ///
    /// Each column is an array of that name with one element a run. Words (status, digest, activation, …) are strings, NumPy's `<U`, empty
    /// where there is none. Whole numbers (run, seed, width, steps, …) are `<i8`, or `<u8` where one is beyond 2^63; a column of them that
    /// lacks a value in some run, and every other column of numbers, is `<f8`, NaN where there is no value. With trajectories, one row for
    /// each number that is stored: `states.run`, `.step`, `.point`, `.output` (`<i8`), `.value`, and `losses.run`, `.step` (`<i8`), `.loss`.
    ///
    /// - Parameters:
    ///   - names: of columns. Default: all.
    ///   - condition: see ``table(_:where:)``.
    ///   - trajectories: whether outputs and losses at the recorded steps are written too.
    ///   - provenance: who writes; the text `provenance`.
    ///   - overwrite: whether a file that is there already is replaced.
    /// - Returns: how many runs it has.
    /// - Throws: `StoreError`, `QuantityError.unknown`, `FileError`.
    @discardableResult public func writeArchive(
        to path: String, columns names: [String]? = nil, where condition: Expressions.Expression? = nil, trajectories: Bool = false,
        provenance: String, overwrite: Bool = false
    ) throws -> Int {
        try AtomicFile.check(path, overwrite: overwrite)
        let query = try RunQuery(self, names, where: condition), chosen = try RunQuery(self, ["run"], where: condition)
        let kinds = Dictionary(try columns.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        return try read { database in
            try checkSound(database)
            var survey = query.names.map { ColumnSurvey(Self.ownKinds[$0] ?? kinds[$0] ?? .real) }, runs = 0
            try query.forEach(database) { row in
                runs += 1
                for index in row.indices { survey[index].look(at: row[index]) }
            }
            var columns = try zip(query.names, survey).map { (name: $0, column: try ScratchColumn($1.kind, count: runs, for: path)) }
            let seedPlace = query.names.firstIndex(of: "seed").flatMap { survey[$0].hasFraction ? $0 : nil }
            let seeds = try seedPlace.map { _ in try Self.seeds(of: chosen, count: runs, database, for: path) } ?? nil
            try query.forEach(database) { row in
                for index in row.indices { try Self.append(row[index], to: columns[index].column) }
            }
            if let seedPlace, let seeds { columns[seedPlace].column = seeds }
            if trajectories {
                var numbers: Set<Int>?
                if condition != nil {
                    var found: Set<Int> = []
                    try chosen.forEach(database) { row in if case .integer(let run) = row[0] { found.insert(run) } }
                    numbers = found
                }
                columns += try longTable(.states, keys: 4, numbers, database, for: path)
                columns += try longTable(.losses, keys: 2, numbers, database, for: path)
            }
            try NumericArchive.write(
                columns: columns, members: [("provenance", .text(provenance))], to: path, overwrite: overwrite)
            return runs
        }
    }

    /// Seeds from the runs' parameters: the column `seed`, whose integers are signed, rounds those from 2^63 on. Nil where a run has none.
    private static func seeds(
        of runs: RunQuery, count: Int, _ database: Database, for path: String
    ) throws -> ScratchColumn? {
        struct Parameters: Decodable {
            struct Weights: Decodable { let seed: UInt64? }
            let weights: Weights
        }
        let decoder = JSONDecoder(), column = try ScratchColumn(.unsigned, count: count, for: path)
        let identities = try StoreRows(database, "SELECT run, parameters FROM identities WHERE run = ?", table: "identities")
        var found = 0
        try runs.forEach(database) { row in
            guard case .integer(let run) = row[0] else { return }
            identities.start(run)
            guard try identities.next(),
                let seed = try? decoder.decode(Parameters.self, from: Data(try identities.text(1).utf8)).weights.seed
            else { return }
            try column.append(seed)
            found += 1
        }
        return found == count ? column : nil
    }

    /// Of the columns that are no quantities.
    private static let ownKinds: [String: StoreColumn.Kind] = ["run": .integer, "digest": .text, "status": .text]

    private static func append(_ cell: CSVTable.Cell, to column: ScratchColumn) throws {
        switch column.kind {
        case .real: try column.append(cell.numericValue)
        case .words: if case .text(let word) = cell { try column.append(word) } else { try column.append("") }
        case .integer: try column.append(cell.whole(Int64.self) ?? 0)
        case .unsigned: try column.append(cell.whole(UInt64.self) ?? 0)
        }
    }

    /// The columns of a table of numbers: its keys, which are whole, and one number.
    /// - Parameter runs: whose rows are taken. Default: all.
    private func longTable(
        _ table: StoreTable, keys: Int, _ runs: Set<Int>?, _ database: Database, for path: String
    ) throws -> [(name: String, column: ScratchColumn)] {
        let names = table.columns.map(\.name), order = (1...keys).map { "\($0)" }.joined(separator: ", ")
        func forEach(_ body: (StoreRows) throws -> Void) throws {
            let rows = try StoreRows(
                database, "SELECT \(names.joined(separator: ", ")) FROM \(table.name) ORDER BY \(order)", table: table.name, keys: keys)
            while try rows.next() {
                let run = try rows.integer(0)
                if runs?.contains(run) ?? true { try body(rows) }
            }
        }
        var count = 0
        try forEach { _ in count += 1 }
        let columns = try (0...keys).map { try ScratchColumn($0 == keys ? .real : .integer, count: count, for: path) }
        try forEach { rows in
            for index in 0..<keys { try columns[index].append(Int64(try rows.integer(index))) }
            try columns[keys].append(try rows.optionalReal(keys) ?? .nan)
        }
        return zip(names, columns).map { ("\(table.name).\($0)", $1) }
    }
}

/// What the cells of a column are, by which its type in an archive is chosen.
private struct ColumnSurvey {
    private let stored: StoreColumn.Kind
    private var isSigned = true, isUnsigned = true
    private var length = 1
    /// Whether a cell is a floating-point number.
    private(set) var hasFraction = false

    init(_ kind: StoreColumn.Kind) { stored = kind }

    mutating func look(at cell: CSVTable.Cell) {
        if case .number = cell { hasFraction = true }
        switch stored {
        case .text: if case .text(let word) = cell { length = max(length, word.unicodeScalars.count) }
        case .integer:
            isSigned = isSigned && cell.whole(Int64.self) != nil
            isUnsigned = isUnsigned && cell.whole(UInt64.self) != nil
        case .real, .blob: break
        }
    }

    var kind: ScratchColumn.Kind {
        switch stored {
        case .text: .words(length: length)
        case .integer: isSigned ? .integer : isUnsigned ? .unsigned : .real
        case .real, .blob: .real
        }
    }
}

extension CSVTable.Cell {
    /// The whole number, or nil where it is none of that type.
    fileprivate func whole<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        switch self {
        case .integer(let value): Integer(exactly: value)
        case .number(let value): Integer(exactly: value)
        case .text, .empty: nil
        }
    }
}
