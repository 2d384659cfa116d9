/// How one mode of the frozen kernel moves under heavy ball, read from the roots z of z² − (1 + γ − q) z + γ with
/// q = η L_i l″: a mode is a sum of two powers z^k.
public enum Regime: String, Sendable, Hashable, Codable, CaseIterable {
    /// Two positive roots, 0 ≤ q ≤ (1 − √γ)²: the mode creeps. The double root (critical damping) and the flat direction q = 0
    /// belong here.
    case overdamped
    /// A complex pair, (1 − √γ)² < q < (1 + √γ)²: the mode oscillates under an envelope γ^{k/2}.
    case underdamped
    /// Two negative roots, (1 + √γ)² ≤ q < 2 (1 + γ): the mode converges but alternates in sign from step to step, which no field
    /// in continuous time does; or, q = 1 at γ = 0, it is gone after one step.
    case noContinuumDual
    /// A root at or beyond −1, q ≥ 2 (1 + γ): the steps overshoot and grow. An artefact of the step size.
    case unstable
    /// A root above 1, q < 0: the mode rolls off a maximum of the loss (l″ < 0, such as the top of the double well). Both roots
    /// are positive, so the growth is physics and has a continuum dual, a field of negative mass²; only discretisations that
    /// grow where the field does not are called unstable.
    case tachyonic

    /// The regime of a mode.
    /// - Parameters:
    ///   - q: η L_i l″, finite.
    ///   - momentum: γ, from 0 to 1.
    /// - Throws: `DualityError` for arguments out of range.
    public init(stepCurvature q: Double, momentum: Double) throws(DualityError) {
        guard q.isFinite else {
            throw .outOfRange(
                what: "η L l″", value: q, limit: "finite", remedy: "check the learning rate, the kernel and the loss")
        }
        let bounds = try RegimeBounds(momentum: momentum)
        self =
            if q < 0 {
                .tachyonic
            } else if q >= bounds.stable {
                .unstable
            } else if q >= bounds.continuum {
                .noContinuumDual
            } else if q > bounds.overdamped {
                .underdamped
            } else {
                .overdamped
            }
    }

    /// Whether a field in continuous time passes through the steps.
    public var hasContinuumDual: Bool { self != .noContinuumDual && self != .unstable }
}

/// Where the regimes meet, as values of q = η L_i l″ for one momentum.
public struct RegimeBounds: Sendable, Hashable, Codable {
    /// (1 − √γ)²: overdamped up to and including it.
    public let overdamped: Double
    /// (1 + √γ)²: a continuum dual exists below it.
    public let continuum: Double
    /// 2 (1 + γ): heavy ball is stable below it.
    public let stable: Double

    /// The bounds for a momentum from 0 to 1.
    /// - Throws: `DualityError.outOfRange`.
    public init(momentum: Double) throws(DualityError) {
        try DualityError.check(momentum: momentum)
        let root = momentum.squareRoot()
        overdamped = (1 - root) * (1 - root)
        continuum = (1 + root) * (1 + root)
        stable = 2 * (1 + momentum)
    }

    /// The learning rate below which heavy ball is stable, 2 (1 + γ) / (L₁ l″); infinite where L₁ l″ ≤ 0.
    /// - Parameter curvature: L₁ l″, the largest eigenvalue over the points times the second derivative of the loss.
    public func largestStableLearningRate(curvature: Double) -> Double {
        curvature > 0 ? stable / curvature : .infinity
    }
}
