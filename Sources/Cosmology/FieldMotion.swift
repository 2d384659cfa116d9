import Expressions

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The equations of a universe as its integration sees them.
///
/// State: x = φ − c, φ′, then N of the clock t or t of the clock N, a fourth number, then d and d′ of each mode. Velocities are by cosmic
/// time whatever the clock. The fourth number is one that the dynamics never reads and the constraint is tested with: ln h(t)/h(0) of the
/// carried rate with the Friedmann law; at constant H ln e(t)/e(0) of the carried energy, or, of a formula, whose minimum nobody knows,
/// ∫ 3Hφ′² dt. Near a turnaround it is H itself.
///
/// H is the root of the energy density where that is a sum of what is positive. Where the density passes zero the root has two branches
/// and no derivative: there H is followed by H′ = −(φ′² + Σ(1 + w)ρ)/2M² instead, and what the density says tests it.
///
/// Densities appear as their square roots, so that neither a field of 1e-180 nor one of 1e100 leaves the numbers before it is out of them;
/// those of formulas and fluids appear as they are.
struct FieldMotion {
    static let backgroundCount = 4

    let background: Background
    let modes: [PerturbationMode]
    let kind: PerturbationKind
    let clock: Clock
    var field: DisplacedPotential
    /// What is to be said of an integration that ends early.
    let record = Record()
    /// Whether H is the fourth number.
    private var isCarried = false
    /// Whether the universe contracts where H is a root.
    private var isContracting = false
    /// √(|V₀|/3).
    private let vacuum: Double
    /// ρ at N = 0 and 3(1 + w) of each fluid.
    private let fluids: [(density: Double, dilution: Double)]
    /// What the fourth number is relative to.
    private var initialSize = 0.0

    final class Record {
        /// Where the field was after the last step, and where it would be some 1e-9 of its size later.
        var last = (phi: 0.0, beyond: 0.0)
        /// When H passed zero.
        var turnaround: Double?
    }

    init(background: Background, modes: [PerturbationMode], kind: PerturbationKind = .testField, clock: Clock = .time) {
        self.background = background
        self.modes = modes
        self.kind = kind
        self.clock = clock
        field = DisplacedPotential(background.potential, near: background.phi)
        vacuum = (abs(background.potential.vacuumEnergy) / 3).squareRoot()
        fluids = background.fluids.map { fluid in
            let dilution = 3 * (1 + fluid.equationOfState)
            return (fluid.density * pow(background.scaleFactor, -dilution), dilution)
        }
        let x = background.phi - field.centre
        switch background.hubble {
        case .friedmann:
            isCarried = mayTurn && clock == .time && isTurning(x, background.velocity, 0)
            initialSize = abs(rootHubble(x, background.velocity, 0))
        case .constant:
            initialSize =
                isFormula ? background.velocity * background.velocity / 2 + field.value(x) : rootEnergy(x, background.velocity)
        }
    }

    /// Numbers of a state.
    var count: Int { Self.backgroundCount + 2 * modes.count }

    /// The state at the start.
    var initialState: [Double] {
        let x = background.phi - field.centre
        record.last = (background.phi, background.phi)
        return [x, background.velocity, 0, isCarried ? rootHubble(x, background.velocity, 0) : 0] + modes.flatMap { _ in [1, 0] }
    }

    /// H at the start.
    var startingHubble: Double { initialState.withUnsafeBufferPointer { hubble(0, $0) } }

    /// Where the potential of a field that comes no further is not a number, or a derivative that is needed; nil where that is not why.
    var outside: Double? {
        guard let formula = background.potential.formula else { return nil }
        return [record.last.phi, record.last.beyond].first { phi in
            let jet = formula.jet(at: phi)
            return !(jet.value.isFinite && jet.first.isFinite && (modes.isEmpty || jet.second.isFinite))
        }
    }

    private var isFormula: Bool { background.potential.kind == .formula }
    /// Whether the density may pass zero.
    private var mayTurn: Bool {
        guard case .friedmann = background.hubble else { return false }
        return isFormula || background.potential.vacuumEnergy < 0 || fluids.contains { $0.density < 0 }
    }

    /// Whether implicit steps know these equations.
    var isPlain: Bool { fluids.isEmpty && kind == .testField && clock == .time && !isCarried && !isContracting }

