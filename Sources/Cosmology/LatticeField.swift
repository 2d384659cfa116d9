#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A field on a line of sites in an expanding universe, by leapfrog: what a lattice simulation does for the field that a network's outputs
/// on as many points are.
///
///     φ″ + 3Hφ′ − (φ_{i+1} − 2φ_i + φ_{i−1})/(a²Δ²) + V′(φ) = 0
///
/// With π = a³φ′ the step is π_{n+1/2} = π_{n−1/2} + h a_n³ F(φ_n), φ_{n+1} = φ_n + h π_{n+1/2}/a_{n+1/2}³, F the force: of second order in h
/// and Δ, symplectic, and explicit, as friction is in π already. The background is given; the field does not act on it.
public struct LatticeField: Sendable {
    /// How the universe expands; a = 1 at the start.
    public enum Expansion: Sendable, Hashable {
        /// a = e^{Ht}; H = 0 is static.
        case constant(hubble: Double)
        /// a = (1 + t/t₀)^p, an era that is t₀ old at the start.
        case powerLaw(exponent: Double, age: Double)

        func scaleFactor(_ time: Double) -> Double {
            switch self {
            case .constant(let hubble): exp(hubble * time)
            case .powerLaw(let exponent, let age): pow(1 + time / age, exponent)
            }
        }
    }

    /// What lies beyond the last site.
    public enum Boundary: Sendable, Hashable {
        /// The first.
        case periodic
        /// Its mirror image: no flux.
        case reflecting
    }

    public let potential: Potential
    public let expansion: Expansion
    public let boundary: Boundary
    /// Δ, comoving.
    public let spacing: Double
    /// Whether sites are coupled: k²/a² on or off.
    public let hasGradient: Bool

    /// A lattice.
    ///
    /// - Throws: `UniverseError.outOfRange` for a spacing or age that is not positive and rates that are not finite.
    public init(
        potential: Potential, expansion: Expansion, spacing: Double, boundary: Boundary = .periodic, hasGradient: Bool = true
    ) throws(UniverseError) {
        guard spacing > 0, spacing.isFinite else {
            throw .outOfRange(quantity: "spacing", value: "\(spacing)", limit: "positive and finite", remedy: "Give the distance of sites.")
        }
        switch expansion {
        case .constant(let hubble): try UniverseError.requireFinite(hubble, "hubble")
        case .powerLaw(let exponent, let age):
            try UniverseError.requireFinite(exponent, "exponent of the expansion")
            guard age > 0, age.isFinite else {
                throw .outOfRange(quantity: "age", value: "\(age)", limit: "positive and finite", remedy: "H = p/t₀ at the start.")
            }
        }
        self.potential = potential
        self.expansion = expansion
        self.spacing = spacing
        self.boundary = boundary
        self.hasGradient = hasGradient
    }

    /// Field and velocity at one time, a value a site.
    public struct State: Sendable, Hashable {
        public var time: Double
        public var phi: [Double]
        public var velocity: [Double]

        public init(time: Double = 0, phi: [Double], velocity: [Double]) {
            (self.time, self.phi, self.velocity) = (time, phi, velocity)
        }
    }

