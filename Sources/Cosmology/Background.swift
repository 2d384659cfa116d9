/// The homogeneous field in an expanding universe, in cosmic time t (KS eq. 6):
///
///     φ″ + 3Hφ′ + V′(φ) = 0,   N′ = H,   a = e^N,   N(0) = 0.
///
public struct Background: Sendable, Hashable {
    /// V(φ).
    public let potential: Potential
    /// The law of H.
    public let hubble: Hubble
    /// φ(0).
    public let phi: Double
    /// φ′(0).
    public let velocity: Double

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
        let density = velocity * velocity / 2 + potential.value(at: phi)
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
