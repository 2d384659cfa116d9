import Foundation

/// A table with named columns, as comma-separated text with a header line (RFC 4180, lines end in a line feed).
///
/// Numbers are printed with the fewest digits that read back the same, `nan` and `inf` as pandas and NumPy read them. Text that
/// contains commas, quotes or line ends, or could be taken for a number, is quoted.
public struct CSVTable: Sendable, Hashable {
    public enum Cell: Sendable, Hashable {
        /// A floating-point number.
        case number(Double)
        /// A whole number.
        case integer(Int)
        case text(String)
        /// Nothing: a value that does not exist for this row.
        case empty

        /// The number; NaN for cells that are none.
        public var numericValue: Double {
            switch self {
            case .number(let value): value
            case .integer(let value): Double(value)
            case .text, .empty: .nan
            }
        }
    }

    /// The columns' names, in order.
    public let columns: [String]
    /// The rows, each with one cell a column.
    public private(set) var rows: [[Cell]]

    /// Makes a table.
    /// - Throws: `CSVError` if there are no columns, two share a name, or a row has another number of cells.
    public init(columns: [String], rows: [[Cell]] = []) throws {
        guard !columns.isEmpty, Set(columns).count == columns.count else { throw CSVError.badColumns(columns) }
        self.columns = columns
        self.rows = []
        for row in rows { try append(row) }
    }

    /// Adds a row.
    /// - Throws: `CSVError.badRow` if it has another number of cells than there are columns.
    public mutating func append(_ row: [Cell]) throws {
        guard row.count == columns.count else {
            throw CSVError.badRow(number: rows.count + 1, cells: row.count, columns: columns.count)
        }
        rows.append(row)
    }

    /// The cells of a column; nil if there is no such column.
    public subscript(column name: String) -> [Cell]? {
        columns.firstIndex(of: name).map { index in rows.map { $0[index] } }
    }

    /// The numbers of a column, with NaN for cells that are no numbers; nil if there is no such column.
    public func numbers(_ name: String) -> [Double]? {
        self[column: name]?.map(\.numericValue)
    }

    /// The table as text, header first.
    public var text: String {
        ([columns.map { Cell.text($0) }] + rows).map(Self.line).joined()
    }

    /// A row as it stands in a file, with its line feed.
    public static func line(_ row: [Cell]) -> String {
        // A line without any character would be no row at all.
        row == [.empty] ? "\"\"\n" : row.map(\.text).joined(separator: ",") + "\n"
    }

    /// Writes the text, whole or not at all.
    /// - Throws: `FileError`.
    public func write(to path: String, overwrite: Bool = false) throws {
        try AtomicFile.write(text, to: path, overwrite: overwrite)
    }
}

/// What is wrong with a table.
public enum CSVError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No columns, or two of one name.
    case badColumns([String])
    /// A row (counted from 1) whose number of cells is not the number of columns.
    case badRow(number: Int, cells: Int, columns: Int)
    /// A quote that is not closed, or not where one may be.
    case badQuote(row: Int)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .badColumns(let columns): "the columns \(columns) must be at least one, each with a name of its own"
        case .badRow(let number, let cells, let columns): "row \(number) has \(cells) cells; the table has \(columns) columns"
        case .badQuote(let row): "row \(row) has a quote that is not closed or stands inside a cell; quotes in text are doubled"
        }
    }
}

extension CSVTable.Cell: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    public init(floatLiteral value: Double) { self = .number(value) }

    public init(integerLiteral value: Int) { self = .integer(value) }

    public init(stringLiteral value: String) { self = .text(value) }
}
