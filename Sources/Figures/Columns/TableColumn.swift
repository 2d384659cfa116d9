import Arrays
import Foundation

/// A column of a table as a plot sees it: numbers, or words, and which rows have a value.
struct TableColumn {
    let name: String
    let cells: [CSVTable.Cell]
    /// Whether any cell is text: then numbers among them are words too.
    let holdsWords: Bool

    /// - Throws: `ColumnPlotError.unknownColumn`.
    init(_ name: String, of table: CSVTable) throws(ColumnPlotError) {
        guard let cells = table[column: name] else {
            throw .unknownColumn(name: name, nearest: Self.nearest(to: name, among: table.columns), columns: table.columns)
        }
        self.name = name
        self.cells = cells
        holdsWords = cells.contains { if case .text = $0 { true } else { false } }
    }

    /// The number of a row; NaN where there is none.
    func number(_ row: Int) -> Double { cells[row].numericValue }

    /// Whether the row has a value that can be drawn.
    func hasValue(_ row: Int) -> Bool {
        switch cells[row] {
        case .number(let value): value.isFinite
        case .integer, .text: true
        case .empty: false
        }
    }

    /// What a person reads for the value of a row.
    func word(_ row: Int) -> String {
        switch cells[row] {
        case .number(let value): Claim.number(value)
        case .integer(let value): value < 0 ? "−\(value.magnitude)" : "\(value)"
        case .text(let text): text
        case .empty: ""
        }
    }

    /// The distinct values of those rows, numbers in ascending order and words in the order of the alphabet, and for each row which of
    /// them it has.
    func levels(_ rows: [Int]) -> (names: [String], first: [Int], of: [Int]) {
        struct Key: Hashable {
            var number: Double
            var word: String
        }
        func key(_ row: Int) -> Key { holdsWords ? Key(number: 0, word: word(row)) : Key(number: number(row), word: "") }
        var first: [Key: Int] = [:]
        let keys = rows.map(key)
        for (row, key) in zip(rows, keys) where first[key] == nil { first[key] = row }
        let sorted = first.keys.sorted { ($0.number, $0.word) < ($1.number, $1.word) }
        let place = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) })
        let rowsOfLevels = sorted.map { first[$0] ?? 0 }
        return (rowsOfLevels.map { word($0) }, rowsOfLevels, keys.map { place[$0] ?? 0 })
    }

    /// The column whose name takes the fewest changed letters, if less than half of the letters change.
    private static func nearest(to name: String, among columns: [String]) -> String? {
        let best = columns.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
        guard let (column, distance) = best, 2 * distance < max(name.count, column.count) else { return nil }
        return column
    }

    /// How many letters must be put in, taken out or replaced to make one word of the other (Levenshtein).
    private static func editDistance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first), Array(second))
        var row = Array(0...b.count)
        for i in a.indices {
            var next = [i + 1]
            for j in b.indices { next.append(min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] == b[j] ? 0 : 1))) }
            row = next
        }
        return row[b.count]
    }
}
