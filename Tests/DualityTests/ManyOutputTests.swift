import Cosmology
import Duality
import Foundation
import Networks
import Testing

/// Several outputs: mean fields and modes, and the universe of several fields.
@Suite struct ManyOutputTests {
    /// N points with C = 2 outputs: a kernel that is nearly κ_ab for all points, and outputs that spread by `spread` about their means.
    private static func network(
        points: Int, degree: Int, spread: Double, steps: Int = 200, momentum: Double = 0.95, rate: Double = 1e-3
    ) throws -> FrozenNetwork {
        let order = 2 * points, metric = [2.0, 0.5, 0.5, 1.2]
        var kernel = [Double](repeating: 0, count: order * order)
        // Points on a circle, whose leading modes are uniform, but for a tilt of the size of the spread.
        let near = [1, 0.5, 0.3, 0.5]
        for row in 0..<order {
            for column in 0..<order {
                let tilt = (1 + 0.25 * spread * Double(row / 2)) * (1 + 0.25 * spread * Double(column / 2))
                kernel[row * order + column] = metric[row % 2 * 2 + column % 2] * near[abs(row / 2 - column / 2) % 4] * tilt
            }
        }
        let outputs = (0..<order).map { place -> Double in
            let mean = place % 2 == 0 ? 0.4 : -0.3
            return mean + spread * cos(1.7 * Double(place) + 0.3)
        }
        return try FrozenNetwork(
            outputs: outputs, tangentKernel: kernel, points: points,
            loss: Loss(shape: .power(degree: degree), scale: 0.3, anchors: .perOutput([1, 0.5])),
            schedule: Schedule(learningRate: rate, momentum: momentum), steps: steps)
    }

