/// Several homogeneous fields in an expanding universe, with a constant metric Θ⁻¹ on the space of fields:
///
///     φ_a″ + 3Hφ_a′ + Σ_b Θ_ab ∂V/∂φ_b = 0,   3M²H² = ½ Σ Θ⁻¹_ab φ_a′φ_b′ + V + Σρ,   N′ = H,
///
/// which is what the C outputs of a network on one point are dual to, V = Σ_c l(f_c) + V₀.
///
/// It is integrated by explicit steps (``DormandPrince853``) in canonical fields. Numbers are known to a hundredth of the tolerance of the
/// largest at the start, however far they decay; one field alone (``Universe``) is known to more.
public struct FieldUniverse: Sendable, Hashable {
    public let space: FieldSpace
    /// V.
    public let potential: FieldPotential
    /// The law of H.
    public let hubble: Hubble
    /// φ_a(0).
    public let phi: [Double]
    /// φ_a′(0).
    public let velocity: [Double]
    /// What else there is, of the Friedmann law only.
    public let fluids: [Fluid]
    /// a(0).
    public let scaleFactor: Double
    /// Perturbations.
    public private(set) var modes: [PerturbationMode]
    /// What the modes are perturbations of.
    public let kind: PerturbationKind
    /// What samples are spaced in.
    public let clock: Clock

    /// A universe from its initial state at t = 0.
    ///
    /// - Parameters:
    ///   - space: the metric.
    ///   - potential: of as many fields.
    ///   - hubble: the law of H.
    ///   - phi: φ_a(0).
    ///   - velocity: φ_a′(0); default at rest.
    ///   - fluids: of the Friedmann law only; default none.
    ///   - scaleFactor: a(0); default 1.
    ///   - modes: perturbations δ_a, C solutions each, the b-th of which starts as a unit of field b at rest; default none. With
    ///     mass ratio r and wavenumber k: δ_a″ + 3Hδ_a′ + (k²/a²)δ_a + r Σ Θ_ab V_bc δ_c = 0.
    ///   - kind: a test field, which is the default, or gauge-invariant, with −(a³φ_a′ w_c/H)′/(a³M²) beside ΘV″, w = Θ⁻¹φ′.
    ///   - clock: cosmic time, which is the default, or e-folds.
    /// - Throws: `UniverseError.outOfRange` for lists of different length, numbers that are not finite, a density that is negative or not
    ///   finite, fluids at constant H, e-folds of a universe that does not expand, and gauge-invariant modes at constant H, beside fluids or
    ///   of a mass ratio other than 1.
    public init(
        space: FieldSpace, potential: FieldPotential, hubble: Hubble, phi: [Double], velocity: [Double]? = nil, fluids: [Fluid] = [],
        scaleFactor: Double = 1, modes: [PerturbationMode] = [], kind: PerturbationKind = .testField, clock: Clock = .time
    ) throws(UniverseError) {
        self.space = space
        self.potential = potential
        self.hubble = hubble
        self.phi = phi
        self.velocity = velocity ?? phi.map { _ in 0 }
        self.fluids = fluids
        self.scaleFactor = scaleFactor
        self.modes = modes
        self.kind = kind
        self.clock = clock
        for (what, count) in [("fields", phi.count), ("velocities", self.velocity.count), ("fields of the potential", potential.count)] {
            guard count == space.count else {
                throw .outOfRange(
                    quantity: "the number of \(what)", value: "\(count)", limit: "\(space.count), that of the kernel's rows",
                    remedy: "Give one for each field.")
            }
        }
        for value in phi { try UniverseError.requireFinite(value, "phi") }
        for value in self.velocity { try UniverseError.requireFinite(value, "velocity") }
        guard scaleFactor > 0, scaleFactor.isFinite else {
            throw .outOfRange(
                quantity: "scale factor", value: "\(scaleFactor)", limit: "positive and finite", remedy: "Use 1, today's by convention.")
        }
        try check()
    }

    private func check() throws(UniverseError) {
        let motion = FieldsMotion(self), density = motion.startingDensity
        guard density.isFinite else {
            throw .outOfRange(
                quantity: "initial energy density", value: "\(density)", limit: "a finite number",
                remedy: "Start where the potential \(potential) has a value.")
        }
        var isConstant = false
        switch hubble {
        case .constant(let rate):
            isConstant = true
            try UniverseError.requireFinite(rate, "hubble")
        case .friedmann(let planckMass):
            try UniverseError.requirePlanckMass(planckMass)
            guard density >= 0 else {
                throw .outOfRange(
                    quantity: "initial energy density", value: "\(density)", limit: "at least 0, since it makes H²",
                    remedy: "Raise the vacuum energy by at least \(-density), or choose a constant H.")
            }
        }
        if isConstant { try UniverseError.requireNoFluids(fluids) }
        guard clock == .time || motion.startingHubble > 0 else {
            throw .outOfRange(
                quantity: "H at the start", value: "\(motion.startingHubble)", limit: "positive, for e-folds to be a clock",
                remedy: "Use cosmic time.")
        }
        guard kind == .gaugeInvariant, !modes.isEmpty else { return }
        guard !isConstant, fluids.isEmpty else {
            throw .outOfRange(
                quantity: "the gauge-invariant perturbation's background", value: isConstant ? "a constant H" : "fields with fluids",
                limit: "fields alone with the Friedmann law, since what makes the expansion perturbs the metric",
                remedy: "Use a test field.")
        }
        if let mode = modes.first(where: { $0.massRatio != 1 }) {
            throw .outOfRange(
                quantity: "mass ratio of a gauge-invariant mode", value: "\(mode.massRatio)", limit: "1, the fields' own",
                remedy: "Use a test field for other masses.")
        }
    }

