/// Why a plot of columns cannot be made.
public enum ColumnPlotError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The table has no column of that name.
    case unknownColumn(name: String, nearest: String?, columns: [String])
    /// A column of words where an axis needs numbers.
    case words(column: String, axis: String)
    /// More distinct values than can be told apart.
    case tooManyValues(column: String, use: String, count: Int, limit: Int, remedy: String)
    /// Where the range of a column is asked for, or a point, there is none.
    case nothingToDraw(reason: String)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .unknownColumn(let name, let nearest, let columns):
            "there is no column '\(name)'" + (nearest.map { "; the nearest is '\($0)'" } ?? "")
                + ". The columns are \(columns.joined(separator: ", "))."
        case .words(let column, let axis):
            "column '\(column)' holds words, but the \(axis) axis needs numbers; show it by colour or by facet instead"
        case .tooManyValues(let column, let use, let count, let limit, let remedy):
            "column '\(column)' has \(count) distinct values, but \(use) can show at most \(limit); \(remedy)"
        case .nothingToDraw(let reason): "there is nothing to draw: \(reason)"
        }
    }
}