    /// √(ρ/3) from the field's own √(e/3) and √(|V₀|/3); NaN for a negative density.
    private static func total(_ own: Double, _ vacuum: Double, _ vacuumEnergy: Double) -> Double {
        if vacuumEnergy == 0 { return own }
        return vacuumEnergy > 0 ? hypot(own, vacuum) : (own - vacuum).squareRoot() * (own + vacuum).squareRoot()
    }

    /// √(e/3) of the field's own energy e = φ′²/2 + V − V₀.
    private func rootEnergy(_ x: Double, _ velocity: Double) -> Double {
        hypot(velocity / 6.0.squareRoot(), field.rootHeight(x))
    }

    /// ρ/3 as it is, and the sum of the magnitudes of its parts.
    private func density(_ x: Double, _ velocity: Double, _ eFolds: Double) -> (value: Double, magnitude: Double) {
        let (motion, height) = (velocity * velocity / 6, field.value(x) / 3)
        var (value, magnitude) = (motion + height, motion + abs(height))
        for fluid in fluids {
            let part = fluid.density * exp(-fluid.dilution * eFolds) / 3
            value += part
            magnitude += abs(part)
        }
        return (value, magnitude)
    }

    /// Whether the density is a small difference of larger ones.
    private func isTurning(_ x: Double, _ velocity: Double, _ eFolds: Double) -> Bool {
        let density = density(x, velocity, eFolds)
        // Once followed by itself, H is so until the density is well clear of zero.
        return density.value < (isCarried ? 0.2 : 0.1) * density.magnitude
    }

    /// H from the density, on the branch where the universe is.
    @inline(__always)
    private func rootHubble(_ x: Double, _ velocity: Double, _ eFolds: Double) -> Double {
        guard case .friedmann(let planckMass) = background.hubble else { return .nan }
        let root =
            fluids.isEmpty && !isFormula
            ? Self.total(rootEnergy(x, velocity), vacuum, background.potential.vacuumEnergy)
            : density(x, velocity, eFolds).value.squareRoot()
        return (isContracting ? -root : root) / planckMass
    }

    /// N.
    @inline(__always)
    private func eFolds(_ time: Double, _ state: UnsafeBufferPointer<Double>) -> Double { clock == .time ? state[2] : time }

    /// H of a state.
    @inline(__always)
    private func hubble(_ time: Double, _ state: UnsafeBufferPointer<Double>) -> Double {
        switch background.hubble {
        case .constant(let rate): rate
        case .friedmann: isCarried ? state[3] : rootHubble(state[0], state[1], eFolds(time, state))
        }
    }

    /// H of a plain motion.
    @inline(__always)
    func hubble(_ x: Double, _ velocity: Double) -> Double {
        switch background.hubble {
        case .friedmann: rootHubble(x, velocity, 0)
        case .constant(let rate): rate
        }
    }

    /// Σ (1 + w)ρ of the fluids.
    @inline(__always)
    private func fluidEnthalpy(_ eFolds: Double) -> Double {
        var sum = 0.0
        for fluid in fluids { sum += fluid.dilution / 3 * fluid.density * exp(-fluid.dilution * eFolds) }
        return sum
    }

    /// ε = −H′/H².
    private func epsilon(_ velocity: Double, hubble: Double, _ eFolds: Double) -> Double {
        guard case .friedmann(let planckMass) = background.hubble else { return 0 }
        let share = velocity == 0 ? 0 : velocity / planckMass / hubble
        guard !fluids.isEmpty else { return 0.5 * share * share }
        let enthalpy = fluidEnthalpy(eFolds) / planckMass / planckMass
        return 0.5 * (share * share + (enthalpy == 0 ? 0 : enthalpy / hubble / hubble))
    }

