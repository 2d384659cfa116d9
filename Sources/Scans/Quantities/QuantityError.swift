/// Why a name stands for no number of a run.
public enum QuantityError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no quantity of that name; the nearest that there is, if one is near.
    case unknown(name: String, nearest: String?)

    /// One sentence: the name, and the remedy.
    public var description: String {
        switch self {
        case .unknown(let name, let nearest?): "no quantity is called '\(name)'; did you mean '\(nearest)'?"
        case .unknown(let name, nil): "no quantity is called '\(name)'; known are \(Quantity.all.map(\.name).joined(separator: ", "))"
        }
    }
}
