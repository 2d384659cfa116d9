import Arrays

/// Why an experiment on learning cannot be done.
public enum LearningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A number lies outside of what it may be.
    case outOfRange(name: String, value: String, limit: String, remedy: String)
    /// The learning rate makes the ensemble leave every bound.
    case unstable(learningRate: Double, largest: Double)
    /// So few networks cannot tell the density that is asked for.
    case tooFewNetworks(count: Int, needed: Int, purpose: String)
    /// ∫ exp(−βF) dw does not exist.
    case divergentPartitionFunction(reason: String, remedy: String)
    /// Nothing is there of that name yet.
    case notWritten(String)
    /// The numbers of an experiment became none.
    case notFinite(what: String)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .outOfRange(let name, let value, let limit, let remedy): "\(name) is \(value), but must be \(limit); \(remedy)"
        case .unstable(let rate, let largest):
            "the learning rate \(rate) is unstable: the steepest curvature of the loss allows less than \(largest); lower --learning-rate"
        case .tooFewNetworks(let count, let needed, let purpose):
            "\(count.number(of: "network")) \(count == 1 ? "is" : "are") too few for \(purpose), which needs \(needed); raise --networks"
        case .divergentPartitionFunction(let reason, let remedy): "the partition function does not converge: \(reason); \(remedy)"
        case .notWritten(let name): "the experiment '\(name)' is not written yet; \(name) is not tested"
        case .notFinite(let what): "\(what) is not finite; lower --learning-rate"
        }
    }

    /// Refuses a number that is not what it may be.
    static func require(_ holds: Bool, _ name: String, _ value: String, _ limit: String, _ remedy: String) throws(LearningError) {
        guard holds else { throw .outOfRange(name: name, value: value, limit: limit, remedy: remedy) }
    }

    /// Refuses numbers of steps of a process that are none, or too many.
    /// - Parameter warmUp: those before anything is counted. Default: 0.
    static func require(steps: Int, warmUp: Int = 0) throws(LearningError) {
        try require((1...1_000_000).contains(steps), "the number of steps", "\(steps)", "from 1 to 1000000", "use fewer steps")
        try require((0..<steps).contains(warmUp), "the warm-up", "\(warmUp)", "from 0 to below the \(steps) steps", "use a quarter of them")
    }
}