    /// The rate of the fourth number.
    @inline(__always)
    private func carriedRate(_ x: Double, _ velocity: Double, hubble: Double, _ eFolds: Double) -> Double {
        switch background.hubble {
        case .friedmann(let planckMass):
            let share = velocity / planckMass
            let fluid = fluids.isEmpty ? 0 : fluidEnthalpy(eFolds) / (planckMass * planckMass)
            if isCarried { return -0.5 * (share * share + fluid) }
            guard velocity != 0 || fluid != 0 else { return 0 }
            return -0.5 * (share * (share / hubble) + fluid / hubble)
        case .constant:
            guard velocity != 0 else { return 0 }
            if isFormula { return 3 * hubble * velocity * velocity }
            // Smoothly nothing where the energy loses its digits.
            let share = velocity / hypot(rootEnergy(x, velocity), Self.floor)
            return -hubble * share * share
        }
    }

    /// The rate of the fourth number of a plain motion.
    func carriedRate(_ x: Double, _ velocity: Double, hubble: Double) -> Double { carriedRate(x, velocity, hubble: hubble, 0) }

    /// φ″ with its derivatives by x and φ′, of a plain motion.
    func acceleration(_ x: Double, _ velocity: Double) -> (value: Double, byPosition: Double, byVelocity: Double) {
        acceleration(x, velocity, hubble: hubble(x, velocity))
    }

    private func acceleration(
        _ x: Double, _ velocity: Double, hubble rate: Double
    ) -> (value: Double, byPosition: Double, byVelocity: Double) {
        let slope = field.slope(x)
        var (byPosition, byVelocity) = (-field.curvature(x), -3 * rate)
        if case .friedmann(let planckMass) = background.hubble, rate > 0 {
            let share = velocity / planckMass
            byPosition -= 0.5 * share * (slope / planckMass / rate)
            byVelocity -= 0.5 * share * (share / rate)
        }
        return (-3 * rate * velocity - slope, byPosition, byVelocity)
    }

    /// k²/a² + r V″, the squared mass of a mode of a test field.
    @inline(__always)
    func squaredMass(_ mode: PerturbationMode, curvature: Double, eFolds: Double) -> Double {
        let momentum = mode.wavenumber > 0 ? mode.wavenumber / background.scaleFactor * exp(-eFolds) : 0
        return momentum * momentum + mode.massRatio * curvature
    }

    /// −(a³φ′²/H)′/(a³M²) = (3φ′² + 2φ′V′/H − εφ′²)/M², what the metric adds to V″.
    private func metricMass(_ velocity: Double, slope: Double, hubble: Double) -> Double {
        guard kind == .gaugeInvariant, velocity != 0, case .friedmann(let planckMass) = background.hubble else { return 0 }
        let share = velocity / planckMass
        return share * share * (3 - epsilon(velocity, hubble: hubble, 0)) + 2 * share * (slope / planckMass) / hubble
    }

    /// Writes the rate of change of every number of a state, by the clock.
    func writeRates(_ time: Double, _ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>) {
        let (x, velocity) = (state[0], state[1])
        let eFolds = eFolds(time, state), hubble = hubble(time, state), slope = field.slope(x)
        rate[0] = velocity
        rate[1] = -3 * hubble * velocity - slope
        rate[2] = clock == .time ? hubble : 1
        rate[3] = carriedRate(x, velocity, hubble: hubble, eFolds)
        let curvature = modes.isEmpty ? 0 : field.curvature(x)
        if !modes.isEmpty {
            let metric = metricMass(velocity, slope: slope, hubble: hubble)
            for (index, mode) in modes.enumerated() {
                let position = Self.backgroundCount + 2 * index
                rate[position] = state[position + 1]
                rate[position + 1] =
                    -3 * hubble * state[position + 1]
                    - (squaredMass(mode, curvature: curvature, eFolds: eFolds) + metric) * state[position]
            }
        }
        if clock == .eFolds { for index in 0..<count { rate[index] /= hubble } }
    }

    /// What a step may err in one number: the tolerance, relative to the greater of its values at the ends of the step. An oscillation
    /// passes zero within a step of its size. N counts from 1 on absolutely, since it is the logarithm of a, but for the rounding of its
    /// growth, and so does a logarithm of a density. Below the floor numbers lose their digits.
    func allowedError(_ component: Int, _ before: Double, _ after: Double, tolerance: Double) -> Double {
        switch component {
        case 2 where clock == .time: tolerance * max(min(1, abs(after)), abs(after - before), Self.floor)
        case 3 where !isCarried && !isWork: tolerance
        default: tolerance * max(abs(before), abs(after), Self.floor)
        }
    }