    private func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? .infinity }

    /// For quadratic losses means and modes are another basis of the frozen network, whatever is called the mean: exact but for rounding,
    /// which 200 steps of some 1e-16 leave below 1e-12; continuous ones to the integrator's 1e-12 of a step.
    @Test(arguments: [MeanField.leadingMode, .arithmetic, .meanKernel])
    func quadraticModesAreTheWholeNetwork(_ meanField: MeanField) throws {
        let network = try Self.network(points: 4, degree: 2, spread: 0.2), dynamics = try ModeDynamics(network: network)
        let modes = try dynamics.modes(of: network.outputs, meanField: meanField)
        #expect(modes.modes == 8 && modes.mean.count == 2)
        #expect(distance(dynamics.outputs(of: modes), network.outputs) <= 1e-13)
        let recursion = try dynamics.predict(dictionary: nil, meanField: meanField)
        #expect(distance(dynamics.outputs(of: recursion), try Prediction.frozen.trajectory(of: network).values) <= 1e-12)
        let field = try dynamics.predict(dictionary: .corrected, meanField: meanField)
        #expect(distance(dynamics.outputs(of: field), try Prediction.corrected.trajectory(of: network).values) <= 1e-9)
        let exact = try dynamics.predict(dictionary: .exact, meanField: meanField)
        #expect(distance(dynamics.outputs(of: exact), try Prediction.exact.trajectory(of: network).values) <= 1e-10)
        // The means of the prediction are those of its outputs.
        let again = try dynamics.modes(of: dynamics.outputs(of: recursion), meanField: meanField)
        if meanField == .leadingMode { #expect(distance(again.mean, recursion.mean) <= 1e-12) }
        let comparison = try ModeComparison(predicted: recursion, trained: again)
        #expect(comparison.travel > 0.1 && (meanField != .leadingMode || comparison.greatestMeanError <= 1e-12))
    }

    /// With a quartic loss the modes are linear in the spread and leave out its square, with Hartree's terms the cube.
    @Test func quarticModesAreOfSecondOrder() throws {
        func error(_ spread: Double, backReaction: Bool) throws -> Double {
            let network = try Self.network(points: 4, degree: 4, spread: spread), dynamics = try ModeDynamics(network: network)
            let modes = try dynamics.predict(dictionary: nil, backReaction: backReaction)
            return distance(dynamics.outputs(of: modes), try Prediction.frozen.trajectory(of: network).values)
        }
        for (backReaction, order) in [(false, 2.0), (true, 3.0)] {
            let observed = log2(try error(0.02, backReaction: backReaction) / error(0.01, backReaction: backReaction))
            #expect(abs(observed - order) <= 0.15, "\(observed)")
        }
    }

    @Test func leadingModesNeedMeans() throws {
        // Two points that are opposite: the leading modes have none.
        let kernel = (0..<16).map { place -> Double in
            let (row, column) = (place / 4, place % 4)
            return row % 2 == column % 2 ? (row / 2 == column / 2 ? 2 : -1) : 0
        }
        let odd = try FrozenNetwork(
            outputs: [1, 2, 3, 4], tangentKernel: kernel, points: 2, loss: .power(scale: 0.1, minimum: 0),
            schedule: Schedule(learningRate: 0.1), steps: 2)
        let dynamics = try ModeDynamics(network: odd)
        #expect(throws: DualityError.self) { try dynamics.predict(dictionary: nil) }
        #expect(try dynamics.predict(dictionary: nil, meanField: .meanKernel).mean.prefix(2) == [2, 3])
        #expect(throws: DualityError.self) { try ExpandingModes(of: dynamics, halfInterval: 0.1) }
    }

    /// Outputs on one point are a universe of several fields, by Cosmology's own integration.
    @Test(arguments: [Prediction.paper, .corrected, .friedmann])
    func outputsAreAFieldUniverse(_ prediction: Prediction) throws {
        let network = try FrozenNetwork(
            outputs: [0.4, -0.3], tangentKernel: [2, 0.5, 0.5, 1.2], points: 1,
            loss: Loss(shape: .power(degree: 4), scale: 0.3, anchors: .perOutput([1, 0.5])),
            schedule: Schedule(learningRate: 1e-2, momentum: 0.9), steps: 200)
        let (universe, step) = try #require(try network.fieldUniverse(prediction, planckMass: 0.5))
        let samples = try universe.solve(until: 200 * step, samples: 201)
        let predicted = try prediction.trajectory(of: network, planckMass: 0.5)
        #expect(distance(samples.flatMap(\.phi), predicted.values) <= 1e-9)
        #expect(samples.dropFirst().allSatisfy { $0.turnRate > 0 })
        #expect(try network.fieldUniverse(.frozen) == nil && Self.network(points: 2, degree: 2, spread: 0).fieldUniverse(.paper) == nil)
    }

    @Test func friedmannOptimiserIsAFieldUniverse() throws {
        let kernel = [2.0, 0.5, 0.5, 1.2]
        let network = try FrozenNetwork(
            outputs: [0, 0], tangentKernel: kernel, points: 1,
            loss: Loss(shape: .power(degree: 2), scale: 0.3, anchors: .perOutput([1, 0.5])),
            schedule: Schedule(.friedmann, values: [[4e-4], [0.1], [0.02], [2.2]]), steps: 400)
        let (universe, step) = try #require(try network.fieldUniverse(.universe))
        let samples = try universe.solve(until: 400 * step, samples: 401)
        let predicted = try Prediction.universe.trajectory(of: network), history = try #require(predicted.history)
        #expect(distance(samples.flatMap(\.phi), predicted.values) <= 1e-9)
        #expect(distance(samples.map(\.hubble), history.hubble) <= 1e-8 && distance(samples.map(\.eFolds), history.eFolds) <= 1e-8)
    }

    /// A loss that couples the outputs: V = s(u_1² + u_2² + g u_1u_2), whose universe and modes follow from ∂²V.
    @Test func coupledLossesHaveUniversesAndModes() throws {
        let shape = LossShape.coupled(try Coupling("u1^2 + u2^2 + 0.8*u1*u2 + 0.2*(u1*u2)^2", outputs: 2))
        let loss = try Loss(shape: shape, scale: 0.3, anchors: .perOutput([1, 0.5]))
        let network = try FrozenNetwork(
            outputs: [0.4, -0.3], tangentKernel: [2, 0.5, 0.5, 1.2], points: 1, loss: loss,
            schedule: Schedule(learningRate: 1e-2, momentum: 0.9), steps: 200)
        let (universe, step) = try #require(try network.fieldUniverse(.corrected))
        let samples = try universe.solve(until: 200 * step, samples: 201)
        #expect(distance(samples.flatMap(\.phi), try Prediction.corrected.trajectory(of: network).values) <= 1e-9)
        #expect(throws: DualityError.self) { try Prediction.exact.trajectory(of: network) }
        #expect(throws: DualityError.self) { try Prediction.fourthOrder.trajectory(of: network) }
        // Of second order in the spread of the points.
        func error(_ spread: Double) throws -> Double {
            let plain = try Self.network(points: 4, degree: 2, spread: spread)
            let coupled = try FrozenNetwork(
                outputs: plain.outputs, tangentKernel: plain.tangentKernel, points: 4, loss: loss, schedule: plain.schedule, steps: 200)
            let dynamics = try ModeDynamics(network: coupled)
            #expect(throws: DualityError.self) { try dynamics.predict(dictionary: nil, backReaction: true) }
            return distance(
                dynamics.outputs(of: try dynamics.predict(dictionary: nil)), try Prediction.frozen.trajectory(of: coupled).values)
        }
        #expect(abs(log2(try error(0.02) / error(0.01)) - 2) <= 0.15)
        #expect(try network.conditions().contains { $0.name == .smallStep })
    }
}
