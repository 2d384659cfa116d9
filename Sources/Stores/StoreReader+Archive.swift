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
    /// - Throws: `StoreError`, `QuantityError.unknown`, `FileError`.
    public func writeArchive(
        to path: String, columns names: [String]? = nil, where condition: Expressions.Expression? = nil, trajectories: Bool = false,
        provenance: String, overwrite: Bool = false
    ) throws {
        let table = try table(names, where: condition)
        let kinds = Dictionary(try columns.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
        var members = table.columns.map { name in
            (name: name, member: Self.member(table[column: name] ?? [], kind: Self.ownKinds[name] ?? kinds[name] ?? .real))
        }
        if let place = members.firstIndex(where: { $0.name == "seed" }), let seeds = try exactSeeds(table[column: "seed"] ?? [], condition)
        {
            members[place].member = .unsigned(seeds)
        }
        if trajectories {
            let runs = Set(try self.table(["run"], where: condition).numbers("run") ?? [])
            members += try longTable(.states, keys: 4, runs) + longTable(.losses, keys: 2, runs)
        }
        try NumericArchive.write(members: members + [("provenance", .text(provenance))], to: path, overwrite: overwrite)
    }

    /// Seeds from the runs' parameters, where the column `seed`, whose integers are signed, rounds one of them; else nil.
    private func exactSeeds(_ cells: [CSVTable.Cell], _ condition: Expressions.Expression?) throws -> [UInt64]? {
        guard cells.contains(where: { if case .number = $0 { true } else { false } }) else { return nil }
        struct Parameters: Decodable {
            struct Weights: Decodable { let seed: UInt64? }
            let weights: Weights
        }
        let decoder = JSONDecoder()
        let runs = try table(["run"]).numbers("run") ?? [], chosen = try table(["run"], where: condition).numbers("run") ?? []
        let parameters = Dictionary(zip(runs, try parameters), uniquingKeysWith: { first, _ in first })
        let seeds = chosen.compactMap { run in
            parameters[run].flatMap { try? decoder.decode(Parameters.self, from: Data($0.utf8)).weights.seed }
        }
        return seeds.count == cells.count ? seeds : nil
    }

    /// Of the columns that are no quantities.
    private static let ownKinds: [String: StoreColumn.Kind] = ["run": .integer, "digest": .text, "status": .text]

    private static func member(_ cells: [CSVTable.Cell], kind: StoreColumn.Kind) -> NumericArchive.Member {
        if kind == .text { return .words(cells.map { if case .text(let word) = $0 { word } else { "" } }) }
        return kind == .integer ? wholeNumbers(cells) ?? numbers(cells) : numbers(cells)
    }

    private static func numbers(_ cells: [CSVTable.Cell]) -> NumericArchive.Member {
        .numbers(NumericArray(cells.map(\.numericValue)), .float64)
    }

    /// nil where a cell is not a whole number of 64 bits.
    private static func wholeNumbers(_ cells: [CSVTable.Cell]) -> NumericArchive.Member? {
        let integers = cells.compactMap { cell -> Int64? in
            switch cell {
            case .integer(let value): Int64(value)
            case .number(let value): Int64(exactly: value)
            case .text, .empty: nil
            }
        }
        if integers.count == cells.count { return .integers(integers) }
        let unsigned = cells.compactMap { cell -> UInt64? in
            switch cell {
            case .integer(let value): UInt64(exactly: value)
            case .number(let value): UInt64(exactly: value)
            case .text, .empty: nil
            }
        }
        return unsigned.count == cells.count ? .unsigned(unsigned) : nil
    }

    /// The columns of a table of numbers: its keys, which are whole, and one number.
    private func longTable(
        _ table: StoreTable, keys: Int, _ runs: Set<Double>
    ) throws -> [(name: String, member: NumericArchive.Member)] {
        try read { database in
            let columns = table.columns.map(\.name)
            var names = [[Int64]](repeating: [], count: keys), values: [Double] = []
            let order = (1...keys).map { "\($0)" }.joined(separator: ", ")
            let rows = try StoreRows(
                database, "SELECT \(columns.joined(separator: ", ")) FROM \(table.name) ORDER BY \(order)", table: table.name, keys: keys)
            while try rows.next() {
                guard runs.contains(Double(try rows.integer(0))) else { continue }
                for index in 0..<keys { names[index].append(Int64(try rows.integer(index))) }
                values.append(try rows.optionalReal(keys) ?? .nan)
            }
            return zip(columns, names).map { ("\(table.name).\($0)", .integers($1)) }
                + [("\(table.name).\(columns[keys])", .numbers(NumericArray(values), .float64))]
        }
    }
}
