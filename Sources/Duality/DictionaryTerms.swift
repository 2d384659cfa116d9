/// What a dictionary says of one learning rate and momentum. Times are in units of t = k√η unless said otherwise.
public struct DictionaryTerms: Sendable, Hashable, Codable {
    /// The equation that the field obeys.
    public enum Dynamics: Sendable, Hashable, Codable {
        /// f″ + friction · f′ + forceFactor · Θ₀ l′(f) = 0 with f′(0) = −initialVelocityFactor · Θ₀ l′(f₀).
        case secondOrder(friction: Double, forceFactor: Double, initialVelocityFactor: Double)
        /// f′ = −rate · (f − f_min), for one mode of a quadratic loss.
        case firstOrder(rate: Double)
    }

    /// The dictionary that states these terms.
    public let dictionary: DualityDictionary
    /// √η, the time of one training step.
    public let timeStep: Double
    /// The reduced Planck mass M.
    public let planckMass: Double
    /// The equation of motion.
    public let dynamics: Dynamics

    /// 3H; nil for the first-order flow.
    public var friction: Double? {
        if case .secondOrder(let friction, _, _) = dynamics { friction } else { nil }
    }

    /// F, the factor of Θ₀ l′; nil for the first-order flow.
    public var forceFactor: Double? {
        if case .secondOrder(_, let factor, _) = dynamics { factor } else { nil }
    }

    /// f′(0) over −Θ₀ l′(f₀); nil for the first-order flow.
    public var initialVelocityFactor: Double? {
        if case .secondOrder(_, _, let factor) = dynamics { factor } else { nil }
    }

    /// H; nil for the first-order flow.
    public var hubble: Double? { friction.map { $0 / 3 } }

    /// 1/H; nil where nothing expands (γ = 1) and for the first-order flow.
    public var hubbleTime: Double? { hubble.flatMap { $0 > 0 ? 1 / $0 : nil } }

    /// V₀ of V = Θ₀ l + V₀, in the unit of time in which the field has unit mass and force Θ₀ l′, as Θ₀ l₀/V₀ must compare
    /// energies of one kind; nil for the first-order flow.
    ///
    /// That unit is t for `paper`, V₀ = M²(1 − γ)²/(3η) (KS eq. 8), and t′ = t √(2/(1 + γ)) for `corrected`,
    /// V₀ = 2M²(1 − γ)²/(3(1 + γ)η). In general t′ = t √F and V₀ = 3M²H²/F with `hubble` as stated here, in units of t.
    public var vacuumEnergy: Double? {
        guard case .secondOrder(let friction, let factor, _) = dynamics else { return nil }
        return planckMass * planckMass * friction * friction / (3 * factor)
    }
}