    /// Whether the fourth number is ∫ 3Hφ′² dt.
    private var isWork: Bool { if case .constant = background.hubble { isFormula } else { false } }

    private static let floor = 1e-296

    /// The greatest rate of decay among the numbers of a state, which limits explicit steps where nothing else moves as fast; and the
    /// greatest rate of any kind; by the clock.
    func rates(_ time: Double, _ state: UnsafeBufferPointer<Double>) -> (decay: Double, fastest: Double) {
        let hubble = hubble(time, state), curvature = field.curvature(state[0])
        let own = acceleration(state[0], state[1], hubble: hubble)
        var (decay, fastest) = (0.0, 0.0)
        func take(spring: Double, friction: Double) {
            let discriminant = friction * friction - 4 * spring
            if discriminant >= 0 { decay = max(decay, (friction + discriminant.squareRoot()) / 2) }
            fastest = max(fastest, abs(friction), abs(spring).squareRoot())
        }
        take(spring: -own.byPosition, friction: -own.byVelocity)
        let eFolds = eFolds(time, state)
        for mode in modes { take(spring: squaredMass(mode, curvature: curvature, eFolds: eFolds), friction: 3 * hubble) }
        return clock == .time ? (decay, fastest) : (decay / hubble, fastest / hubble)
    }

    /// Follows H by itself, or by the density again, as the state at the end of a step wants it.
    ///
    /// - Returns: whether that changed, and with it the meaning of the fourth number.
    mutating func settle(_ time: Double, _ state: UnsafeMutableBufferPointer<Double>) -> Bool {
        if isFormula { record.last = (state[0], state[0] + (state[1] < 0 ? -1e-9 : 1e-9) * (1 + abs(state[0]))) }
        guard mayTurn, clock == .time else { return false }
        if isCarried, state[3] < 0, record.turnaround == nil { record.turnaround = time }
        let wasCarried = isCarried, hubble = hubble(time, UnsafeBufferPointer(state))
        let isTurning = isTurning(state[0], state[1], state[2])
        guard isTurning != wasCarried else { return false }
        isCarried = isTurning
        isContracting = hubble < 0
        state[3] = isTurning ? hubble : 0
        if !isTurning { initialSize = abs(rootHubble(state[0], state[1], state[2])) }
        return true
    }

    /// Nothing for what is far below the floor, whose digits are noise.
    private static func settled(_ value: Double) -> Double { abs(value) < 1e-9 * floor ? 0 : value }

    /// Reads a state.
    func sample(time: Double, state: UnsafeBufferPointer<Double>) -> UniverseSample {
        let (x, velocity) = (state[0], state[1])
        let hubble = hubble(time, state), eFolds = eFolds(time, state)
        return UniverseSample(
            background: BackgroundSample(
                time: clock == .time ? time : state[2], phi: field.centre + Self.settled(x), velocity: Self.settled(velocity),
                eFolds: eFolds, hubble: hubble, constraint: residual(x, velocity, state[3], hubble: hubble, eFolds),
                epsilon: epsilon(Self.settled(velocity), hubble: hubble, eFolds), scaleFactor: background.scaleFactor * exp(eFolds)),
            modes: modes.indices.map { Self.settled(state[Self.backgroundCount + 2 * $0]) })
    }

    private func residual(_ x: Double, _ velocity: Double, _ fourth: Double, hubble: Double, _ eFolds: Double) -> Double {
        switch background.hubble {
        case .friedmann(let planckMass):
            if isCarried {
                let density = density(x, velocity, eFolds)
                return density.magnitude == 0 ? 0 : (hubble * planckMass * (hubble * planckMass) - density.value) / density.magnitude
            }
            let size = abs(hubble)
            return size == initialSize ? expm1(2 * fourth) : expm1(2 * (fourth - log(size / initialSize)))
        case .constant:
            if isFormula {
                let (motion, height) = (velocity * velocity / 2, field.value(x))
                return motion + abs(height) == 0 ? 0 : (motion + height - initialSize + fourth) / (motion + abs(height))
            }
            let size = rootEnergy(x, velocity)
            return size == initialSize ? expm1(0 - fourth) : size > 1e6 * Self.floor ? expm1(2 * log(size / initialSize) - fourth) : 0
        }
    }
}
