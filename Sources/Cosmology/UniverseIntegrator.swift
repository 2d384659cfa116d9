/// How a universe is integrated: explicitly by ``DormandPrince853``'s method, and with implicit steps where friction is so strong that
/// explicit ones would be limited by their stability for long.
///
/// Every number of the state has a tolerance of its own that follows it: a field that has decayed to 1e-100 is known to as many digits as
/// one of size 1. What adds up over a long time is the phase of oscillations: at most a tolerance for each step.
public struct UniverseIntegrator: Sendable, Hashable {
    /// What a step may err in each number, relative to it; from 1e-13 to 1e-3. Default 1e-12.
    public var tolerance: Double
    /// Steps, rejected ones included, after which the integration gives up; at least 1. Default 10 000 000, some seconds.
    public var maximumSteps: Int

    /// An integrator, checked.
    ///
    /// - Throws: `UniverseError.outOfRange`.
    public init(tolerance: Double = 1e-12, maximumSteps: Int = 10_000_000) throws(UniverseError) {
        guard tolerance >= 1e-13, tolerance <= 1e-3 else {
            throw .outOfRange(
                quantity: "tolerance", value: "\(tolerance)", limit: "from 1e-13, a thousand roundings, to 1e-3", remedy: "Use 1e-12.")
        }
        guard maximumSteps >= 1 else {
            throw .outOfRange(
                quantity: "the limit of steps", value: "\(maximumSteps)", limit: "at least 1", remedy: "Use 10000000.")
        }
        self.tolerance = tolerance
        self.maximumSteps = maximumSteps
    }

    /// The default: 1e-12, and 10 000 000 steps.
    public static let standard = UniverseIntegrator()

    private init() { (tolerance, maximumSteps) = (1e-12, 10_000_000) }

    /// An explicit step spans at most this many times of the fastest decay. Stability would allow 6, but then what has decayed hardly
    /// does so any more, and the interpolant between steps shows it.
    private static let longestDecay = 3.0
    /// Explicit steps that span more of it than this are no longer as long as what else happens would let them be, since what rests on the
    /// balance of friction and force is then known to a low order only. After so many in a row implicit ones are tried,
    private static let shortestDecay = 0.3
    private static let patience = 50
    /// which pay where they span more than this; else there are twice as many explicit ones before the next trial.
    private static let payingDecay = 2.0

    /// The samples of a motion at ascending times from t = 0 on.
    func samples(of start: FieldMotion, at times: [Double]) throws(IntegrationError) -> [UniverseSample] {
        var motion = start
        let initial = motion.initialState
        let explicit = DormandPrince853Step(initial: initial)
        var implicit = RadauStep(state: initial)
        var isImplicit = false
        var (limitedSteps, patience) = (0, Self.patience)
        func derivative(_ time: Double, _ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>) {
            motion.writeRates(state, rate)
        }
        explicit.start(at: 0, derivative: derivative)
        guard explicit.isFinite(stage: 0) else { throw .notFinite(time: 0) }
        func rates() -> (decay: Double, fastest: Double) {
            motion.rates(UnsafeBufferPointer(start: explicit.state, count: initial.count))
        }

        var samples: [UniverseSample] = []
        samples.reserveCapacity(times.count)
        func take(_ time: Double, _ state: UnsafePointer<Double>) {
            samples.append(motion.sample(time: time, state: UnsafeBufferPointer(start: state, count: initial.count)))
        }
        while samples.count < times.count, times[samples.count] == 0 { take(0, explicit.state) }
        guard let end = times.last, end > 0 else { return samples }

        var decay = rates().decay
        let fastest = max(rates().fastest, 1 / end)
        var between = initial
        try StepSizeControl(maximumSteps: maximumSteps).walk(
            from: 0, to: end, first: 1e-3 / fastest,
            largest: { isImplicit || decay == 0 ? .infinity : Self.longestDecay / decay }
        ) { time, size in
            if isImplicit { return (implicit.attempt(size: size, motion: motion, tolerance: tolerance), 6) }
            let error = explicit.attempt(
                from: time, size: size,
                tolerance: { motion.allowedError($0, $1, $2, tolerance: tolerance) }, derivative: derivative)
            return (error, 8)
        } accept: { left, right, next throws(IntegrationError) in
            var isPrepared = false
            while samples.count < times.count, times[samples.count] <= right {
                let time = times[samples.count]
                if isImplicit {
                    implicit.interpolate(time < right ? (time - left) / (right - left) : 1, into: &between)
                    between.withUnsafeBufferPointer { samples.append(motion.sample(time: time, state: $0)) }
                } else if time == right {
                    take(time, explicit.next)
                } else {
                    if !isPrepared { try explicit.prepareInterpolant(from: left, to: right, derivative: derivative) }
                    isPrepared = true
                    between.withUnsafeMutableBufferPointer {
                        DormandPrince853Step.interpolate(
                            explicit.interpolant, count: initial.count, fraction: (time - left) / (right - left), into: $0)
                    }
                    between.withUnsafeBufferPointer { samples.append(motion.sample(time: time, state: $0)) }
                }
            }
            if isImplicit {
                implicit.advance(to: motion.field.recentre(implicit.next[implicit.next.startIndex]))
                explicit.state.update(from: implicit.state, count: initial.count)
            } else {
                explicit.advance()
                explicit.state[0] = motion.field.recentre(explicit.state[0])
            }
            decay = rates().decay
            if isImplicit, next * decay < Self.payingDecay {
                isImplicit = false
                (limitedSteps, patience) = (0, min(2 * patience, 100_000))
                explicit.start(at: right, derivative: derivative)
            } else if !isImplicit {
                limitedSteps = next * decay >= Self.shortestDecay ? limitedSteps + 1 : 0
                if limitedSteps >= patience {
                    isImplicit = true
                    implicit = RadauStep(state: Array(UnsafeBufferPointer(start: explicit.state, count: initial.count)))
                }
            }
        }
        return samples
    }
}
