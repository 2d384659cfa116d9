/// Explicit Runge–Kutta integration of order 8 with error estimates of order 5 and 3 and dense output of order 7:
/// the method 8(5,3) of Hairer, Nørsett and Wanner, *Solving Ordinary Differential Equations I*, 2nd edition, 1993,
/// sections II.4 (step control), II.5 (method) and II.6 (dense output).
///
/// It is code of our own and not SUNDIALS because this one is three files and there is no further library to install, find and link;
/// the integrator is a `Sendable` value without a context pointer, so that thousands of trajectories integrate side by side;
/// dense output comes with the method; and order 8 reaches tolerances of 1e-12 in few steps. Universes, which may be stiff, have
/// ``UniverseIntegrator``, which takes these steps where they serve.
///
/// A step is accepted when the root mean square over the components of (error estimate) / (absoluteTolerance +
/// relativeTolerance · |state|) is at most 1. Time runs forward; integrate backward by negating the rate.
/// Memory is allocated when an integration starts and for each state that it returns, never in the loop over steps.
public struct DormandPrince853: Sendable, Hashable {
    /// The rate of change of the state: reads time and state, writes every component of the rate.
    public typealias Derivative = (
        _ time: Double, _ state: UnsafeBufferPointer<Double>, _ rate: UnsafeMutableBufferPointer<Double>
    ) -> Void

    /// Local error allowed relative to each component; from 1e-14 to below 1. Default 1e-12.
    public var relativeTolerance: Double
    /// Local error allowed in each component however small it is, in the units of the state; positive. Default 1e-14.
    public var absoluteTolerance: Double
    /// Steps, rejected ones included, after which the integration gives up; at least 1. Default 1 000 000.
    public var maximumSteps: Int

    /// An integrator with the given tolerances; they are checked when an integration starts.
    public init(relativeTolerance: Double = 1e-12, absoluteTolerance: Double = 1e-14, maximumSteps: Int = 1_000_000) {
        self.relativeTolerance = relativeTolerance
        self.absoluteTolerance = absoluteTolerance
        self.maximumSteps = maximumSteps
    }

    /// The states at `times`.
    ///
    /// - Parameters:
    ///   - start: the time of the initial state.
    ///   - initial: the initial state, any number of components.
    ///   - times: ascending, none before `start`; repetitions are allowed.
    ///   - derivative: the rate of change of the state.
    /// - Returns: one state of `initial.count` components for each of `times`.
    /// - Throws: `IntegrationError`.
    public func solve(
        from start: Double, initial: [Double], at times: [Double], derivative: Derivative
    ) throws(IntegrationError) -> [[Double]] {
        try check(start: start, initial: initial, times: times)
        var states: [[Double]] = []
        states.reserveCapacity(times.count)
        while states.count < times.count, times[states.count] == start { states.append(initial) }
        guard let end = times.last, states.count < times.count else { return states }

        let count = initial.count
        try integrate(from: start, initial: initial, to: end, derivative: derivative) {
            (step: borrowing DormandPrince853Step, left: Double, right: Double) throws(IntegrationError) in
            var prepared = false
            while states.count < times.count, times[states.count] <= right {
                let time = times[states.count]
                guard time < right else {
                    states.append(Array(UnsafeBufferPointer(start: step.next, count: count)))
                    continue
                }
                if !prepared {
                    try step.prepareInterpolant(from: left, to: right, derivative: derivative)
                    prepared = true
                }
                let fraction = (time - left) / (right - left)
                states.append(
                    [Double](unsafeUninitializedCapacity: count) { state, written in
                        DormandPrince853Step.interpolate(step.interpolant, count: count, fraction: fraction, into: state)
                        written = count
                    })
            }
        }
        return states
    }

    /// The solution from `start` to `end` as a function of time.
    ///
    /// - Parameters:
    ///   - start: the time of the initial state.
    ///   - initial: the initial state, any number of components.
    ///   - end: the last time, not before `start`.
    ///   - derivative: the rate of change of the state.
    /// - Returns: every step with its interpolant: 8 · `initial.count` numbers a step.
    /// - Throws: `IntegrationError`.
    public func solve(
        from start: Double, initial: [Double], until end: Double, derivative: Derivative
    ) throws(IntegrationError) -> DenseSolution {
        try check(start: start, initial: initial, times: [end])
        var solution = DenseSolution(start: start, initial: initial)
        guard end > start else { return solution }
        try integrate(from: start, initial: initial, to: end, derivative: derivative) {
            (step: borrowing DormandPrince853Step, left: Double, right: Double) throws(IntegrationError) in
            try step.prepareInterpolant(from: left, to: right, derivative: derivative)
            solution.append(step.interpolant, until: right)
        }
        return solution
    }

    private func check(start: Double, initial: [Double], times: [Double]) throws(IntegrationError) {
        guard relativeTolerance >= 1e-14, relativeTolerance < 1 else {
            throw .badArguments("relativeTolerance is \(relativeTolerance); it must be at least 1e-14 and below 1. Use 1e-12.")
        }
        guard absoluteTolerance > 0, absoluteTolerance.isFinite else {
            throw .badArguments("absoluteTolerance is \(absoluteTolerance); it must be positive and finite. Use 1e-14.")
        }
        guard maximumSteps >= 1 else {
            throw .badArguments("maximumSteps is \(maximumSteps); it must be at least 1. Use 1000000.")
        }
        guard !initial.isEmpty else {
            throw .badArguments("the initial state has 0 components; it needs at least 1.")
        }
        guard start.isFinite else {
            throw .badArguments("the start time is \(start); it must be finite.")
        }
        if let index = initial.firstIndex(where: { !$0.isFinite }) {
            throw .badArguments("component \(index) of the initial state is \(initial[index]); it must be finite.")
        }
        var earlier = start
        for (index, time) in times.enumerated() {
            guard time.isFinite else {
                throw .badArguments("time \(index) is \(time); it must be finite.")
            }
            guard time >= earlier else {
                throw .badArguments(
                    index == 0
                        ? "time 0 is \(time), before the start \(start). Ask for times from the start on."
                        : "time \(index) is \(time), before time \(index - 1), which is \(earlier). Sort the times ascending.")
            }
            earlier = time
        }
    }

    /// The default tolerances for a solution of that size: an absolute tolerance of 1e-14 is nothing to a field of size 1, and
    /// everything to one of 1e-14. Sizes above 1 keep it.
    ///
    /// - Parameter samples: states asked for; a hundred steps are allowed between two of them, where that is more than by default.
    public static func resolving(_ size: Double, samples: Int = 0) -> DormandPrince853 {
        let absolute = 1e-14 * min(1, size)
        var integrator = absolute > 0 ? DormandPrince853(absoluteTolerance: absolute) : DormandPrince853()
        integrator.maximumSteps = max(integrator.maximumSteps, samples.multipliedReportingOverflow(by: 100).overflow ? .max : 100 * samples)
        return integrator
    }
}
