#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The equations of a universe as its integration sees them.
///
/// State: x = φ − c, φ′, N, a fourth number L that the dynamics never reads and the constraint is tested with, then d and d′ of each
/// mode. L is ln h(t)/h(0) of the carried rate with the Friedmann law, and ln e(t)/e(0) of the carried energy at constant H.
///
/// Densities appear as their square roots, so that neither a field of 1e-180 nor one of 1e100 leaves the numbers before it is out of them.
struct FieldMotion {
    static let backgroundCount = 4

    let background: Background
    let modes: [PerturbationMode]
    var field: DisplacedPotential
    /// √(|V₀|/3).
    private let vacuum: Double
    private let initialSize: Double

    init(background: Background, modes: [PerturbationMode]) {
        self.background = background
        self.modes = modes
        field = DisplacedPotential(background.potential, near: background.phi)
        vacuum = (abs(background.potential.vacuumEnergy) / 3).squareRoot()
        var size = hypot(background.velocity / 6.0.squareRoot(), field.rootHeight(background.phi - field.centre))
        if case .friedmann(let planckMass) = background.hubble {
            size = Self.total(size, vacuum, background.potential.vacuumEnergy) / planckMass
        }
        initialSize = size
    }

    /// Numbers of a state.
    var count: Int { Self.backgroundCount + 2 * modes.count }

    /// The state at t = 0.
    var initialState: [Double] {
        [background.phi - field.centre, background.velocity, 0, 0] + modes.flatMap { _ in [1, 0] }
    }

    /// √(ρ/3) from the field's own √(e/3) and √(|V₀|/3); NaN for a negative density.
    private static func total(_ own: Double, _ vacuum: Double, _ vacuumEnergy: Double) -> Double {
        if vacuumEnergy == 0 { return own }
        return vacuumEnergy > 0 ? hypot(own, vacuum) : (own - vacuum).squareRoot() * (own + vacuum).squareRoot()
    }

    /// √(e/3) of the field's own energy e = φ′²/2 + V − V₀.
    private func rootEnergy(_ x: Double, _ velocity: Double) -> Double {
        hypot(velocity / 6.0.squareRoot(), field.rootHeight(x))
    }

    /// H.
    @inline(__always)
    func hubble(_ x: Double, _ velocity: Double) -> Double {
        switch background.hubble {
        case .friedmann(let planckMass):
            Self.total(rootEnergy(x, velocity), vacuum, background.potential.vacuumEnergy) / planckMass
        case .constant(let rate): rate
        }
    }

    /// L′.
    @inline(__always)
    func carriedRate(_ x: Double, _ velocity: Double, hubble: Double) -> Double {
        guard velocity != 0 else { return 0 }
        switch background.hubble {
        case .friedmann(let planckMass):
            let share = velocity / planckMass
            return -0.5 * share * (share / hubble)
        case .constant:
            // Smoothly nothing where the energy loses its digits.
            let share = velocity / hypot(rootEnergy(x, velocity), Self.floor)
            return -hubble * share * share
        }
    }

    /// φ″ with its derivatives by x and φ′.
    func acceleration(_ x: Double, _ velocity: Double) -> (value: Double, byPosition: Double, byVelocity: Double) {
        let rate = hubble(x, velocity)
        let slope = field.slope(x)
        var (byPosition, byVelocity) = (-field.curvature(x), -3 * rate)
        if case .friedmann(let planckMass) = background.hubble, rate > 0 {
            let share = velocity / planckMass
            byPosition -= 0.5 * share * (slope / planckMass / rate)
            byVelocity -= 0.5 * share * (share / rate)
        }
        return (-3 * rate * velocity - slope, byPosition, byVelocity)
    }

    /// k²/a² + r V″, the squared mass of a mode.
    @inline(__always)
    func squaredMass(_ mode: PerturbationMode, curvature: Double, eFolds: Double) -> Double {
        let momentum = mode.wavenumber > 0 ? mode.wavenumber * exp(-eFolds) : 0
        return momentum * momentum + mode.massRatio * curvature
    }

