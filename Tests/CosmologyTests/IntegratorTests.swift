import Cosmology
import Foundation
import Testing

/// The integrator against closed forms.
@Suite struct IntegratorTests {
    /// An equation with a known solution.
    struct Problem: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// A step size in the asymptotic range: a fraction of the distance to the nearest (complex) singularity or of a period.
        let size: Double
        let initial: [Double]
        let derivative: @Sendable (Double, UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
        let exact: @Sendable (Double) -> [Double]
    }

    static let problems = [
        Problem(testDescription: "harmonic oscillator", size: 0.5, initial: [1, 0]) { _, state, rate in
            rate[0] = state[1]
            rate[1] = -state[0]
        } exact: {
            [cos($0), -sin($0)]
        },
        Problem(testDescription: "exponential decay", size: 0.5, initial: [1]) { _, state, rate in
            rate[0] = -state[0]
        } exact: {
            [exp(-$0)]
        },
        Problem(testDescription: "rational, explicit in time", size: 0.3, initial: [0.5]) { time, state, rate in
            rate[0] = -2 * (1 + time) * state[0] * state[0]
        } exact: {
            [1 / (1 + (1 + $0) * (1 + $0))]
        },
    ]

    private static func distance(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).map { abs($0 - $1) }.max() ?? .nan
    }

    /// With tolerances so loose that any step is accepted, an integration over a short interval is one step, and a chain of
    /// integrations is the method at a fixed step size h.
    private static let oneStep = DormandPrince853(relativeTolerance: 0.5, absoluteTolerance: 100)

    /// End error of order 8 ⇒ halving h divides it by 2^8; the observed order at finite h differs from 8 by O(h), for which
    /// one half is allowed. The sizes keep both errors above 2e-14, a hundred roundings.
    @Test(arguments: problems)
    func fixedStepsConvergeWithOrderEight(_ problem: Problem) throws {
        func endError(steps: Int) throws -> Double {
            let end = 8 * problem.size
            var state = problem.initial
            for step in 0..<steps {
                let (left, right) = (end * Double(step) / Double(steps), end * Double(step + 1) / Double(steps))
                let solution = try Self.oneStep.solve(from: left, initial: state, until: right, derivative: problem.derivative)
                #expect(solution.stepCount == 1)
                state = try solution.evaluate(at: right)
            }
            return Self.distance(state, problem.exact(end))
        }
        let (coarse, fine) = (try endError(steps: 8), try endError(steps: 16))
        #expect(fine > 2e-14)
        #expect(log2(coarse / fine) > 7.5)
    }

    /// Within one step of size h the interpolant of order 7 errs by O(h^8): halving h divides its error by 2^8. One half of an
    /// order is allowed for the next term.
    @Test(arguments: problems)
    func denseOutputConvergesWithOrderSeven(_ problem: Problem) throws {
        func worstError(size: Double) throws -> Double {
            let start = 0.3
            let solution = try Self.oneStep.solve(
                from: start, initial: problem.exact(start), until: start + size, derivative: problem.derivative)
            #expect(solution.stepCount == 1)
            return try (1...19).map {
                let time = start + size * Double($0) / 20
                return Self.distance(try solution.evaluate(at: time), problem.exact(time))
            }.max() ?? .nan
        }
        let (coarse, fine) = (try worstError(size: problem.size / 2), try worstError(size: problem.size / 4))
        #expect(log2(coarse / fine) > 7.5)
    }

    /// The step control keeps the local error per step below the tolerance, so that over S steps of a neutrally stable or
    /// stable equation the error is at most about S times the tolerance; here S < 200, and the interpolant may add a factor of 10.
    @Test(arguments: problems, [1e-6, 1e-9, 1e-12])
    func errorsFollowTheTolerance(_ problem: Problem, tolerance: Double) throws {
        let integrator = DormandPrince853(relativeTolerance: tolerance, absoluteTolerance: tolerance)
        let times = (0...1000).map { Double($0) / 50 }
        let states = try integrator.solve(from: 0, initial: problem.initial, at: times, derivative: problem.derivative)
        let dense = try integrator.solve(from: 0, initial: problem.initial, until: 20, derivative: problem.derivative)
        #expect(states.count == times.count)
        #expect(dense.stepCount < 200)
        let worst = zip(times, states).map { Self.distance($1, problem.exact($0)) }.max() ?? .nan
        #expect(worst <= 2000 * tolerance)
        // Both forms take the same steps and the same interpolants.
        for (time, state) in zip(times, states) where time < 20 {
            #expect(try Self.distance(dense.evaluate(at: time), state) <= 1e-15)
        }
    }

    /// There and back: the second leg negates the rate. Each leg errs by at most S · 1e-12 as above, S < 200.
    @Test func returnsToTheInitialState() throws {
        let integrator = DormandPrince853()
        let there = try integrator.solve(from: 0, initial: [1, 0.3], at: [30]) { _, state, rate in
            rate[0] = state[1]
            rate[1] = -state[0] * state[0] * state[0]
        }
        let back = try integrator.solve(from: 0, initial: there[0], at: [30]) { _, state, rate in
            rate[0] = -state[1]
            rate[1] = state[0] * state[0] * state[0]
        }
        #expect(Self.distance(back[0], [1, 0.3]) < 4e-10)
        #expect(Self.distance(there[0], [1, 0.3]) > 0.1)
    }

    @Test func timesAtTheStartAndRepeatedTimesAreAnswered() throws {
        let states = try DormandPrince853().solve(from: 1, initial: [2], at: [1, 1, 3, 3]) { _, state, rate in rate[0] = state[0] }
        #expect(states[0] == [2] && states[1] == [2])
        #expect(states[2] == states[3])
        #expect(abs(states[2][0] - 2 * exp(2.0)) < 1e-10)
        let none = try DormandPrince853().solve(from: 1, initial: [2], at: []) { _, _, _ in }
        #expect(none.isEmpty)
        let point = try DormandPrince853().solve(from: 1, initial: [2], until: 1) { _, _, rate in rate[0] = 0 }
        #expect(try point.stepCount == 0 && point.evaluate(at: 1) == [2])
    }

    /// A state of zeros with no rate must neither divide by zero nor creep.
    @Test func aStateAtRestStaysThere() throws {
        let solution = try DormandPrince853().solve(from: 0, initial: [0, 0], until: 1e6) { _, _, rate in
            rate[0] = 0
            rate[1] = 0
        }
        #expect(try solution.evaluate(at: 12345) == [0, 0])
        #expect(solution.stepCount < 100)
    }
}

