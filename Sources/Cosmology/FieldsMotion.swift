#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The equations of several fields as their integration sees them, in canonical fields: with Θ = L Lᵀ, u = L⁻¹φ′ and g = Lᵀ ∂V/∂φ
///
///     φ′ = L u,   u′ = −3Hu − g,   ψ″ + 3Hψ′ + (k²/a² + r LᵀV″L + m)ψ = 0,   δ = Lψ.
///
/// State: φ, u, then N of the clock t or t of the clock N, and a number that the dynamics never reads and the constraint is tested with
/// (ln h(t)/h(0) of a carried rate h′ = −(u² + Σ(1 + w)ρ)/2M²; at constant H ∫ 3H u² dt); then ψ and ψ′ of the C solutions of each mode.
/// The metric's part of gauge-invariant modes is m_ab = [(3 − ε)u_a u_b + (g_a u_b + u_a g_b)/H]/M².
struct FieldsMotion {
    let universe: FieldUniverse
    /// C.
    let count: Int
    /// ρ at N = 0 and 3(1 + w) of each fluid.
    private let fluids: [(density: Double, dilution: Double)]
    /// What densities are 3M² times H² of; NaN at constant H.
    private let squaredMass: Double
    /// φ_a′²/2 + V and fluids at the start.
    private(set) var startingDensity = 0.0
    /// L⁻¹φ′ at the start.
    private let start: [Double]

    init(_ universe: FieldUniverse) {
        self.universe = universe
        count = universe.space.count
        fluids = universe.fluids.map { fluid in
            let dilution = 3 * (1 + fluid.equationOfState)
            return (fluid.density * pow(universe.scaleFactor, -dilution), dilution)
        }
        if case .friedmann(let planckMass) = universe.hubble { squaredMass = planckMass * planckMass } else { squaredMass = .nan }
        start = universe.velocity.count == count ? universe.space.canonical(universe.velocity) : []
        let kinetic = start.reduce(0) { $0 + 0.5 * $1 * $1 }
        startingDensity = fluids.reduce(kinetic + universe.phi.withUnsafeBufferPointer { universe.potential.value(at: $0) }) {
            $0 + $1.density
        }
    }

    /// Where the modes begin in a state.
    private var background: Int { 2 * count + 2 }

    /// The largest number of the background at the start, not above 1.
    var size: Double { max(.leastNormalMagnitude * 1e20, min(1, (universe.phi + start).reduce(0) { max($0, abs($1)) })) }

    var startingHubble: Double {
        if case .constant(let rate) = universe.hubble { rate } else { (startingDensity / (3 * squaredMass)).squareRoot() }
    }

    var initialState: [Double] {
        var state = universe.phi + start + [0, 0]
        for _ in universe.modes {
            for field in 0..<count {
                state += universe.space.canonical((0..<count).map { $0 == field ? 1 : 0 }) + [Double](repeating: 0, count: count)
            }
        }
        return state
    }

    private func eFolds(_ time: Double, _ state: UnsafeBufferPointer<Double>) -> Double {
        universe.clock == .time ? state[2 * count] : time
    }

    /// ρ, ½u², V and Σ(1 + w)ρ.
    private func energies(
        _ time: Double, _ state: UnsafeBufferPointer<Double>
    ) -> (density: Double, kinetic: Double, potential: Double, enthalpy: Double) {
        var kinetic = 0.0
        for a in 0..<count { kinetic += 0.5 * state[count + a] * state[count + a] }
        let potential = universe.potential.value(at: UnsafeBufferPointer(rebasing: state[..<count]))
        var (density, enthalpy) = (kinetic + potential, 0.0)
        for fluid in fluids {
            let part = fluid.density * exp(-fluid.dilution * eFolds(time, state))
            density += part
            enthalpy += fluid.dilution / 3 * part
        }
        return (density, kinetic, potential, enthalpy)
    }

    private func hubble(density: Double) -> Double {
        if case .constant(let rate) = universe.hubble { rate } else { (density / (3 * squaredMass)).squareRoot() }
    }

    /// ε = −H′/H² = (u² + Σ(1 + w)ρ)/(2M²H²); 0 at constant H.
    func epsilon(_ time: Double, _ state: UnsafeBufferPointer<Double>) -> Double {
        let energies = energies(time, state)
        return squaredMass.isNaN ? 0 : 1.5 * (2 * energies.kinetic + energies.enthalpy) / energies.density
    }

