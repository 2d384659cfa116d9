import Networks

/// The universe whose field a training by an update rule is, in the time t = k√η: what 3H is in f″ + 3H f′ + (1/N) Θ l′(f) = 0.
public enum Expansion: Sendable, Hashable {
    /// 3H = √(3ρ)/M with ρ = Θ₀ (|θ′|²/2 + ⟨l⟩) + Λ: `friedmann`.
    case friedmann(planckMass: Double, cosmologicalConstant: Double, fieldKernel: Double)
    /// 3H = p/(t₀ + t): `fluid`, p = 2/(1 + w), and `nesterov`, p = 3, t₀ = 0.
    case powerLaw(exponent: Double, start: Double)
    /// 3H of the same H at all times: `de-sitter`.
    case constant(hubble: Double)
    /// An H at every step, such as that of `Schedule.eras`: between two steps 1/H is a straight line, as it is in the
    /// universe of one fluid.
    case listed(hubble: [Double], step: Double)

    /// The universe of a schedule.
    /// - Throws: `DualityError.noUniverse` for rules without one, and for heavy ball, whose universe a dictionary says.
    public init(_ schedule: Schedule) throws(DualityError) {
        func value(_ name: String) -> Double { schedule.value(name) ?? .nan }
        switch schedule.rule {
        case .friedmann where schedule.isConstant:
            self = .friedmann(
                planckMass: value("planckMass"), cosmologicalConstant: value("cosmologicalConstant"), fieldKernel: value("fieldKernel"))
        case .friedmann:
            throw .noUniverse(optimiser: schedule.rule.name, remedy: "give one value of each parameter for all steps")
        case .fluid: self = .powerLaw(exponent: 2 / (1 + value("equationOfState")), start: value("cosmicTime"))
        case .nesterov: self = .powerLaw(exponent: 3, start: 0)
        case .deSitter where schedule.isConstant: self = .constant(hubble: value("hubble"))
        case .deSitter:
            let step = schedule.learningRate(at: 0)
            guard schedule.learningRates.allSatisfy({ $0 == step }), let rates = schedule.values.last else {
                throw .noUniverse(optimiser: schedule.rule.name, remedy: "give one learning rate for all steps, or use frozen")
            }
            self = .listed(hubble: rates, step: step.squareRoot())
        case .heavyBall: throw .noUniverse(optimiser: schedule.rule.name, remedy: "use corrected, or another dictionary")
        default: throw .noUniverse(optimiser: schedule.rule.name, remedy: "measure its effective friction instead")
        }
    }

    /// Refuses a schedule by which H² would be negative at the start, or a least loss of `born-infeld` beyond the first one, by which nothing
    /// moves.
    /// - Parameter loss: L before the first step.
    /// - Throws: `DualityError.outOfRange`.
    public static func check(_ schedule: Schedule, loss: Double) throws(DualityError) {
        if schedule.rule == .bornInfeld, let floor = schedule.value("lossFloor"), floor > loss {
            throw .outOfRange(
                what: "the loss floor", value: floor, limit: "at most L(0) = \(loss), for anything to move", remedy: "use 0")
        }
        guard schedule.rule == .friedmann, case .friedmann(_, let vacuum, let kernel) = try Expansion(schedule) else { return }
        guard kernel * loss + vacuum >= 0 else {
            throw .outOfRange(
                what: "the cosmological constant", value: vacuum, limit: "at least −Θ₀ L(0) = \(-kernel * loss), for H² not to be negative",
                remedy: "use 0 for none")
        }
    }

    /// 3H. At the beginning of time it is infinite, where the field is at rest and 3H f′ is p f″.
    /// - Parameters:
    ///   - time: t since step 0.
    ///   - energy: |θ′|²/2 + ⟨l⟩, asked for only where it matters.
    public func friction(at time: Double, energy: () -> Double) -> Double {
        switch self {
        case .friedmann(let mass, let vacuum, let kernel): (3 * (kernel * energy() + vacuum)).squareRoot() / mass
        case .powerLaw(let exponent, let start): exponent / (start + time)
        case .constant(let hubble): 3 * hubble
        case .listed(let rates, let step): 3 * Self.interpolated(rates, at: time / step)
        }
    }

    /// Between two steps by 1/H; beyond the last by the line through the last two.
    private static func interpolated(_ rates: [Double], at place: Double) -> Double {
        guard rates.count > 1 else { return rates[0] }
        let first = min(max(0, Int(place)), rates.count - 2), share = place - Double(first)  // bounded: within the training
        let (a, b) = (rates[first], rates[first + 1])
        return a > 0 && b > 0 ? 1 / (1 / a + share * (1 / b - 1 / a)) : a + share * (b - a)
    }
}

extension FrozenNetwork {
    /// The field of the universe of the schedule.
    ///
    /// - Returns: f at t_k, (K + 1, N·C), and the history of that universe where Friedmann's equation makes it.
    /// - Throws: `DualityError.noUniverse`, `.integration`.
    public func universe() throws(DualityError) -> (fields: [Double], history: UniverseHistory?) {
        let expansion = try Expansion(schedule), count = fields
        // f, w with f′ = Θ w/N, and the e-folds.
        let initial = outputs + [Double](repeating: 0, count: count + 1)
        let states = try integrate(.universe, timeStep: schedule.learningRates[0].squareRoot(), initial: initial) { time, state, rate in
            let f = UnsafeBufferPointer(rebasing: state[..<count]), w = UnsafeBufferPointer(rebasing: state[count..<2 * count])
            let velocity = UnsafeMutableBufferPointer(rebasing: rate[..<count])
            let acceleration = UnsafeMutableBufferPointer(rebasing: rate[count..<2 * count])
            applyKernel(to: w, into: velocity)
            slope(of: f, factor: -1, into: acceleration)
            if case .powerLaw(let exponent, let start) = expansion, start + time <= 0 {
                for index in 0..<count { acceleration[index] /= 1 + exponent }
                rate[2 * count] = 0
                return
            }
            let threeH = expansion.friction(at: time) { energy(f, w, velocity: UnsafeBufferPointer(velocity)) }
            for index in 0..<count { acceleration[index] -= threeH * w[index] }
            rate[2 * count] = threeH / 3
        }
        let trajectory = fields(of: states)
        guard case .friedmann = expansion else { return (trajectory, nil) }
        var hubble: [Double] = [], losses: [Double] = []
        for state in states {
            state.withUnsafeBufferPointer { state in
                let f = UnsafeBufferPointer(rebasing: state[..<count]), w = UnsafeBufferPointer(rebasing: state[count..<2 * count])
                withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { velocity in
                    velocity.initialize(repeating: 0)
                    applyKernel(to: w, into: velocity)
                    hubble.append(expansion.friction(at: 0) { energy(f, w, velocity: UnsafeBufferPointer(velocity)) } / 3)
                }
                losses.append(meanLoss(of: f))
            }
        }
        let history = UniverseHistory(
            expansion, step: schedule.learningRates[0].squareRoot(), hubble: hubble, eFolds: states.map { $0[2 * count] }, losses: losses)
        return (trajectory, history)
    }
}
