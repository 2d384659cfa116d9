/// Which learning rates and momenta may be advised.
public struct AdviceRange: Sendable, Hashable {
    /// Default: no limit but stability.
    public let leastLearningRate: Double?
    public let largestLearningRate: Double?
    /// Default: 0.99.
    public let largestMomentum: Double

    /// η is searched from this part of the largest stable one…
    static let leastPart = 0.02
    /// …to this one, as a kernel that grows by 2 % must not make the training unstable.
    static let largestPart = 0.98

    /// A range.
    /// - Throws: `DualityError.outOfRange` for an empty one.
    public init(
        leastLearningRate: Double? = nil, largestLearningRate: Double? = nil, largestMomentum: Double = 0.99
    ) throws(DualityError) {
        for (what, value) in [("the least learning rate", leastLearningRate), ("the largest learning rate", largestLearningRate)] {
            guard let value, !(value > 0 && value.isFinite) else { continue }
            throw .outOfRange(what: what, value: value, limit: "positive and finite", remedy: "leave it out for no limit but stability")
        }
        if let leastLearningRate, let largestLearningRate, leastLearningRate > largestLearningRate {
            throw .outOfRange(
                what: "the least learning rate", value: leastLearningRate, limit: "at most the largest, \(largestLearningRate)",
                remedy: "no learning rate is left; exchange them, or leave one out")
        }
        guard largestMomentum >= 0, largestMomentum < 1 else {
            throw .outOfRange(
                what: "the largest momentum", value: largestMomentum, limit: "at least 0 and below 1", remedy: "use 0.99, or 0 for none")
        }
        self.leastLearningRate = leastLearningRate
        self.largestLearningRate = largestLearningRate
        self.largestMomentum = largestMomentum
    }

    /// The learning rates that may be advised with a momentum; nil where none is stable.
    /// - Parameter curvature: L₁ l″.
    func learningRates(momentum: Double, curvature: Double, leastPart: Double = leastPart) -> ClosedRange<Double>? {
        let stable = 2 * (1 + momentum) / curvature
        let greatest = min(largestLearningRate ?? .infinity, Self.largestPart * stable)
        let least = max(leastLearningRate ?? 0, min(leastPart * stable, greatest))
        return least <= greatest ? least...greatest : nil
    }

    /// The same over all momenta; the largest momentum is stable at the largest learning rates.
    /// - Throws: `DualityError.outOfRange` where none is stable.
    func check(curvature: Double) throws(DualityError) {
        guard learningRates(momentum: largestMomentum, curvature: curvature) == nil else { return }
        throw .outOfRange(
            what: "the least learning rate", value: leastLearningRate ?? .nan,
            limit: "below \(Self.largestPart * 2 * (1 + largestMomentum) / curvature), where training is stable with a momentum of "
                + "\(largestMomentum)",
            remedy: "lower it, or leave it out")
    }
}
