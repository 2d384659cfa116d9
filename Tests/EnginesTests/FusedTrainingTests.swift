import Checks
import Compute
import Engines
import Foundation
import Networks
import OpenCL
import Testing

/// Trainings that take many steps in one launch, beside those that launch every layer.
@Suite struct FusedTrainingTests {
    /// Widths around a vector, few points, one to three hidden layers, with and without bias and momentum, all activations and losses. A
    /// problem of one member has no momentum, one of two has one.
    static let shapes: [Problem] = {
        var problems: [Problem] = []
        for (index, width) in [1, 3, 16, 17].enumerated() {
            for (place, points) in [1, 2, 5].enumerated() {
                let number = 3 * index + place
                let architecture = try? Architecture(
                    inputs: [1, 3, 2, 17][(number / 2) % 4], widths: Array(repeating: width, count: 1 + number % 3),
                    outputs: [1, 3, 1, 2][number % 4], hasBias: number % 5 != 0, activation: Activation.all[number % Activation.all.count],
                    parameterisation: number % 2 == 0 ? .ntk : .standard)
                guard let architecture else { continue }
                problems.append(
                    Problem(
                        architecture, points: points, members: 1 + number % 5, sharesInputs: number % 3 == 0,
                        lossShape: LossShape.examples[number % LossShape.examples.count], steps: 6, seed: UInt64(number)))
            }
        }
        return problems
    }()

    private func engine(_ kind: TestEngine, fuses: Bool, blockBytes: Int? = nil) throws -> OpenCLEngine {
        try TestEngine.make(kind.precision, blockBytes: blockBytes, trainingMethod: fuses ? .members : .layers)
    }