    func writeRates(_ time: Double, _ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>) {
        let energies = energies(time, state), hubble = hubble(density: energies.density)
        let phi = UnsafeBufferPointer(rebasing: state[..<count]), u = UnsafeBufferPointer(rebasing: state[count..<2 * count])
        universe.space.lift(u, into: UnsafeMutableBufferPointer(rebasing: rate[..<count]))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count + 2 * count * count) { scratch in
            let slope = UnsafeMutableBufferPointer(rebasing: scratch[..<count])
            let g = UnsafeMutableBufferPointer(rebasing: scratch[count..<2 * count])
            universe.potential.writeGradient(at: phi, into: slope)
            universe.space.pull(UnsafeBufferPointer(slope), into: g)
            for a in 0..<count { rate[count + a] = -3 * hubble * u[a] - g[a] }
            rate[2 * count] = universe.clock == .time ? hubble : 1
            rate[2 * count + 1] =
                squaredMass.isNaN
                ? 6 * hubble * energies.kinetic
                : energies.kinetic == 0 && energies.enthalpy == 0
                    ? 0 : -0.5 * (2 * energies.kinetic + energies.enthalpy) / (squaredMass * hubble)
            if !universe.modes.isEmpty {
                writeModeRates(
                    time, state, rate, hubble: hubble, epsilon: 1.5 * (2 * energies.kinetic + energies.enthalpy) / energies.density, g: g,
                    scratch: UnsafeMutableBufferPointer(rebasing: scratch[(2 * count)...]))
            }
        }
        if universe.clock == .eFolds { for index in rate.indices { rate[index] /= hubble } }
    }

    private func writeModeRates(
        _ time: Double, _ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>, hubble: Double, epsilon: Double,
        g: UnsafeMutableBufferPointer<Double>, scratch: UnsafeMutableBufferPointer<Double>
    ) {
        let masses = UnsafeMutableBufferPointer(rebasing: scratch[..<(count * count)])
        let hessian = UnsafeMutableBufferPointer(rebasing: scratch[(count * count)...])
        universe.potential.writeHessian(at: UnsafeBufferPointer(rebasing: state[..<count]), into: hessian)
        let factor = universe.space.factor
        // Lᵀ V″ L, row by row through V″ L.
        for a in 0..<count {
            for b in 0..<count {
                var sum = 0.0
                for c in a..<count {
                    var inner = 0.0
                    for d in b..<count { inner += hessian[c * count + d] * factor[d * count + b] }
                    sum += factor[c * count + a] * inner
                }
                masses[a * count + b] = sum
            }
        }
        if universe.kind == .gaugeInvariant {
            for a in 0..<count {
                for b in 0..<count {
                    let (ua, ub) = (state[count + a], state[count + b])
                    masses[a * count + b] += ((3 - epsilon) * ua * ub + (g[a] * ub + ua * g[b]) / hubble) / squaredMass
                }
            }
        }
        var place = background
        for mode in universe.modes {
            let momentum =
                mode.wavenumber > 0 ? mode.wavenumber / universe.scaleFactor * exp(-eFolds(time, state)) : 0
            for _ in 0..<count {
                for a in 0..<count {
                    var force = momentum * momentum * state[place + a]
                    for b in 0..<count { force += mode.massRatio * masses[a * count + b] * state[place + b] }
                    rate[place + a] = state[place + count + a]
                    rate[place + count + a] = -3 * hubble * state[place + count + a] - force
                }
                place += 2 * count
            }
        }
    }

    func sample(_ time: Double, _ state: UnsafeBufferPointer<Double>) -> FieldSample {
        let energies = energies(time, state), hubble = hubble(density: energies.density), eFolds = eFolds(time, state)
        let phi = Array(state[..<count]), u = Array(state[count..<2 * count])
        var (velocity, slope, g) = (phi, phi, phi)
        phi.withUnsafeBufferPointer { phi in slope.withUnsafeMutableBufferPointer { universe.potential.writeGradient(at: phi, into: $0) } }
        slope.withUnsafeBufferPointer { slope in g.withUnsafeMutableBufferPointer { universe.space.pull(slope, into: $0) } }
        let turnRate = u.withUnsafeBufferPointer { u in
            velocity.withUnsafeMutableBufferPointer { universe.space.lift(u, into: $0) }
            return g.withUnsafeBufferPointer { FieldSpace.turnRate(u, $0) }
        }
        let carried = state[2 * count + 1]
        var constraint = 0.0
        if squaredMass.isNaN {
            let magnitude = energies.kinetic + abs(energies.potential)
            constraint = magnitude == 0 ? 0 : (energies.kinetic + energies.potential - startingDensity + carried) / magnitude
        } else {
            constraint = hubble == startingHubble ? expm1(2 * carried) : expm1(2 * (carried - log(hubble / startingHubble)))
        }
        let modes = universe.modes.indices.flatMap { mode in
            (0..<count).flatMap { start in
                let place = background + 2 * count * (count * mode + start)
                var lifted = phi
                lifted.withUnsafeMutableBufferPointer {
                    universe.space.lift(UnsafeBufferPointer(rebasing: state[place..<place + count]), into: $0)
                }
                return lifted
            }
        }
        return FieldSample(
            time: universe.clock == .time ? time : state[2 * count], phi: phi, velocity: velocity, eFolds: eFolds, hubble: hubble,
            constraint: constraint, epsilon: epsilon(time, state), scaleFactor: universe.scaleFactor * exp(eFolds), turnRate: turnRate,
            modes: modes)
    }
}
