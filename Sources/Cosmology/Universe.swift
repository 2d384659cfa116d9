/// A universe to be computed: field, expansion, initial state, times and modes; what `inflaton universe` prints.
public struct Universe: Sendable, Hashable {
    /// Field, potential, expansion and initial state at t = 0.
    public let background: Background
    /// The last value of the clock.
    public let until: Double
    /// Samples, equally spaced on the clock from 0 to `until`, or to the event, with both ends.
    public let samples: Int
    /// Perturbation modes, in the order of their columns.
    public let modes: [PerturbationMode]
    /// What the modes are perturbations of.
    public let kind: PerturbationKind
    /// What the samples are spaced in.
    public let clock: Clock
    /// Where ε first rises to this, the universe is at its last sample; nil to go on to `until`.
    public let stopAtEpsilon: Double?

    /// A universe, checked.
    ///
    /// - Parameters:
    ///   - background: field, potential, expansion and initial state.
    ///   - until: the last value of the clock, positive and finite.
    ///   - samples: at least 2.
    ///   - modes: perturbations to carry along; default none.
    ///   - kind: what they are perturbations of; default a test field.
    ///   - clock: cosmic time, which is the default, or e-folds.
    ///   - stopAtEpsilon: ends with the event that ε rises to it, which must come before `until`; default none.
    /// - Throws: `UniverseError.outOfRange`.
    public init(
        background: Background, until: Double, samples: Int, modes: [PerturbationMode] = [], kind: PerturbationKind = .testField,
        clock: Clock = .time, stopAtEpsilon: Double? = nil
    ) throws(UniverseError) {
        try UniverseError.requireSamples(samples, until: until)
        self.background = background
        self.until = until
        self.samples = samples
        self.modes = modes
        self.kind = kind
        self.clock = clock
        self.stopAtEpsilon = stopAtEpsilon
        try check()
    }

    private func check() throws(UniverseError) {
        var isConstant = false
        if case .constant = background.hubble { isConstant = true }
        if let epsilon = stopAtEpsilon {
            guard epsilon > 0, epsilon.isFinite else {
                throw .outOfRange(
                    quantity: "epsilon to stop at", value: "\(epsilon)", limit: "positive and finite",
                    remedy: "Use 1, where inflation ends.")
            }
            guard !isConstant else {
                throw .outOfRange(
                    quantity: "epsilon to stop at", value: "\(epsilon)", limit: "absent at constant H, where epsilon is 0 for ever",
                    remedy: "Use the Friedmann law.")
            }
        }
        if clock == .eFolds {
            let start = FieldMotion(background: background, modes: []).startingHubble
            guard start > 0 else {
                throw .outOfRange(
                    quantity: "H at the start", value: "\(start)", limit: "positive, for e-folds to be a clock",
                    remedy: "Use cosmic time.")
            }
        }
        if kind == .gaugeInvariant, !modes.isEmpty {
            guard !isConstant, background.fluids.isEmpty else {
                throw .outOfRange(
                    quantity: "the gauge-invariant perturbation's background", value: isConstant ? "a constant H" : "a field with fluids",
                    limit: "a field alone with the Friedmann law, since what makes the expansion perturbs the metric",
                    remedy: "Use a test field.")
            }
            if let mode = modes.first(where: { $0.massRatio != 1 }) {
                throw .outOfRange(
                    quantity: "mass ratio of a gauge-invariant mode", value: "\(mode.massRatio)",
                    limit: "1, the field's own", remedy: "Use a test field for other masses.")
            }
        }
    }

    /// A universe from the numbers that a user gives.
    ///
    /// - Throws: `UniverseError.outOfRange` for each of them that is out of its limits.
    public init(
        potential: Potential, hubble: Hubble, phi: Double, velocity: Double = 0, until: Double, samples: Int,
        modes: [PerturbationMode] = []
    ) throws(UniverseError) {
        try self.init(
            background: try Background(potential: potential, hubble: hubble, phi: phi, velocity: velocity),
            until: until, samples: samples, modes: modes)
    }

    /// The clock's values of the samples, where no event ends them.
    public var times: [Double] {
        (0..<samples).map { $0 == samples - 1 ? until : until * (Double($0) / Double(samples - 1)) }
    }

    /// Integrates the universe.
    ///
    /// - Parameter integrator: tolerance and limit of steps. Default 1e-12 and 10 000 000.
    /// - Throws: `UniverseError.stopped` where the solution diverges, `potentialNotFinite` where the field leaves its potential,
    ///   `eventNotReached`.
    public func solve(integrator: UniverseIntegrator = .standard) throws(UniverseError) -> UniverseSolution {
        var universe = self
        if let epsilon = stopAtEpsilon {
            // Alone first: where it ends is known only then, and with it where the samples are.
            let motion = FieldMotion(background: background, modes: [], clock: clock)
            let event: (at: Double?, last: Double)
            do { event = try integrator.rise(of: motion, to: epsilon, until: until) } catch { throw background.explain(error, motion) }
            guard let end = event.at else { throw .eventNotReached(epsilon: epsilon, until: until, last: event.last) }
            universe = try Universe(background: background, until: end, samples: samples, modes: modes, kind: kind, clock: clock)
        }
        let motion = FieldMotion(background: background, modes: modes, kind: kind, clock: clock)
        do {
            return UniverseSolution(universe: self, samples: try integrator.samples(of: motion, at: universe.times))
        } catch {
            throw background.explain(error, motion)
        }
    }
}

/// A universe at one time.
public struct UniverseSample: Sendable, Hashable {
    public let background: BackgroundSample
    /// The amplitude d of each mode, 1 at t = 0.
    public let modes: [Double]

    /// The row of the table, in the order of `UniverseSolution.columnNames`.
    public var values: [Double] {
        [
            background.time, background.phi, background.velocity, background.eFolds, background.hubble, background.constraint,
            background.epsilon, background.scaleFactor,
        ] + modes
    }
}

/// A universe at the times asked for.
public struct UniverseSolution: Sendable, Hashable {
    public let universe: Universe
    /// One sample for each of the universe's times; the last is the event where it stops at one.
    public let samples: [UniverseSample]

    /// The names of the columns: t, phi, velocity, eFolds, hubble, constraint, epsilon, scaleFactor, mode1,
    /// mode2, ….
    public var columnNames: [String] {
        ["t", "phi", "velocity", "eFolds", "hubble", "constraint", "epsilon", "scaleFactor"]
            + universe.modes.indices.map { "mode\($0 + 1)" }
    }
}