    /// Samples equally spaced on the clock, with both ends.
    ///
    /// - Parameters:
    ///   - until: the last value of the clock, positive and finite.
    ///   - samples: at least 2.
    ///   - stopAtEpsilon: the last sample is where ε first rises to this, which must come before `until`; default none.
    ///   - integrator: its tolerance and limit of steps.
    /// - Throws: `UniverseError`.
    public func solve(
        until: Double, samples: Int, stopAtEpsilon: Double? = nil, integrator: UniverseIntegrator = .standard
    ) throws(UniverseError) -> [FieldSample] {
        try UniverseError.requireSamples(samples, until: until)
        let motion = FieldsMotion(self)
        let initial = motion.initialState
        let method = DormandPrince853(
            relativeTolerance: integrator.tolerance, absoluteTolerance: 0.01 * integrator.tolerance * motion.size,
            maximumSteps: integrator.maximumSteps)
        let end = try end(FieldsMotion(background), method, until: until, stopAtEpsilon)
        let times = (0..<samples).map { $0 == samples - 1 ? end : end * (Double($0) / Double(samples - 1)) }
        do throws(IntegrationError) {
            let states = try method.solve(from: 0, initial: initial, at: times) { motion.writeRates($0, $1, $2) }
            return zip(times, states).map { time, state in state.withUnsafeBufferPointer { motion.sample(time, $0) } }
        } catch { throw explain(error) }
    }

    /// Where ε of a motion without modes first comes from below to `epsilon`, by bisection on the interpolants; `until` where none is asked for.
    private func end(
        _ motion: FieldsMotion, _ method: DormandPrince853, until: Double, _ epsilon: Double?
    ) throws(UniverseError) -> Double {
        guard let epsilon else { return until }
        guard epsilon > 0, epsilon.isFinite else {
            throw .outOfRange(
                quantity: "epsilon to stop at", value: "\(epsilon)", limit: "positive and finite",
                remedy: "Use 1, where inflation ends.")
        }
        if case .constant = hubble {
            throw .outOfRange(
                quantity: "epsilon to stop at", value: "\(epsilon)", limit: "absent at constant H, where epsilon is 0 for ever",
                remedy: "Use the Friedmann law.")
        }
        func value(_ time: Double, _ state: [Double]) -> Double { state.withUnsafeBufferPointer { motion.epsilon(time, $0) } }
        // In pieces, since the steps are kept: those of a whole universe may be many.
        var (state, left, last) = (motion.initialState, 0.0, Double.infinity)
        do throws(IntegrationError) {
            for piece in 1...Self.pieces {
                let right = piece == Self.pieces ? until : until * Double(piece) / Double(Self.pieces)
                let solution = try method.solve(from: left, initial: state, until: right) { motion.writeRates($0, $1, $2) }
                for (from, to) in zip(solution.breakpoints, solution.breakpoints.dropFirst()) {
                    // A step is a small part of an oscillation, so that ε has one extremum in it at the most.
                    for part in 0...Self.parts {
                        let time = part == Self.parts ? to : from + (to - from) * Double(part) / Double(Self.parts)
                        let now = value(time, try solution.evaluate(at: time))
                        defer { last = now }
                        guard last < epsilon, now >= epsilon, part > 0 else { continue }
                        var (low, high) = (from + (to - from) * Double(part - 1) / Double(Self.parts), time)
                        while true {
                            let middle = low + (high - low) / 2
                            guard middle > low, middle < high else { return high }
                            if value(middle, try solution.evaluate(at: middle)) < epsilon { low = middle } else { high = middle }
                        }
                    }
                }
                (state, left) = (try solution.evaluate(at: right), right)
            }
        } catch { throw explain(error) }
        throw .eventNotReached(epsilon: epsilon, until: until, last: last)
    }

    /// Pieces of the time that an event is looked for in, and places of a step that it is looked for between.
    private static let (pieces, parts) = (64, 4)

    /// The same without its modes.
    private var background: FieldUniverse {
        var background = self
        background.modes = []
        return background
    }

    private func explain(_ error: IntegrationError) -> UniverseError {
        let counted = clock == .eFolds ? IntegrationError.inEFolds(error.kind) : error
        return switch error.kind {
        case .tooManySteps, .badArguments, .inEFolds: .stopped(counted, remedy: "")
        case .stepTooSmall, .notFinite:
            .stopped(
                counted,
                remedy: "The potential may not be a number where the fields come, or the energy density falls below zero, beyond which "
                    + "several fields are not followed: end before it, or raise the vacuum energy.")
        }
    }
}
