/// The background at one time.
public struct BackgroundSample: Sendable, Hashable {
    /// Cosmic time t.
    public let time: Double
    /// φ(t).
    public let phi: Double
    /// φ′(t).
    public let velocity: Double
    /// N(t) = ln a, zero at t = 0.
    public let eFolds: Double
    /// H(t).
    public let hubble: Double
    /// How far the solution violates a law that the dynamics did not use: an accuracy that the run measures of itself.
    /// Dimensionless, zero at t = 0 and for an exact solution.
    ///
    /// Friedmann law: the dynamics takes H from H² = ρ/(3M²). Beside it a second rate h is carried by its own evolution
    /// equation h′ = −φ′²/(2M²), h(0) = H(0), which the dynamics never reads. The column is the residual of the Friedmann
    /// equation for that rate, (3M²h² − ρ)/ρ. (Evolving H in place of the constraint would let this drift feed back.)
    ///
    /// Constant H: the balance of energy, (ρ(t) + ∫₀ᵗ 3Hφ′² dt − ρ(0)) / (φ′(0)²/2 + |V(φ(0))|), with the integral carried
    /// beside the dynamics.
    ///
    /// Where the denominator is zero the residual is given undivided.
    public let constraint: Double
}

extension Background {
    /// Reads a state of the integration.
    func sample(time: Double, state: [Double]) -> BackgroundSample {
        let density = energyDensity(phi: state[0], velocity: state[1])
        let residual: Double
        let reference: Double
        switch hubble {
        case .friedmann(let planckMass):
            residual = 3 * planckMass * planckMass * state[3] * state[3] - density
            reference = density
        case .constant:
            residual = density + state[3] - energyDensity(phi: phi, velocity: velocity)
            reference = velocity * velocity / 2 + abs(potential.value(at: phi))
        }
        return BackgroundSample(
            time: time, phi: state[0], velocity: state[1], eFolds: state[2],
            hubble: hubble.rate(energyDensity: density), constraint: reference > 0 ? residual / reference : residual)
    }
}

/// A background as a function of time.
public struct BackgroundSolution: Sendable {
    /// What was solved.
    public let background: Background
    let dense: DenseSolution

    /// The times that the solution covers, from 0.
    public var timeRange: ClosedRange<Double> { dense.timeRange }

    /// The background at a time.
    ///
    /// - Throws: `IntegrationError.badArguments` for a time outside `timeRange`.
    public func sample(at time: Double) throws(IntegrationError) -> BackgroundSample {
        background.sample(time: time, state: try dense.evaluate(at: time))
    }
}
