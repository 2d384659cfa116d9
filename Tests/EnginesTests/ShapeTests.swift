import Checks
import Compute
import Engines
import Networks
import Testing

/// Shapes that fit no vector and no tile, in every precision, against the reference engine within the derived bounds.
@Suite struct ShapeTests {
    static let odd: [Problem] = {
        let descriptions: [(d: Int, widths: [Int], c: Int, bias: Bool, activation: Activation, n: Int, e: Int)] = [
            (1, [], 1, true, .identity, 1, 1), (5, [], 3, false, .tanh, 4, 7), (1, [1], 1, true, .erf, 1, 1),
            (5, [33], 3, true, .gelu, 3, 7),
            (2, [33, 17], 1, false, .relu, 7, 7), (3, [7, 1, 9], 2, true, .sin, 5, 1), (1, [5, 16, 3, 8], 3, true, .tanh, 2, 7),
            (17, [15], 5, true, .relu, 9, 2), (1, [64], 1, true, .erf, 1, 7),
        ]
        return descriptions.enumerated().compactMap { index, it in
            guard
                let architecture = try? Architecture(
                    inputs: it.d, widths: it.widths, outputs: it.c, hasBias: it.bias, activation: it.activation,
                    parameterisation: index % 3 == 2 ? .standard : .ntk)
            else { return nil }
            return Problem(
                architecture, points: it.n, members: it.e, sharesInputs: index % 2 == 0,
                lossShape: LossShape.examples[index % LossShape.examples.count], seed: UInt64(index + 100))
        }
    }()

    @Test func allShapesAreThere() { #expect(Self.odd.count == 9) }

    @Test(arguments: odd, TestEngine.openCL)
    func oddShapes(_ problem: Problem, _ kind: TestEngine) throws {
        for quantity in Check.Quantity.allCases {
            let result = Check(problem, quantity).run(on: try kind.engine())
            #expect(result.passed, "\(result)")
        }
    }

    /// Thirty shapes from a seeded generator; the name of a failing check says how to make it again. The doctor's
    /// problems have all activations and losses: here are two of each, so that programs are shared.
    @Test(arguments: 1...30)
    func randomShapes(_ number: Int) throws {
        let losses = [LossShape.examples[0], LossShape.examples[LossShape.examples.count - 1]]
        let problem = try Problem.random(UInt64(number), activations: [.erf, .relu], lossShapes: losses)
        let kind = TestEngine.openCL[number % 3]
        for quantity in Check.Quantity.allCases {
            let result = Check(problem, quantity).run(on: try kind.engine())
            #expect(result.passed, "Problem.random(\(number)): \(result)")
        }
    }

    /// The reference engine itself against the arithmetic of the error bounds, which is written independently of it.
    @Test(arguments: odd)
    func theReferenceAgreesWithTheErrorAnalysis(_ problem: Problem) throws {
        let ensemble = try problem.ensemble()
        for method in TangentKernelMethod.allCases {
            let found = try CollectedResults(ReferenceEngine(), ensemble, Job(outputs: true, jacobian: true, tangentKernel: method))
            for member in ensemble.members.indices {
                let bounds = ErrorBounds(ensemble, member: member, precision: .float64)
                for (values, bound) in [
                    (found.outputs[member], bounds.outputs()), (found.jacobians[member], bounds.jacobian()),
                    (found.tangentKernels[member][0] ?? [], bounds.tangentKernel(method)),
                ] {
                    // Both sides round.
                    let deviation = bound.widened(by: bound.errors).compare(values)
                    #expect(deviation.isWithinBound, "\(problem): \(deviation)")
                }
            }
        }
    }
}
