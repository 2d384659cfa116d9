import Duality
import Engines
import Foundation
import Networks
import Testing

/// Networks of width 512 trained to the end, asked for their outputs on other points, beside what kernels at the start say of these.
@Suite struct TrainedEnsembleTests {
    /// 4 points that are trained on, and 3 others.
    private static let (trained, asked) = ([-1.2, -0.4, 0.5, 1.3], [-0.8, 0.1, 0.9])
    private static let targets = [0.6, -0.3, 0.2, 0.8]

    @Test(arguments: [Activation.erf, .gelu]) func kernelsPredictOutputsOnOtherPoints(activation: Activation) throws {
        let engine = ReferenceEngine(), count = 32, architecture = try Architecture(widths: [512], activation: activation)
        let all = try Inputs(Self.trained + Self.asked), seen = try Inputs(Self.trained)
        let loss = try Loss(shape: .evenPower(2), scale: 1, anchors: .perPoint(Self.targets))
        // At infinite width λ₁ = 10 and λ₄ = 0.05 (gelu) or 0.19 (neural_tangents): q₁ = 0.5, and the last mode falls by e^{−2ηλ₄K/N(1 − γ)}, e⁻²¹.
        let schedule = try Schedule(learningRate: 0.1, momentum: 0.9), steps = 800
        func ensemble(_ sources: [Ensemble.Member.Source], _ inputs: Inputs) throws -> Ensemble {
            try Ensemble(
                architecture: architecture,
                members: sources.map { .init(source: $0, sigmaW: 1.5, sigmaB: 0.3, loss: loss, schedule: schedule) }, inputs: [inputs])
        }
        let seeds = (0..<count).map { Ensemble.Member.Source.seed(UInt64(900 + $0)) }
        let start = try CollectedResults(engine, ensemble(seeds, all), Job(tangentKernel: .gram))
        let end = try CollectedResults(
            engine, ensemble(seeds, seen), Job(outputs: false, finalWeights: true, training: .init(steps: steps, recordedSteps: [steps])))
        let weights = try end.weights.map { Ensemble.Member.Source.weights(try Weights($0, for: architecture)) }
        let outputs = try CollectedResults(engine, ensemble(weights, all), Job()).outputs.map { Array($0.suffix(Self.asked.count)) }
        #expect(end.losses.allSatisfy { $0[0] < 1e-4 }, "\(end.losses.map { $0[0] }.max() ?? 0)")

        // Each network beside its own linearisation: neural-tangents' tests of its own predictions allow 0.05 at width 512.
        var square = 0.0
        for member in 0..<count {
            let kernel = try #require(start.tangentKernels[member][0])
            let regression = try KernelRegression(kernel: kernel, trained: Self.trained.count, .init(points: Self.trained.count))
            let predicted = regression.outputs(from: start.outputs[member], targets: Self.targets)
            square += zip(predicted, outputs[member]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        let error = (square / Double(count * Self.asked.count)).squareRoot()
        #expect(error < 0.05, "\(activation.name): \(error)")

        // All of them beside infinite width: means to four standard errors and 0.02 of finite width, variances, which scatter by √(2/31), to a
        // factor of two and that.
        let infinite = try InfiniteWidthKernel(architecture: architecture, sigmaW: 1.5, sigmaB: 0.3, inputs: all)
        let regression = try KernelRegression(
            kernel: infinite.tangentKernel, trained: Self.trained.count, .init(points: Self.trained.count))
        let mean = regression.mean(targets: Self.targets), covariance = regression.covariance(initial: infinite.nngp)
        for point in 0..<Self.asked.count {
            let values = outputs.map { $0[point] }, found = values.reduce(0, +) / Double(count)
            let variance = values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / Double(count - 1)
            let expected = covariance[point * (Self.asked.count + 1)]
            #expect(abs(found - mean[point]) < 4 * (expected / Double(count)).squareRoot() + 0.02, "\(found) \(mean[point])")
            #expect(variance < 2 * expected + 4e-4 && variance > 0.5 * expected - 4e-4, "\(variance) \(expected)")
        }
    }
}
