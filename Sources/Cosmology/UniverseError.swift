/// Why a universe cannot be set up, or ended early.
public enum UniverseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A quantity was given a value beyond its limit.
    case outOfRange(quantity: String, value: String, limit: String, remedy: String)
    /// The integration ended before the last requested time; `remedy` says what about this universe to change, if known.
    case stopped(IntegrationError, remedy: String)

    /// The message for people: value, limit and remedy.
    public var description: String {
        switch self {
        case .outOfRange(let quantity, let value, let limit, let remedy):
            "\(quantity) is \(value); it must be \(limit). \(remedy)"
        case .stopped(let error, let remedy):
            remedy.isEmpty ? error.description : "\(error) \(remedy)"
        }
    }

    static func requireFinite(_ value: Double, _ quantity: String) throws(UniverseError) {
        guard value.isFinite else {
            throw .outOfRange(quantity: quantity, value: "\(value)", limit: "a finite number", remedy: "Give a finite \(quantity).")
        }
    }
}
