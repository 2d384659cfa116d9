#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The translations between heavy ball with a frozen kernel and a scalar field in an expanding universe, by name.
///
/// Each turns learning rate η and momentum γ into f″ + 3H f′ + F Θ₀ l′(f) = 0 with t = k√η. All agree for √η → 0 at fixed H;
/// they differ in the power of √η with which the field leaves the training.
public enum DualityDictionary: String, Sendable, Hashable, Codable, CaseIterable {
    /// KS eqs. 4 and 8: 3H = (1 − γ)/√η, F = 1, released at rest. Leaves the training at first order in √η.
    case paper
    /// The equation that heavy ball discretises symmetrically: mass (1 + γ)/2, that is 3H = 2(1 − γ)/((1 + γ)√η),
    /// F = 2/(1 + γ), with the first kick f′(0) = −√η Θ₀ l′(f₀)/(1 + γ). Second order, also at γ = 0. The default.
    case corrected
    /// For quadratic losses, from the roots of the recursion: the field passes through every step. 3H = −ln γ/√η; the force
    /// depends on the mode. At γ = 0 a first-order gradient flow, which has no H and no V₀.
    case exact
    /// The equation whose solution heavy ball follows to fourth order in √η at fixed H, for any loss: 3H = −ln γ/√η, F = −ln γ/(1 − γ), and
    /// terms of order η, which `terms` leaves out where it is not told the mode. At γ = 0 a first-order flow, as for `exact`.
    case fourthOrder

    /// The dictionary used where none is asked for.
    public static let standard = DualityDictionary.corrected

    /// The terms of the dictionary for one learning rate and momentum.
    ///
    /// - Parameters:
    ///   - learningRate: η > 0.
    ///   - momentum: γ from 0 to 1; at 1 there is no friction, H = 0 and V₀ = 0.
    ///   - planckMass: the reduced Planck mass M in units of the output. Default 1.
    ///   - curvature: L_i l″ of the mode, of either sign; needed by `exact`, and by `fourthOrder` at γ = 0. Default none.
    /// - Throws: `DualityError.outOfRange`; `.curvatureNeeded`; `.noContinuumDual` for `exact`.
    public func terms(
        learningRate: Double, momentum: Double, planckMass: Double = 1, curvature: Double? = nil
    ) throws(DualityError) -> DictionaryTerms {
        try DualityError.check(learningRate: learningRate, momentum: momentum, planckMass: planckMass)
        let step = learningRate.squareRoot()
        let dynamics: DictionaryTerms.Dynamics
        switch self {
        case .paper:
            dynamics = .secondOrder(friction: (1 - momentum) / step, forceFactor: 1, initialVelocityFactor: 0)
        case .corrected:
            dynamics = .secondOrder(
                friction: 2 * (1 - momentum) / ((1 + momentum) * step), forceFactor: 2 / (1 + momentum),
                initialVelocityFactor: step / (1 + momentum))
        case .exact:
            guard let curvature else { throw .curvatureNeeded }
            dynamics = try ExactMode(learningRate: learningRate, momentum: momentum, curvature: curvature).dynamics
        case .fourthOrder:
            let order = FourthOrder(learningRate: learningRate, momentum: momentum)
            guard order.isSecondOrder || curvature != nil else { throw .curvatureNeeded }
            dynamics = curvature.map(order.mode) ?? order.leading
        }
        return DictionaryTerms(dictionary: self, timeStep: step, planckMass: planckMass, dynamics: dynamics)
    }

    /// The momentum by which training has that Hubble rate: the dictionary read the other way.
    ///
    /// γ = 1 − 3H√η (`paper`), (1 − x)/(1 + x) with x = 3H√η/2 (`corrected`), e^{−3H√η} (`exact`, `fourthOrder`).
    ///
    /// - Parameters:
    ///   - hubble: H ≥ 0 in units of 1/t, t = k√η.
    ///   - learningRate: η > 0.
    /// - Throws: `DualityError.outOfRange`, also for an H above that of γ = 0.
    public func momentum(hubble: Double, learningRate: Double) throws(DualityError) -> Double {
        try DualityError.check(learningRate: learningRate, momentum: 0)
        let step = learningRate.squareRoot(), kick = 3 * hubble * step
        let largest: Double
        switch self {
        case .paper: largest = 1 / (3 * step)
        case .corrected: largest = 2 / (3 * step)
        case .exact, .fourthOrder: largest = .greatestFiniteMagnitude
        }
        guard hubble >= 0, hubble <= largest else {
            throw .outOfRange(
                what: "the Hubble rate", value: hubble,
                limit: largest == .greatestFiniteMagnitude
                    ? "zero or more, and finite" : "from 0 to \(largest), that of momentum 0 by the dictionary '\(rawValue)'",
                remedy: hubble > largest ? "use a smaller learning rate" : "use 0 for no expansion")
        }
        switch self {
        case .paper: return max(0, 1 - kick)
        case .corrected: return max(0, (1 - kick / 2) / (1 + kick / 2))
        case .exact, .fourthOrder: return exp(-kick)
        }
    }
}
