import Arrays
import GRDB

extension StoreReader {
    /// Writes the runs that a condition holds for as an archive that NumPy opens.
    ///
    /// Each column of numbers is an array of that name with one element a run, NaN where there is no value; a column of words is an
    /// array of numbers into the words, which are the lines of the text `NAME.words`. With trajectories, one row for each number that
    /// is stored: `states.run`, `.step`, `.point`, `.output`, `.value`, and `losses.run`, `.step`, `.loss`.
    ///
    /// - Parameters:
    ///   - names: of columns. Default: all.
    ///   - condition: see ``table(_:where:)``.
    ///   - trajectories: whether outputs and losses at the recorded steps are written too.
    ///   - provenance: who writes; the text `provenance`.
    ///   - overwrite: whether a file that is there already is replaced.
    /// - Throws: `StoreError`, `QuantityError.unknown`, `FileError`.
    public func writeArchive(
        to path: String, columns names: [String]? = nil, where condition: Expression? = nil, trajectories: Bool = false,
        provenance: String, overwrite: Bool = false
    ) throws {
        let table = try table(names, where: condition)
        var arrays: [(name: String, array: NumericArray, type: ElementType)] = [], texts = [(name: "provenance", text: provenance)]
        for name in table.columns {
            let cells = table[column: name] ?? []
            if cells.contains(where: { if case .text = $0 { true } else { false } }) {
                let (numbers, words) = Self.numbered(cells)
                arrays.append((name, NumericArray(numbers), .float64))
                texts.append((name + ".words", words.joined(separator: "\n")))
            } else {
                arrays.append((name, NumericArray(table.numbers(name) ?? []), .float64))
            }
        }
        if trajectories {
            let runs = Set(try self.table(["run"], where: condition).numbers("run") ?? [])
            arrays += try longTable("states", runs) + longTable("losses", runs)
        }
        try NumericArchive.write(arrays, texts: texts, to: path, overwrite: overwrite)
    }

    /// Words in the order in which they occur, and which of them each cell is.
    private static func numbered(_ cells: [CSVTable.Cell]) -> (numbers: [Double], words: [String]) {
        var places: [String: Int] = [:], words: [String] = []
        let numbers = cells.map { cell -> Double in
            guard case .text(let word) = cell else { return .nan }
            if let place = places[word] { return Double(place) }
            places[word] = words.count
            words.append(word)
            return Double(words.count - 1)
        }
        return (numbers, words)
    }

    private func longTable(_ name: String, _ runs: Set<Double>) throws -> [(name: String, array: NumericArray, type: ElementType)] {
        try read { database in
            let columns = try database.columns(in: name).map(\.name)
            var values = [[Double]](repeating: [], count: columns.count)
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(name) ORDER BY run, step")
            while let row = try rows.next() {
                guard runs.contains(row[0]) else { continue }
                for index in columns.indices { values[index].append((row[index] as Double?) ?? .nan) }
            }
            return zip(columns, values).map { ("\(name).\($0)", NumericArray($1), .float64) }
        }
    }
}
