import Duality
import Foundation
import Networks
import Testing

/// The split of the difference between network and prediction, on paths that the tests make themselves.
@Suite struct ErrorBudgetTests {
    private static func path(
        widths: [Int] = [24], activation: Activation = .erf, points: [Double] = [1], momentum: Double = 0.9, learningRate: Double = 0.02,
        minimum: Double = 1.4, steps: Int = 60
    ) throws -> (path: TrainingPath, network: FrozenNetwork) {
        let architecture = try Architecture(widths: widths, activation: activation)
        let loss = try Loss.power(scale: 0.3, minimum: minimum), schedule = try Schedule(learningRate: learningRate, momentum: momentum)
        let path = try TrainingPath(
            architecture: architecture, weights: Weights(seed: 5, sigmaW: 1.2, sigmaB: 0.3, for: architecture), sigmaW: 1.2, sigmaB: 0.3,
            inputs: Inputs(points), loss: loss, schedule: schedule, steps: steps)
        let network = try FrozenNetwork(
            outputs: Array(path.outputs.prefix(points.count)), tangentKernel: Array(path.kernels.prefix(points.count * points.count)),
            points: points.count, loss: loss, schedule: schedule, steps: steps)
        return (path, network)
    }

    private static func budget(_ prediction: Prediction, _ made: (path: TrainingPath, network: FrozenNetwork)) throws -> ErrorBudget {
        try ErrorBudget(
            made.network, predicted: prediction.trajectory(of: made.network), trained: made.path.outputs, path: made.path)
    }

    /// Whatever the parts are, they and the remainder add up.
    @Test(arguments: [Prediction.paper, .corrected, .fourthOrder, .friedmann, .frozen, .null], [[1.0], [1, 0.4, -0.6]])
    func partsAddUp(prediction: Prediction, points: [Double]) throws {
        let budget = try Self.budget(prediction, Self.path(points: points))
        for index in budget.residual.indices {
            let sum = ErrorBudget.Part.allCases.reduce(budget.remainder[index]) { $0 + (budget.parts[$1]?[index] ?? .nan) }
            #expect(abs(sum - budget.residual[index]) <= 1e-14)
        }
    }

    /// With momentum drift and curvature are of one size, and both are needed.
    @Test(arguments: [Activation.erf, .tanh, .gelu, .sin], [[1.0], [1, 0.4, -0.6]])
    func partsExplainTheDifference(activation: Activation, points: [Double]) throws {
        let made = try Self.path(widths: [32, 24], activation: activation, points: points)
        let budget = try Self.budget(.frozen, made)
        #expect(budget.size(.discretisation) == 0)
        #expect(budget.explained >= 0.95, "\(budget.explained)")
        let withoutCurvature = zip(budget.remainder, try #require(budget.parts[.curvature])).reduce(0) {
            $0 + ($1.0 + $1.1) * ($1.0 + $1.1)
        }
        #expect(withoutCurvature >= 0.05 * budget.squaredResidual)
    }

    /// C_k is of second order in the step, and what Taylor's theorem leaves out of fourth: by halving √η at fixed 3H, T, the remainder of one
    /// step shrinks sixteenfold, and without C_k fourfold. The observed order differs by O(√η).
    @Test func curvatureIsTheSecondOrderOfAStep() throws {
        func defects(_ h: Double) throws -> (curved: Double, flat: Double) {
            let steps = Int((2 / h).rounded())
            let (path, network) = try Self.path(momentum: 1 - 0.5 * h, learningRate: h * h, minimum: 3, steps: steps)
            let f = path.outputs, momentum = 1 - 0.5 * h
            var (curved, flat) = (0.0, 0.0)
            for k in 1..<steps {
                let slope = network.loss.shape.slope(f[k], anchor: 3, scale: network.loss.scale)
                let defect = f[k + 1] - f[k] - momentum * (f[k] - f[k - 1]) + h * h * path.kernels[k] * slope
                curved = max(curved, abs(defect - path.curvatures[k]))
                flat = max(flat, abs(defect))
            }
            return (curved, flat)
        }
        let (long, short) = (try defects(0.05), try defects(0.025))
        #expect(log2(long.curved / short.curved) >= 3.7, "\(long) \(short)")
        #expect(log2(long.flat / short.flat) <= 2.3)
    }

    /// A linear model has no drift and no curvature: outputs are linear in the weights.
    @Test func aLinearModelHasDiscretisationOnly() throws {
        let budget = try Self.budget(.corrected, Self.path(widths: [], points: [1, -0.5]))
        #expect(budget.size(.kernelDrift) <= 1e-15 && budget.size(.curvature) <= 1e-15)
        #expect(budget.size(.discretisation) > 1e-6 && 1 - budget.explained <= 1e-12)
    }

    @Test func whatHasNoBudget() throws {
        let made = try Self.path(steps: 3)
        var network = made.network
        network.couplings = FiniteWidthCouplings(kernel: 1, kappa: 0, mu: 0, tau: 0)
        #expect(throws: DualityError.noBudget(prediction: .nlo)) { try Self.budget(.nlo, (made.path, network)) }
        let shorter = try Self.path(steps: 2)
        #expect(throws: DualityError.self) { try Self.budget(.frozen, (shorter.path, made.network)) }
        let constant = try Schedule(learningRate: 0.1)
        #expect(TrainingPath.refusal(try Architecture(widths: [3], activation: .relu), constant) == .kink(activation: "relu"))
        #expect(TrainingPath.refusal(try Architecture(widths: [3], outputs: 2, activation: .erf), constant) == .severalOutputs(2))
        #expect(TrainingPath.refusal(try Architecture(widths: [3], activation: .erf), constant) == nil)
        #expect(throws: TrainingPath.Refusal.kink(activation: "relu")) { try Self.path(activation: .relu) }
    }
}
