import Duality
import Foundation
import Networks
import Testing

/// The modes of the network beside those of an expanding universe, and several outputs as several fields.
@Suite struct ModeUniverseTests {
    private static func dynamics(momentum: Double = 0, degree: Int = 2, steps: Int = 60) throws -> ModeDynamics {
        try ModeDynamics(network: ModeTests.network(seed: 7, points: 4, degree: degree, momentum: momentum, steps: steps))
    }

    /// η = 1/9, γ = 0: H = 1, 3H√η = 1. k_i = (i − 1)π/(2α), k/aH at the end e^{-T} of it, T = 60/3.
    @Test func wavenumbersAndHorizon() throws {
        let modes = try ExpandingModes(of: Self.dynamics(), halfInterval: 2)
        #expect(close(modes.hubble, 1, 1e-15))
        #expect(distance(modes.wavenumbers, [0, Double.pi / 4, Double.pi / 2, 3 * Double.pi / 4]) <= 1e-14)
        #expect(distance(modes.horizonRatiosAtStart, modes.wavenumbers) <= 1e-14)
        for (end, k) in zip(modes.horizonRatiosAtEnd, modes.wavenumbers) { #expect(abs(end / exp(-20) - k) <= 1e-10) }
        #expect(modes.times.count == 61 && close(modes.times.last, 20, 1e-14) && modes.universe.count == 61 * 4)
    }

    /// The background is the mean field of the dictionary, and the network's side its printed equation 24 from δ = 1 at rest: the paper's
    /// dictionary, which releases modes at rest. Two integrations to 1e-12 over 20 Hubble times, whose steps reach the limit of
    /// stability, where the interpolant between them is off by up to 1e-9.
    @Test(arguments: [2, 4])
    func networkSideIsEquation24(degree: Int) throws {
        let dynamics = try Self.dynamics(degree: degree)
        let modes = try ExpandingModes(of: dynamics, halfInterval: 2)
        let predicted = try dynamics.predict(dictionary: .paper, modes: .homogeneous)
        #expect(distance(modes.mean, predicted.mean) <= 1e-8)
        for i in 1..<4 {
            let own = predicted.perturbation(i)
            #expect(distance((0...60).map { modes.network[$0 * 4 + i] }, own.map { $0 / own[0] }) <= 1e-8)
        }
        // The leading mode is the same on both sides; the higher ones are heavier in the universe and move more.
        #expect(modes.greatestDifferences[0] <= 1e-12)
        for i in 1..<4 {
            #expect(modes.greatestDifferences[i] > 0.1)
            #expect(abs(modes.universe[60 * 4 + i] - 1) > abs(modes.network[60 * 4 + i] - 1))
        }
    }

    /// For k ≪ aH the universe's modes have the mass of the leading mode: with α = 1000, k₂²/H² = 2.5e-6.
    @Test func superHorizonModesHaveTheFullMass() throws {
        let modes = try ExpandingModes(of: Self.dynamics(steps: 10), halfInterval: 1000)
        let row = 10 * 4
        #expect(abs(modes.universe[row + 1] - modes.universe[row]) <= 1e-5)
        #expect(modes.network[row + 1] > modes.network[row])
    }

    @Test func refusals() throws {
        let dynamics = try Self.dynamics()
        #expect(throws: DualityError.self) { try ExpandingModes(of: dynamics, halfInterval: 0) }
        #expect(throws: DualityError.self) { try ExpandingModes(of: Self.dynamics(momentum: 1), halfInterval: 1) }
        #expect(throws: DualityError.self) { try ExpandingModes(of: Self.dynamics(steps: 0), halfInterval: 1) }
        #expect(throws: DualityError.curvatureNeeded) { try ExpandingModes(of: dynamics, halfInterval: 1, dictionary: .exact) }
    }

    /// Two outputs on one point, Θ_ab = [[2, 1], [1, 2]], l = ½ f²: the combinations f₁ ± f₂ move with 3 and 1. Isotropic: both with 2.
    /// γ = 0: f± shrink by 1 − 0.1·3 and 1 − 0.1·1 a step.
    @Test func severalOutputsFollowTheFullMetric() throws {
        let network = try FrozenNetwork(
            outputs: [1, 0], tangentKernel: [2, 1, 1, 2], points: 1, loss: .power(scale: 0.5, minimum: 0),
            schedule: Schedule(learningRate: 0.1), steps: 20)
        let (fast, slow): (Double, Double) = (pow(0.7, 20.0), pow(0.9, 20.0))
        for prediction in [Prediction.frozen, .exact] {
            let end = try prediction.trajectory(of: network).outputs(at: 20)
            #expect(distance(end, [(fast + slow) / 2, (fast - slow) / 2]) <= 1e-14)
        }
        let isotropic = try network.isotropic
        #expect(isotropic.tangentKernel == [2, 0, 0, 2] && isotropic.outputMixing == 0)
        #expect(distance(try Prediction.frozen.trajectory(of: isotropic).outputs(at: 20), [pow(0.8, 20.0), 0.0]) <= 1e-15)
        #expect(network.outputMixing == 0.5)
    }

    /// Blocks of points keep their traces: rows (x₁a, x₁b, x₂a, x₂b).
    @Test func isotropicKernelsKeepTheirTraces() throws {
        let kernel: [Double] = [4, 1, 2, 0.5, 1, 2, 0.5, 1, 2, 0.5, 6, 1, 0.5, 1, 1, 2]
        let network = try FrozenNetwork(
            outputs: [1, 0, 1, 0], tangentKernel: kernel, points: 2, loss: .power(scale: 0.5, minimum: 0),
            schedule: Schedule(learningRate: 0.1), steps: 1)
        #expect(try network.isotropic.tangentKernel == [3, 0, 1.5, 0, 0, 3, 0, 1.5, 1.5, 0, 4, 0, 0, 1.5, 0, 4])
        #expect(close(network.outputMixing, 1 / 3.5, 1e-15))
        let single = try FrozenNetwork(
            output: 1, tangentKernel: 2, loss: network.loss, schedule: network.schedule, steps: 1)
        #expect(try single.isotropic == single && single.outputMixing == 0)
    }
}