    /// The states at steps 0, `every`, 2 · `every`, … up to `steps`. Velocities are the means of the half steps around, of second order too.
    ///
    /// - Parameters:
    ///   - initial: at t = 0, at least two sites, three of a periodic lattice.
    ///   - timeStep: h, positive; with gradient at most the time of light between sites, aΔ, at the smallest a.
    ///   - steps: at least 1.
    /// - Throws: `UniverseError.outOfRange`; `.stopped` where a value is no longer finite.
    public func evolve(_ initial: State, timeStep: Double, steps: Int, every: Int = 1) throws(UniverseError) -> [State] {
        try check(initial, timeStep: timeStep, steps: steps, every: every)
        let count = initial.phi.count
        var (phi, momentum) = (initial.phi, initial.velocity)
        var force = [Double](repeating: 0, count: count)
        var states = [State(phi: phi, velocity: momentum)]
        for step in 0..<steps {
            let time = Double(step) * timeStep
            let here = expansion.scaleFactor(time), between = expansion.scaleFactor(time + timeStep / 2)
            write(phi, scaleFactor: here, &force)
            let kick = timeStep * here * here * here, drift = timeStep / (between * between * between)
            // The first kick is half of one; a state in the middle of a kick has half of it.
            if step > 0, step.isMultiple(of: every) {
                let half = kick / 2, volume = here * here * here
                states.append(State(time: time, phi: phi, velocity: (0..<count).map { (momentum[$0] + half * force[$0]) / volume }))
            }
            let share = step == 0 ? kick / 2 : kick
            for site in 0..<count {
                momentum[site] += share * force[site]
                phi[site] += drift * momentum[site]
            }
            guard phi.allSatisfy(\.isFinite) else { throw .stopped(.notFinite(time: time), remedy: "Shorten the step.") }
        }
        if steps.isMultiple(of: every) {
            let time = Double(steps) * timeStep, here = expansion.scaleFactor(time), volume = here * here * here
            write(phi, scaleFactor: here, &force)
            states.append(
                State(
                    time: time, phi: phi, velocity: (0..<count).map { (momentum[$0] + timeStep / 2 * volume * force[$0]) / volume }))
        }
        return states
    }

    /// The energy density averaged over sites: kinetic, gradient and potential.
    public func energy(_ state: State) -> (kinetic: Double, gradient: Double, potential: Double) {
        let count = state.phi.count
        let a = expansion.scaleFactor(state.time)
        var (kinetic, gradient, height) = (0.0, 0.0, 0.0)
        for site in 0..<count {
            kinetic += state.velocity[site] * state.velocity[site] / 2
            height += potential.value(at: state.phi[site])
            guard hasGradient, boundary == .periodic || site + 1 < count else { continue }
            let slope = (state.phi[(site + 1) % count] - state.phi[site]) / (a * spacing)
            gradient += slope * slope / 2
        }
        return (kinetic / Double(count), gradient / Double(count), height / Double(count))
    }

    private func check(_ initial: State, timeStep: Double, steps: Int, every: Int) throws(UniverseError) {
        let least = boundary == .periodic ? 3 : 2
        guard initial.phi.count >= least, initial.velocity.count == initial.phi.count else {
            throw .outOfRange(
                quantity: "sites", value: "\(initial.phi.count) with \(initial.velocity.count) velocities",
                limit: "at least \(least), with a velocity each", remedy: "Give a value for every site.")
        }
        guard initial.phi.allSatisfy(\.isFinite), initial.velocity.allSatisfy(\.isFinite) else {
            throw .outOfRange(quantity: "the initial state", value: "not finite", limit: "finite", remedy: "Check the values.")
        }
        guard steps >= 1, every >= 1 else {
            throw .outOfRange(
                quantity: "steps", value: "\(steps), every \(every)", limit: "at least 1 each", remedy: "Ask for a step or more.")
        }
        let smallest = min(1, expansion.scaleFactor(Double(steps) * timeStep))
        let longest = hasGradient ? smallest * spacing : .infinity
        guard timeStep > 0, timeStep <= longest, timeStep.isFinite else {
            throw .outOfRange(
                quantity: "time step", value: "\(timeStep)", limit: "positive and at most \(longest), the time of light between sites",
                remedy: "Shorten it, or use fewer sites.")
        }
    }

    /// F at each site.
    private func write(_ phi: [Double], scaleFactor a: Double, _ force: inout [Double]) {
        let last = phi.count - 1
        for site in 0...last { force[site] = -potential.slope(at: phi[site]) }
        guard hasGradient else { return }
        let weight = 1 / (a * spacing * (a * spacing))
        for site in 1..<last { force[site] += weight * (phi[site + 1] - 2 * phi[site] + phi[site - 1]) }
        let (before, after) = boundary == .periodic ? (phi[last], phi[0]) : (phi[0], phi[last])
        force[0] += weight * (phi[1] - 2 * phi[0] + before)
        force[last] += weight * (after - 2 * phi[last] + phi[last - 1])
    }
}
