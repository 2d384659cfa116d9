import Duality
import Foundation
import Networks
import Testing

/// Predictions on points that nothing was trained on.
@Suite struct KernelRegressionTests {
    /// Tests/Fixtures/predictions.json, of neural-tangents.
    private struct Golden: Decodable {
        struct Case: Decodable {
            let activation: String
            let depth, dimension, points, testPoints, outputs: Int
            let sigmaW, sigmaB, ridge: Double
            let time: Double?
            let x, y, x2, nngpMean, nngpCovariance, ntkMean, ntkCovariance: [Double]
        }
        let cases: [Case]
    }

    private static func golden() throws -> [Golden.Case] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/predictions.json").standardized
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)).cases
    }

    /// Both programs work in float64. Errors are those of kernels, 1e-15, times the condition of the kernel on the training points, at most 1e5
    /// here. neural-tangents takes the mean in its loss over points and outputs, with ½ in front: s = 1/(2C).
    @Test func agreesWithNeuralTangents() throws {
        let cases = try Self.golden()
        #expect(cases.count == 18)
        for golden in cases {
            let kernel = try InfiniteWidthKernel(
                depth: golden.depth, activation: #require(Activation.named(golden.activation)), sigmaW: golden.sigmaW,
                sigmaB: golden.sigmaB,
                inputs: Inputs(points: golden.points + golden.testPoints, dimension: golden.dimension, values: golden.x + golden.x2))
            let trained = try KernelRegression(
                kernel: kernel.tangentKernel, trained: golden.points,
                .init(
                    points: golden.points, time: golden.time ?? .infinity, scale: 0.5 / Double(golden.outputs), ridge: golden.ridge))
            func close(_ found: [Double], _ expected: [Double], _ what: String) {
                let error = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
                #expect(found.count == expected.count && error < 1e-9, "\(golden.activation) \(golden.time ?? .infinity) \(what): \(error)")
            }
            close(trained.mean(targets: golden.y), golden.ntkMean, "mean")
            close(trained.covariance(initial: kernel.nngp), golden.ntkCovariance, "covariance")
            guard golden.time == nil else { continue }
            let posterior = try KernelRegression(
                kernel: kernel.nngp, trained: golden.points, .init(points: golden.points, ridge: golden.ridge))
            close(posterior.mean(targets: golden.y), golden.nngpMean, "posterior mean")
            close(posterior.posterior(prior: kernel.nngp), golden.nngpCovariance, "posterior covariance")
        }
    }

    /// One training point: A(t) = Θ_{*X}/(Θ + r) (1 − e^{−2s(Θ + r)t}).
    @Test func onePointHasAClosedForm() throws {
        let kernel = [2, 0.5, 0.5, 1], covariance = [1, 0.25, 0.25, 0.75]
        let regression = try KernelRegression(kernel: kernel, trained: 1, .init(points: 1, time: 0.3, scale: 2, ridge: 0.5))
        let a = 0.5 / 2.5 * (1 - exp(-4 * 2.5 * 0.3))
        #expect(abs(regression.mean(targets: [3])[0] - 3 * a) < 1e-15)
        #expect(abs(regression.outputs(from: [0.5, 0.25], targets: [3])[0] - (0.25 + a * 2.5)) < 1e-15)
        #expect(abs(regression.covariance(initial: covariance)[0] - (0.75 + a * a - 2 * a * 0.25)) < 1e-15)
        // Nothing was trained at t = 0.
        let start = try KernelRegression(kernel: kernel, trained: 1, .init(points: 1, time: 0))
        #expect(start.outputs(from: [0.5, 0.25], targets: [3]) == [0.25] && start.covariance(initial: covariance) == [0.75])
    }

    /// A point that is trained on twice leaves a mode that is 0: it is left out, and the prediction on the point is the mean of its targets.
    @Test func repeatedPointsLeaveAModeOut() throws {
        let regression = try KernelRegression(kernel: [1, 1, 1, 1, 1, 1, 1, 1, 1], trained: 2, .init(points: 2))
        #expect(regression.omitted == 1 && abs(regression.mean(targets: [1, 2])[0] - 1.5) < 1e-14)
    }

    @Test func refusesBadNumbers() throws {
        #expect(throws: DualityError.self) { try KernelRegression.Training(points: 1, time: -1) }
        #expect(throws: DualityError.self) { try KernelRegression.Training(points: 1, ridge: -1) }
        #expect(throws: DualityError.self) { try KernelRegression.Training(points: 1, scale: 0) }
        #expect(throws: DualityError.self) { try KernelRegression(kernel: [1, 2, 3], trained: 1, .init(points: 1)) }
        #expect(throws: DualityError.self) { try KernelRegression(kernel: [1], trained: 1, .init(points: 1)) }
        #expect(throws: DualityError.self) { try KernelRegression(kernel: [1, .nan, .nan, 1], trained: 1, .init(points: 1)) }
    }
}
