import Arrays
import Expressions
import GRDB
import Runs

/// Columns of the runs of a store that a condition holds for, row by row, in the order in which they were stored.
struct RunQuery {
    /// The columns.
    let names: [String]
    private let operands: [String]
    private let condition: Expressions.Expression?

    /// Checks that the columns are there.
    /// - Parameters:
    ///   - names: Default: run, digest, status, and all columns.
    ///   - condition: an expression over columns of numbers that is true where it is neither 0 nor NaN. Default: all runs.
    /// - Throws: `StoreError`, `QuantityError`.
    init(_ reader: StoreReader, _ names: [String]? = nil, where condition: Expressions.Expression? = nil) throws {
        let columns = try reader.columns, known = ["run", "digest", "status"] + columns.map(\.name)
        self.names = names ?? known
        operands = condition?.variables ?? []
        self.condition = condition
        try Self.check(self.names.map(Quantity.canonical), known: known)
        let words = Set(columns.filter { $0.kind == .text }.map(\.name) + ["digest", "status"])
        if let word = operands.first(where: words.contains) { throw QuantityError.word(name: word) }
        try Self.check(operands.map(Quantity.canonical), known: ["run"] + columns.map(\.name))
    }

    private static func check(_ names: [String], known: [String]) throws(QuantityError) {
        if let name = names.first(where: { !known.contains($0) }) {
            throw .unknown(name: name, nearest: NearestName.findPart(name, among: known))
        }
    }

    /// Gives the cells of one run after the other; a value that does not exist is empty.
    func forEach(_ database: Database, _ body: ([CSVTable.Cell]) throws -> Void) throws {
        let selected = (names + operands).map { $0 == "digest" ? "lower(hex(digest))" : StoreColumn.quoted(Quantity.canonical($0)) }
        // The number of the run stands first, to name the row.
        let rows = try StoreRows(
            database, "SELECT \((["run"] + selected).joined(separator: ", ")) FROM runs ORDER BY run", table: "runs")
        while try rows.next() {
            if let condition {
                let values = try operands.indices.map { try rows.optionalReal(1 + names.count + $0) ?? .nan }
                let value = condition.valueByIndex { values[$0] }
                guard value != 0, !value.isNaN else { continue }
            }
            try body(names.indices.map { try rows.cell(1 + $0) })
        }
    }
}

extension StoreRows {
    /// A cell of a table; a value that does not exist is empty.
    func cell(_ index: Int) throws -> CSVTable.Cell {
        switch self[index] {
        case .null: .empty
        case .integer(let number): .integer(number)
        case .real(let number): .number(number)
        case .text: .text(try text(index))
        case .blob: throw damage("column \(index) is a BLOB, but must be a text or a number")
        }
    }
}

/// Columns by their names, and columns that expressions make of them.
struct DerivedColumns {
    /// What names the columns, each once.
    let texts: [String]
    /// The columns of the store that they need.
    let needed: [String]
    private let makers: [Maker]

    private enum Maker {
        case column(Int)
        case expression(Expressions.Expression, operands: [Int])
    }

    /// - Throws: `QuantityError.unknown` for a name that is no column; `ExpressionError`; `StoreError`.
    init(_ texts: [String], of reader: StoreReader) throws {
        var seen: Set<String> = []
        let texts = texts.filter { seen.insert($0).inserted }
        let known = Set(try reader.columns.map(\.name) + ["run", "digest", "status"])
        // A text that is one name is meant as a column, also where there is none of that name.
        let expressions = try texts.map { known.contains(Quantity.canonical($0)) ? nil : try Expressions.Expression($0) }
        if let lone = zip(texts, expressions).first(where: { $1?.variables == [$0] }) { _ = try RunQuery(reader, [lone.0]) }
        let needed = Set(zip(texts, expressions).flatMap { $1?.variables ?? [$0] }).sorted()
        guard !needed.isEmpty else { throw QuantityError.unknown(name: texts.first ?? "", nearest: nil) }
        let places = Dictionary(uniqueKeysWithValues: zip(needed, needed.indices))
        self.texts = texts
        self.needed = needed
        makers = zip(texts, expressions).map { text, expression in
            guard let expression else { return .column(places[text] ?? 0) }
            return .expression(expression, operands: expression.variables.map { places[$0] ?? 0 })
        }
    }

    /// The cells of a run, of those of the columns that are needed.
    func cells(_ row: [CSVTable.Cell]) -> [CSVTable.Cell] {
        makers.map { maker in
            switch maker {
            case .column(let place): row[place]
            case .expression(let expression, let operands): .number(expression.valueByIndex { row[operands[$0]].numericValue })
            }
        }
    }
}
