/// The homogeneous field in an expanding universe, in cosmic time t (KS eq. 6):
///
///     φ″ + 3Hφ′ + V′(φ) = 0,   N′ = H,   a = e^N,   N(0) = 0.
///
/// State of the integration: φ, φ′, N and a fourth number that the dynamics never reads and the constraint is tested with
/// (see `BackgroundSample.constraint`).
public struct Background: Sendable, Hashable {
    /// V(φ).
    public let potential: Potential
    /// The law of H.
    public let hubble: Hubble
    /// φ(0).
    public let phi: Double
    /// φ′(0).
    public let velocity: Double

    static let stateCount = 4

    /// A background from its initial state at t = 0.
    ///
    /// - Throws: `UniverseError.outOfRange` for numbers that are not finite, a Planck mass that is not positive, and a negative
    ///   initial energy density with the Friedmann law.
    public init(potential: Potential, hubble: Hubble, phi: Double, velocity: Double = 0) throws(UniverseError) {
        try UniverseError.requireFinite(phi, "phi")
        try UniverseError.requireFinite(velocity, "velocity")
        self.potential = potential
        self.hubble = hubble
        self.phi = phi
        self.velocity = velocity
        let density = energyDensity(phi: phi, velocity: velocity)
        guard density.isFinite else {
            throw .outOfRange(
                quantity: "initial energy density", value: "\(density)", limit: "a finite number",
                remedy: "Reduce phi, velocity or scale.")
        }
        switch hubble {
        case .friedmann(let planckMass):
            guard planckMass > 0, planckMass.isFinite else {
                throw .outOfRange(
                    quantity: "Planck mass", value: "\(planckMass)", limit: "positive and finite",
                    remedy: "Use 1, the convention in units of the reduced Planck mass.")
            }
            guard density >= 0 else {
                throw .outOfRange(
                    quantity: "initial energy density", value: "\(density)",
                    limit: "at least 0, since H² = (φ′²/2 + V)/(3M²)",
                    remedy: "Raise the vacuum energy by at least \(-density), or choose a constant H.")
            }
        case .constant(let rate):
            try UniverseError.requireFinite(rate, "hubble")
        }
    }

    /// ρ = φ′²/2 + V(φ).
    public func energyDensity(phi: Double, velocity: Double) -> Double {
        velocity * velocity / 2 + potential.value(at: phi)
    }

    /// H for a state of the field.
    public func hubbleRate(phi: Double, velocity: Double) -> Double {
        hubble.rate(energyDensity: energyDensity(phi: phi, velocity: velocity))
    }

    /// The universe from t = 0 to `end` as a function of time.
    ///
    /// - Parameters:
    ///   - end: the last time, not negative.
    ///   - integrator: tolerances; default 1e-12 relative, 1e-14 absolute.
    /// - Throws: `UniverseError.stopped` where the solution diverges, or its energy density falls to zero under the Friedmann law.
    public func solve(
        until end: Double, integrator: DormandPrince853 = DormandPrince853()
    ) throws(UniverseError) -> BackgroundSolution {
        try Perturbations(background: self, modes: []).solve(until: end, integrator: integrator).background
    }

    /// The initial state of the integration.
    var initialState: [Double] {
        switch hubble {
        case .friedmann: [phi, velocity, 0, hubbleRate(phi: phi, velocity: velocity)]
        case .constant: [phi, velocity, 0, 0]
        }
    }

    /// Writes the rates of the four background numbers and returns H.
    @inline(__always)
    func writeRates(_ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>) -> Double {
        let velocity = state[1]
        let current = hubbleRate(phi: state[0], velocity: velocity)
        rate[0] = velocity
        rate[1] = -3 * current * velocity - potential.slope(at: state[0])
        rate[2] = current
        switch hubble {
        case .friedmann(let planckMass): rate[3] = -velocity * velocity / (2 * planckMass * planckMass)
        case .constant: rate[3] = 3 * current * velocity * velocity
        }
        return current
    }

    /// What went wrong, in the terms of this universe.
    func explain(_ error: IntegrationError) -> UniverseError {
        switch (error, hubble) {
        case (.stepTooSmall, .friedmann) where potential.vacuumEnergy < 0, (.notFinite, .friedmann) where potential.vacuumEnergy < 0:
            .stopped(
                error,
                remedy: "With a vacuum energy of \(potential.vacuumEnergy), below 0, the energy density falls to zero and the "
                    + "expanding solution of the Friedmann equation ends: raise the vacuum energy.")
        default:
            .stopped(error, remedy: "")
        }
    }
}
