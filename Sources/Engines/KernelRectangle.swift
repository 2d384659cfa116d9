import Arrays

/// A part of a tangent kernel: all of its elements with a point of `rows` and one of `columns`, by their numbers among the points of an
/// ensemble.
public struct KernelRectangle: Sendable, Hashable {
    /// Points x of Θ(x, x′); at least one.
    public let rows: Range<Int>
    /// Points x′; at least one.
    public let columns: Range<Int>

    public init(rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
    }

    /// Elements of the rectangle for a network of so many outputs.
    public func count(outputs: Int) -> Int { rows.count.times(columns.count, outputs.times(outputs)) }

    /// The rectangle of the matrix's rows that belong to these points.
    func rows(perPoint outputs: Int) -> KernelRectangle {
        func scaled(_ range: Range<Int>) -> Range<Int> { range.lowerBound * outputs..<range.upperBound * outputs }
        return KernelRectangle(rows: scaled(rows), columns: scaled(columns))
    }
}
