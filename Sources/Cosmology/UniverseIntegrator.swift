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

    /// The samples of a motion at ascending times from 0 on.
    func samples(of motion: FieldMotion, at times: [Double]) throws(IntegrationError) -> [UniverseSample] {
        var samples: [UniverseSample] = []
        samples.reserveCapacity(times.count)
        guard let end = times.last else { return [] }
        try walk(motion, to: end) { (_, right, sample) throws(IntegrationError) in
            while samples.count < times.count, times[samples.count] <= right { samples.append(try sample(times[samples.count])) }
            return true
        }
        return samples
    }

    /// When ε first comes from below `epsilon` to it, by bisection on the interpolant, and ε at the end where it does not.
    func rise(of motion: FieldMotion, to epsilon: Double, until end: Double) throws(IntegrationError) -> (at: Double?, last: Double) {
        var found: Double?
        var last = Double.nan
        try walk(motion, to: end) { (left, right, sample) throws(IntegrationError) in
            // A step is a small part of an oscillation, so that ε has one extremum in it at the most.
            for part in 0...Self.parts where left < right || part == 0 {
                let time = part == Self.parts ? right : left + (right - left) * Double(part) / Double(Self.parts)
                let value = try sample(time).background.epsilon
                defer { last = value }
                guard last < epsilon, value >= epsilon else { continue }
                var (low, high) = (left + (right - left) * Double(max(0, part - 1)) / Double(Self.parts), time)
                while true {
                    let middle = low + (high - low) / 2
                    guard middle > low, middle < high else { break }
                    if try sample(middle).background.epsilon < epsilon { low = middle } else { high = middle }
                }
                found = high
                return false
            }
            return true
        }
        return (found, last)
    }

    /// Places of a step that an event is looked for between.
    private static let parts = 4

    private typealias Sampling = (_ time: Double) throws(IntegrationError) -> UniverseSample

    /// Integrates a motion from 0 on.
    ///
    /// - Parameter visit: called with the start twice, and with both ends of each step; samples of times between them are to be had; says
    ///   whether to go on.
    private func walk(
        _ start: FieldMotion, to end: Double,
        visit: (_ left: Double, _ right: Double, _ sample: Sampling) throws(IntegrationError) -> Bool
    ) throws(IntegrationError) {
        var motion = start
        let initial = motion.initialState
        let explicit = DormandPrince853Step(initial: initial)
        var implicit = RadauStep(state: initial)
        var isImplicit = false
        var (limitedSteps, patience) = (0, Self.patience)
        func derivative(_ time: Double, _ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>) {
            motion.writeRates(time, state, rate)
        }
        explicit.start(at: 0, derivative: derivative)
        guard explicit.isFinite(stage: 0) else { throw .notFinite(time: 0) }
        func rates(_ time: Double) -> (decay: Double, fastest: Double) {
            motion.rates(time, UnsafeBufferPointer(start: explicit.state, count: initial.count))
        }
        guard try visit(0, 0, { time in initial.withUnsafeBufferPointer { motion.sample(time: time, state: $0) } }), end > 0 else { return }

        var decay = rates(0).decay
        let fastest = max(rates(0).fastest, 1 / end)
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
            let goesOn = try visit(left, right) { time throws(IntegrationError) in
                if isImplicit {
                    implicit.interpolate(time < right ? (time - left) / (right - left) : 1, into: &between)
                } else if time == right {
                    return motion.sample(time: time, state: UnsafeBufferPointer(start: explicit.next, count: initial.count))
                } else {
                    if !isPrepared { try explicit.prepareInterpolant(from: left, to: right, derivative: derivative) }
                    isPrepared = true
                    between.withUnsafeMutableBufferPointer {
                        DormandPrince853Step.interpolate(
                            explicit.interpolant, count: initial.count, fraction: (time - left) / (right - left), into: $0)
                    }
                }
                return between.withUnsafeBufferPointer { motion.sample(time: time, state: $0) }
            }
            guard goesOn else { return false }
            if isImplicit {
                implicit.advance(to: motion.field.recentre(implicit.next[implicit.next.startIndex]))
                explicit.state.update(from: implicit.state, count: initial.count)
            } else {
                explicit.advance()
                explicit.state[0] = motion.field.recentre(explicit.state[0])
            }
            let isChanged = motion.settle(right, UnsafeMutableBufferPointer(start: explicit.state, count: initial.count))
            decay = rates(right).decay
            if isImplicit, isChanged || next * decay < Self.payingDecay {
                isImplicit = false
                (limitedSteps, patience) = (0, min(2 * patience, 100_000))
                explicit.start(at: right, derivative: derivative)
            } else if isChanged {
                explicit.start(at: right, derivative: derivative)
            } else if !isImplicit {
                limitedSteps = next * decay >= Self.shortestDecay ? limitedSteps + 1 : 0
                if limitedSteps >= patience, motion.isPlain {
                    isImplicit = true
                    implicit = RadauStep(state: Array(UnsafeBufferPointer(start: explicit.state, count: initial.count)))
                }
            }
            return true
        }
    }
}