    @Test func allShapesAreThere() { #expect(Self.shapes.count == 12) }

    /// Both ways lie within the error bounds of a training, and take as many launches as they should: six and more for every step, or one
    /// for all of them.
    @Test(arguments: shapes, [TestEngine.float32, .float64])
    func bothWaysAreWithinTheirBounds(_ problem: Problem, _ kind: TestEngine) throws {
        // The launches of every layer take many programs, which a device's compiler is slow to make: a third of the shapes will do.
        for fuses in problem.seed.isMultiple(of: 3) ? [true, false] : [true] {
            let engine = try engine(kind, fuses: fuses), before = engine.context.counters.launches
            let result = Check(problem, .training).run(on: engine)
            #expect(result.passed, "fused \(fuses): \(result)")
            let launches = engine.context.counters.launches - before
            guard engine.context.device.kind == .cpu else { continue }
            #expect(fuses ? launches == 1 : launches > 6 * problem.steps, "fused \(fuses): \(launches) launches")
        }
    }

    /// Hidden layers of different widths, whose vectors are those of the narrowest.
    @Test(arguments: [[5, 33], [64, 16, 3], [17, 1, 32]], [TestEngine.float32, .float64])
    func widthsMayDiffer(_ widths: [Int], _ kind: TestEngine) throws {
        for points in [1, 4] {
            let problem = try Problem(
                Architecture(inputs: 2, widths: widths, outputs: 2, activation: .tanh), points: points, members: 3, steps: 5, seed: 5)
            let result = Check(problem, .training).run(on: try engine(kind, fuses: true))
            #expect(result.passed, "\(result)")
        }
    }

    /// Where launches end, which steps are recorded and whether kernels are computed on the way changes no bit.
    @Test(arguments: [1, 3], [TestEngine.float32, .float64])
    func launchesMayEndAnywhere(_ points: Int, _ kind: TestEngine) throws {
        let problem = try Problem(
            Architecture(inputs: 2, widths: [17, 17], outputs: 2, activation: .erf), points: points, members: 3, steps: 12, seed: 3)
        let ensemble = try problem.ensemble(), rows = ensemble.rows
        let whole = try CollectedResults(engine(kind, fuses: true), ensemble, Job(finalWeights: true, training: .init(steps: 12)))
        for held in [1, 2, 5] {
            let bytes = held * 3 * rows * kind.precision.elementBytes
            let parts = try CollectedResults(
                engine(kind, fuses: true, blockBytes: bytes), ensemble, Job(finalWeights: true, training: .init(steps: 12)))
            #expect(identical(parts, whole), "\(held) steps held")
        }
        let kernels = try CollectedResults(
            engine(kind, fuses: true), ensemble,
            Job(
                tangentKernel: .gram, finalWeights: true,
                training: .init(steps: 12, recordedSteps: [0, 4, 5, 11], kernelSteps: [1, 5, 12])))
        let layered = try CollectedResults(
            engine(kind, fuses: false), ensemble, Job(tangentKernel: .gram, training: .init(steps: 12, kernelSteps: [1, 5, 12])))
        for e in 0..<3 {
            #expect(identical(kernels.weights[e], whole.weights[e]))
            #expect(identical(kernels.losses[e], [0, 4, 5, 11].map { whole.losses[e][$0] }))
            #expect(identical(kernels.outputs[e], [0, 4, 5, 11].flatMap { whole.outputs[e][$0 * rows..<($0 + 1) * rows] }))
            #expect(kernels.tangentKernels[e].keys.sorted() == [0, 1, 5, 12])
            // Of the weights of that step: as far from the other way's as a few roundings, not as another step's kernel.
            for step in [1, 5, 12] {
                let found = kernels.tangentKernels[e][step] ?? [], other = layered.tangentKernels[e][step] ?? []
                let before = layered.tangentKernels[e][step == 1 ? 0 : step == 5 ? 1 : 5] ?? []
                #expect(distance(found, other) < 0.01 * distance(before, other))
            }
        }
    }

    /// The error function of the kernels against the host's, with the bound that they state: 2 u |erf z|, and for the slope 2 u of the
    /// exponential, z² u of its argument and 2 u of the constant and the product, with the smallest normal number
    /// times that constant. Over floats from 2⁻³⁰ to beyond saturation in
    /// steps of a 2⁻⁹th, of both signs, for a vector's and a scalar's code.
    @Test(arguments: [1, 16])
    func theErrorFunctionIsWithinItsBound(_ width: Int) throws {
        let architecture = try Architecture(widths: [width], activation: .erf, parameterisation: .standard)
        let first = Array(repeating: 1.0, count: width), rest = Array(repeating: 0.0, count: width - 1)
        let weights = try Weights(first + rest + [0] + [1] + rest + [0], for: architecture)
        let member = Ensemble.Member(source: .weights(weights), sigmaW: 1, sigmaB: 1)
        var points: [Double] = []
        var x: Float = 0x1p-30
        while x < 12 {
            points += [Double(x), -Double(x)]
            x *= 1 + 0x1p-9
        }
        let ensemble = try Ensemble(architecture: architecture, members: [member], inputs: [Inputs(points)])
        let found = try CollectedResults(TestEngine.float32.engine(), ensemble, Job(outputs: true, jacobian: true))
        let unit = 0x1p-24, tiny = 0x1p-126, parameters = architecture.parameterCount
        var worst = 0.0, steepest = 0.0
        for (index, z) in points.enumerated() {
            worst = max(worst, abs(found.outputs[0][index] - erf(z)) / (2 * unit * abs(erf(z))))
            let slope = 2 / Double.pi.squareRoot() * exp(-z * z)
            // The slope is the derivative by the first unit's bias.
            let error = abs(found.jacobians[0][index * parameters + width] - slope)
            steepest = max(steepest, error / ((4.01 + z * z) * unit * slope + 1.13 * tiny))
        }
        #expect(worst <= 1 && worst > 0.1, "erf errs by \(worst) of its bound")
        #expect(steepest <= 1 && steepest > 0.1, "its slope errs by \(steepest) of its bound")
    }
}
