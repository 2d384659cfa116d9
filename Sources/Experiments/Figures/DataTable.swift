/// The numbers behind a figure: named columns of numbers or words.
public struct DataTable: Sendable, Equatable {
    /// One column.
    public struct Column: Sendable, Equatable {
        /// What a column holds.
        public enum Values: Sendable, Equatable {
            /// Numbers, non-finite ones included.
            case numbers([Double])
            /// Words.
            case words([String])
        }

        /// The header.
        public var name: String
        /// The cells, from the first row down.
        public var values: Values

        /// Number of cells.
        public var count: Int {
            switch values {
            case .numbers(let numbers): numbers.count
            case .words(let words): words.count
            }
        }
    }

    /// The columns, from left to right. Shorter ones leave their last cells empty.
    public private(set) var columns: [Column] = []

    /// Makes an empty table.
    public init() {}

    /// Number of rows: the length of the longest column.
    public var rowCount: Int { columns.map(\.count).max() ?? 0 }

    /// Adds a column of numbers.
    public mutating func append(_ name: String, _ numbers: [Double]) {
        columns.append(Column(name: name, values: .numbers(numbers)))
    }

    /// Adds a column of words.
    public mutating func append(_ name: String, words: [String]) {
        columns.append(Column(name: name, values: .words(words)))
    }
}