/// What the integrator refuses, and how it ends where the solution does.
@Suite struct IntegratorErrorTests {
    private func error(
        _ integrator: DormandPrince853 = DormandPrince853(), start: Double = 0, initial: [Double] = [1], times: [Double] = [1],
        derivative: (Double, UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void = { _, _, rate in rate[0] = 1 }
    ) -> IntegrationError? {
        do {
            _ = try integrator.solve(from: start, initial: initial, at: times, derivative: derivative)
            return nil
        } catch {
            return error
        }
    }

    @Test func badArgumentsAreRefusedByName() {
        #expect(error() == nil)
        #expect(error(times: [-1])?.description.hasPrefix("time 0 is -1.0, before the start 0.0") == true)
        #expect(error(times: [1, 3, 2])?.description.hasPrefix("time 2 is 2.0, before time 1, which is 3.0") == true)
        #expect(error(times: [.nan])?.description.hasPrefix("time 0 is nan") == true)
        #expect(error(times: [1, .infinity])?.description.hasPrefix("time 1 is inf") == true)
        #expect(error(start: .nan)?.description.hasPrefix("the start time is nan") == true)
        #expect(error(initial: [])?.description.hasPrefix("the initial state has 0 components") == true)
        #expect(error(initial: [.nan])?.description.hasPrefix("component 0 of the initial state is nan") == true)
        #expect(error(DormandPrince853(relativeTolerance: 1e-17))?.description.hasPrefix("relativeTolerance is 1e-17") == true)
        #expect(error(DormandPrince853(relativeTolerance: 1))?.description.hasPrefix("relativeTolerance is 1.0") == true)
        #expect(error(DormandPrince853(absoluteTolerance: 0))?.description.hasPrefix("absoluteTolerance is 0.0") == true)
        #expect(error(DormandPrince853(maximumSteps: 0))?.description.hasPrefix("maximumSteps is 0") == true)
    }

    /// y′ = y² from 1 diverges at t = 1.
    @Test func aPoleEndsAtThePole() {
        let error = error(times: [2]) { _, state, rate in rate[0] = state[0] * state[0] }
        guard case .stepTooSmall(let time)? = error else {
            Issue.record("expected stepTooSmall, found \(String(describing: error))")
            return
        }
        #expect(abs(time - 1) < 1e-9)
    }

    /// y′ = y from 1 passes the largest number, 1.8e308, at t = 709.78. A stage sums others with weights up to 44, which
    /// overflows ln 44 = 3.8 earlier, in a step that may begin a unit of time before.
    @Test func anOverflowEndsAtItsTime() {
        let error = error(times: [1000]) { _, state, rate in rate[0] = state[0] }
        guard case .notFinite(let time)? = error else {
            Issue.record("expected notFinite, found \(String(describing: error))")
            return
        }
        #expect(time > 704 && time < 709.79)
    }

    @Test func aRateThatIsNotANumberIsNamedAtOnce() {
        #expect(error { _, _, rate in rate[0] = .nan } == .notFinite(time: 0))
    }

    /// A thousand radians at 1e-12 take some 5000 steps.
    @Test func theLimitOfStepsIsKept() {
        let error = error(DormandPrince853(maximumSteps: 50), initial: [1, 0], times: [1000]) { _, state, rate in
            rate[0] = state[1]
            rate[1] = -state[0]
        }
        guard case .tooManySteps(let limit, let time, 1000, let needed)? = error else {
            Issue.record("expected tooManySteps, found \(String(describing: error))")
            return
        }
        #expect(limit == 50 && time > 0 && time < 1000)
        // What it says does reach the end.
        #expect(
            self.error(DormandPrince853(maximumSteps: needed), initial: [1, 0], times: [1000]) { _, state, rate in
                rate[0] = state[1]
                rate[1] = -state[0]
            } == nil)
        #expect(needed < 50_000)
    }

    @Test func timesOutsideADenseSolutionAreRefused() throws {
        let solution = try DormandPrince853().solve(from: 0, initial: [1], until: 1) { _, _, rate in rate[0] = 1 }
        #expect(throws: IntegrationError.self) { try solution.evaluate(at: 1.5) }
        #expect(throws: IntegrationError.self) { try solution.evaluate(at: .nan) }
        #expect(try abs(solution.evaluate(at: 0.25)[0] - 1.25) < 1e-14)
    }
}
