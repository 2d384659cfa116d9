import Checks
import Compute
import Engines
import Networks
import Testing

/// The arithmetic of bounds.
@Suite struct BoundTests {
    @Test func comparisonFindsTheWorstElement() {
        let expected = BoundedValues([1, 2, 3], errors: [0.1, 0.1, 0])
        #expect(expected.compare([1, 2, 3]).ratio == 0)
        let close = expected.compare([1.05, 2, 3])
        #expect(close.isWithinBound && close.index == 0 && close.bound == 0.1)
        #expect(!expected.compare([1, 2.2, 3]).isWithinBound)
        #expect(!expected.compare([1, 2, 3.0.nextUp]).isWithinBound)
        #expect(!expected.compare([1, 2, .nan]).isWithinBound)
        #expect(!expected.compare([1, 2]).isWithinBound)
        #expect(!BoundedValues([1], errors: [.nan]).compare([1.5]).isWithinBound)
    }

    /// A linear model by hand: f = x w + b with x = 1/2, w = 3, b = 1/4 in float32. The bound is γ₅ (|x w| + |b|), with the rounding of x
    /// times |w| on top: (5 (1.5 + 0.25) + 1.5) u to first order.
    @Test func aBoundByHand() throws {
        let architecture = try Architecture(widths: [], activation: .relu, parameterisation: .standard)
        let member = Ensemble.Member(source: .weights(try Weights([3, 0.25], for: architecture)), sigmaW: 1, sigmaB: 1)
        let ensemble = try Ensemble(architecture: architecture, members: [member], inputs: [Inputs([0.5])])
        let bound = ErrorBounds(ensemble, member: 0, precision: .float32).outputs()
        #expect(bound.values == [1.75])
        #expect(abs(bound.errors[0] / 0x1p-24 - (5 * 1.75 + 1.5)) < 1e-5)
    }

    /// Bounds are proportional to the unit roundoff, 2⁻²⁴ and 2⁻⁵³, up to terms of second order.
    @Test func boundsFollowThePrecision() throws {
        let ensemble = try CheckCatalogue.typical()[1].ensemble()
        let single = ErrorBounds(ensemble, member: 0, precision: .float32).outputs().errors
        let double = ErrorBounds(ensemble, member: 0, precision: .float64).outputs().errors
        for (s, d) in zip(single, double) { #expect(s / d > 0x1p29 * 0.9 && s / d < 0x1p29 * 1.5) }
        // Mixed precision is float32 up to the Gram sums, so its kernel's bound lies between the two others.
        let kernels = Precision.allCases.map { ErrorBounds(ensemble, member: 0, precision: $0).tangentKernel(.gram).errors[0] }
        #expect(kernels[2] < kernels[1] && kernels[1] < kernels[0])
    }

    /// A problem's description and its JSON reproduce it.
    @Test func randomProblemsAreReproducible() throws {
        var seen: Set<String> = []
        for number in 1...50 {
            let problem = try Problem.random(UInt64(number))
            #expect(problem == (try Problem.random(UInt64(number))))
            seen.insert("\(problem)")
            let ensemble = try problem.ensemble()
            #expect(ensemble.members.count == problem.members && ensemble.points == problem.points)
        }
        #expect(seen.count == 50)
    }
}
