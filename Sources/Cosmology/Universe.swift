/// A universe to be computed: field, expansion, initial state, times and modes; what `inflaton universe` prints.
public struct Universe: Sendable, Hashable {
    /// Field, potential, expansion and initial state at t = 0.
    public let background: Background
    /// The last time.
    public let until: Double
    /// Samples, equally spaced from t = 0 to `until` with both ends.
    public let samples: Int
    /// Perturbation modes, in the order of their columns.
    public let modes: [PerturbationMode]

    /// A universe, checked.
    ///
    /// - Parameters:
    ///   - background: field, potential, expansion and initial state.
    ///   - until: the last time, positive and finite.
    ///   - samples: at least 2.
    ///   - modes: perturbations to carry along; default none.
    /// - Throws: `UniverseError.outOfRange`.
    public init(
        background: Background, until: Double, samples: Int, modes: [PerturbationMode] = []
    ) throws(UniverseError) {
        guard until > 0, until.isFinite else {
            throw .outOfRange(
                quantity: "until", value: "\(until)", limit: "positive and finite", remedy: "Give the last time; the first is 0.")
        }
        guard samples >= 2 else {
            throw .outOfRange(
                quantity: "samples", value: "\(samples)", limit: "at least 2, the first and the last time",
                remedy: "Use 200 for a figure.")
        }
        self.background = background
        self.until = until
        self.samples = samples
        self.modes = modes
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

    /// The times of the samples.
    public var times: [Double] {
        (0..<samples).map { $0 == samples - 1 ? until : until * (Double($0) / Double(samples - 1)) }
    }

    /// Integrates the universe.
    ///
    /// - Parameter integrator: tolerance and limit of steps. Default 1e-12 and 10 000 000.
    /// - Throws: `UniverseError.stopped` where the solution diverges, or its energy density falls to zero under the Friedmann law.
    public func solve(integrator: UniverseIntegrator = .standard) throws(UniverseError) -> UniverseSolution {
        do {
            let samples = try integrator.samples(of: FieldMotion(background: background, modes: modes), at: times)
            return UniverseSolution(universe: self, samples: samples)
        } catch {
            throw background.explain(error)
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
        ] + modes
    }
}

/// A universe at the times asked for.
public struct UniverseSolution: Sendable, Hashable {
    public let universe: Universe
    /// One sample for each of `universe.times`.
    public let samples: [UniverseSample]

    /// The names of the columns: t, phi, velocity, eFolds, hubble, constraint, mode1, mode2, ….
    public var columnNames: [String] {
        ["t", "phi", "velocity", "eFolds", "hubble", "constraint"] + universe.modes.indices.map { "mode\($0 + 1)" }
    }
}
