#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The homogeneous field in an expanding universe, in cosmic time t (KS eq. 6):
///
///     φ″ + 3Hφ′ + V′(φ) = 0,   N′ = H,   a = a₀ e^N,   N(0) = 0.
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
    /// What else there is, of the Friedmann law only.
    public let fluids: [Fluid]
    /// a₀ = a(0), in which fluids have their densities and modes their wavelengths.
    public let scaleFactor: Double

    /// A background from its initial state at t = 0.
    ///
    /// - Throws: `UniverseError.outOfRange` for numbers that are not finite, a Planck mass or scale factor that is not positive, a negative
    ///   initial energy density with the Friedmann law, and fluids without that law; `potentialNotFinite` where φ(0) has no potential.
    public init(
        potential: Potential, hubble: Hubble, phi: Double, velocity: Double = 0, fluids: [Fluid] = [], scaleFactor: Double = 1
    ) throws(UniverseError) {
        try UniverseError.requireFinite(phi, "phi")
        try UniverseError.requireFinite(velocity, "velocity")
        self.potential = potential
        self.hubble = hubble
        self.phi = phi
        self.velocity = velocity
        guard scaleFactor > 0, scaleFactor.isFinite else {
            throw .outOfRange(
                quantity: "scale factor", value: "\(scaleFactor)", limit: "positive and finite", remedy: "Use 1, today's by convention.")
        }
        self.fluids = fluids
        self.scaleFactor = scaleFactor
        if potential.kind == .formula, !(potential.value(at: phi).isFinite && potential.slope(at: phi).isFinite) {
            throw .potentialNotFinite(potential: potential.description, phi: phi, time: 0)
        }
        let density = fluids.reduce(velocity * velocity / 2 + potential.value(at: phi)) {
            $0 + $1.density * pow(scaleFactor, -3 * (1 + $1.equationOfState))
        }
        guard density.isFinite else {
            throw .outOfRange(
                quantity: "initial energy density", value: "\(density)", limit: "a finite number",
                remedy: fluids.isEmpty ? "Reduce phi, velocity or scale." : "Reduce phi, velocity, scale or the fluids, or begin later.")
        }
        switch hubble {
        case .friedmann(let planckMass):
            try UniverseError.requirePlanckMass(planckMass)
            guard density >= 0 else {
                throw .outOfRange(
                    quantity: "initial energy density", value: "\(density)",
                    limit: "at least 0, since it makes H² = \(fluids.isEmpty ? "(φ′²/2 + V)" : "(φ′²/2 + V + Σρ)")/(3M²)",
                    remedy: "Raise the vacuum energy by at least \(-density), or choose a constant H.")
            }
        case .constant(let rate):
            try UniverseError.requireFinite(rate, "hubble")
            try UniverseError.requireNoFluids(fluids)
        }
    }

    /// What went wrong, in the terms of this universe.
    func explain(_ error: IntegrationError, _ motion: FieldMotion) -> UniverseError {
        let time: Double, counted = motion.clock == .eFolds ? IntegrationError.inEFolds(error.kind) : error
        switch error.kind {
        case .stepTooSmall(let at), .notFinite(let at): time = at
        case .tooManySteps, .badArguments, .inEFolds: return .stopped(counted, remedy: "")
        }
        if let phi = motion.outside {
            return .potentialNotFinite(potential: potential.description, phi: phi, time: time)
        }
        if let turnaround = motion.record.turnaround {
            return .stopped(
                counted,
                remedy: "The energy density fell to zero at t = \(turnaround), the universe has contracted since, and ends here: stop "
                    + "before, or raise the vacuum energy.")
        }
        if motion.clock == .eFolds {
            return .stopped(counted, remedy: "H may fall to zero here, beyond which e-folds are no clock: use cosmic time.")
        }
        return .stopped(counted, remedy: "")
    }
}