    /// Writes the rate of change of every number of a state.
    func writeRates(_ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>) {
        let (x, velocity) = (state[0], state[1])
        let hubble = hubble(x, velocity)
        rate[0] = velocity
        rate[1] = -3 * hubble * velocity - field.slope(x)
        rate[2] = hubble
        rate[3] = carriedRate(x, velocity, hubble: hubble)
        guard !modes.isEmpty else { return }
        let curvature = field.curvature(x)
        for (index, mode) in modes.enumerated() {
            let position = Self.backgroundCount + 2 * index
            rate[position] = state[position + 1]
            rate[position + 1] =
                -3 * hubble * state[position + 1]
                - squaredMass(mode, curvature: curvature, eFolds: state[2]) * state[position]
        }
    }

    /// What a step may err in one number: the tolerance, relative to the greater of its values at the ends of the step. An oscillation
    /// passes zero within a step of its size. N counts from 1 on absolutely, since it is the logarithm of a, but for the rounding of its
    /// growth. L is a logarithm; it has no say where a negative vacuum energy can bring the density, and so L, to its end. Below the floor
    /// numbers lose their digits.
    func allowedError(_ component: Int, _ before: Double, _ after: Double, tolerance: Double) -> Double {
        switch component {
        case 2: tolerance * max(min(1, abs(after)), abs(after - before), Self.floor)
        case 3: background.potential.vacuumEnergy < 0 ? .infinity : tolerance
        default: tolerance * max(abs(before), abs(after), Self.floor)
        }
    }

    private static let floor = 1e-296

    /// The greatest rate of decay among the numbers of a state, which limits explicit steps where nothing else moves as fast; and the
    /// greatest rate of any kind.
    func rates(_ state: UnsafeBufferPointer<Double>) -> (decay: Double, fastest: Double) {
        let (x, velocity) = (state[0], state[1])
        let own = acceleration(x, velocity)
        let hubble = hubble(x, velocity), curvature = field.curvature(x)
        var (decay, fastest) = (0.0, 0.0)
        func take(spring: Double, friction: Double) {
            let discriminant = friction * friction - 4 * spring
            if discriminant >= 0 { decay = max(decay, (friction + discriminant.squareRoot()) / 2) }
            fastest = max(fastest, abs(friction), abs(spring).squareRoot())
        }
        take(spring: -own.byPosition, friction: -own.byVelocity)
        for mode in modes {
            take(spring: squaredMass(mode, curvature: curvature, eFolds: state[2]), friction: 3 * hubble)
        }
        return (decay, fastest)
    }

    /// Nothing for what is far below the floor, whose digits are noise.
    private static func settled(_ value: Double) -> Double { abs(value) < 1e-9 * floor ? 0 : value }

    /// Reads a state.
    func sample(time: Double, state: UnsafeBufferPointer<Double>) -> UniverseSample {
        let (x, velocity) = (state[0], state[1])
        let hubble = hubble(x, velocity)
        let residual: Double
        switch background.hubble {
        case .friedmann:
            residual = hubble == initialSize ? expm1(2 * state[3]) : expm1(2 * (state[3] - log(hubble / initialSize)))
        case .constant:
            let size = rootEnergy(x, velocity)
            residual =
                size == initialSize ? expm1(0 - state[3]) : size > 1e6 * Self.floor ? expm1(2 * log(size / initialSize) - state[3]) : 0
        }
        return UniverseSample(
            background: BackgroundSample(
                time: time, phi: field.centre + Self.settled(x), velocity: Self.settled(velocity), eFolds: state[2], hubble: hubble,
                constraint: residual),
            modes: modes.indices.map { Self.settled(state[Self.backgroundCount + 2 * $0]) })
    }
}
