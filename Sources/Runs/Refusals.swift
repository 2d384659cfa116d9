/// Candidates of a scan that cannot be: how many, and why the first of them.
public struct Refusals: Sendable, Hashable {
    public private(set) var count = 0
    /// The first different reasons, at most five.
    public private(set) var reasons: [String] = []

    private static let most = 5

    public init() {}

    mutating func add(_ reason: String) {
        count += 1
        remember(reason)
    }

    mutating func add(_ others: Refusals) {
        count += others.count
        for reason in others.reasons { remember(reason) }
    }

    private mutating func remember(_ reason: String) {
        if reasons.count < Self.most, !reasons.contains(reason) { reasons.append(reason) }
    }
}
