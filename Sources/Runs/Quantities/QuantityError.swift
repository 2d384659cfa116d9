import Arrays

/// Why a name stands for no number of a run.
public enum QuantityError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no quantity of that name; the nearest that there is, if one is near.
    case unknown(name: String, nearest: String?)
    /// The name is a column of words, which conditions on stores do not compare.
    case word(name: String)

    /// One sentence: the name, and the remedy.
    public var description: String {
        switch self {
        case .unknown(let name, let nearest?): "no quantity is called '\(name)'; did you mean '\(nearest)'?"
        case .unknown(let name, nil):
            "no quantity is called '\(name)'; known are \(Excerpt.list(Quantity.all.map(\.name), longest: 12)), and Documentation/ScanFile.md "
                + "has them all"
        case .word(let name):
            "'\(name)' is a column of words, which stand in no expression here; compare numbers, or choose rows where the table is read"
        }
    }
}
