import Cosmology
import Duality
import Foundation
import Networks
import Testing

/// Predictions against closed forms, the cosmology, and each other.
@Suite struct PredictionTests {
    /// A symmetric positive definite kernel of order 3 without symmetries.
    static let kernel = [2.0, 0.5, 0.3, 0.5, 1.5, -0.2, 0.3, -0.2, 1.0]

    /// The couplings of no finite width, for which the next-to-leading order is the leading one.
    static let infiniteWidth = FiniteWidthCouplings(kernel: 1, kappa: 0, mu: 0, tau: 0)

    /// A diagonal kernel couples nothing: every prediction is that of each output on its own, with Θ/N. Friedmann friction is
    /// common to all outputs and left out. Each integration is good to 1e-10.
    @Test(arguments: Prediction.ofHeavyBall.filter { $0 != .friedmann && !$0.needsCouplings }, [1, 3])
    func uncoupledOutputsMoveAlone(_ prediction: Prediction, points: Int) throws {
        let diagonal = [0.5, 2, 1.25]
        let start = [1.0, -0.5, 2]
        let schedule = try Schedule(learningRate: 0.02, momentum: 0.8)
        var kernel = [Double](repeating: 0, count: 9)
        for i in 0..<3 { kernel[4 * i] = diagonal[i] }
        // Per-output minima when the three are outputs of one point, targets when they are points.
        let anchors = [0.3, 0.1, -1]
        let loss = try Loss(
            shape: .evenPower(2), scale: 0.7, anchors: points == 1 ? .perOutput(anchors) : .perPoint(anchors))
        let network = try FrozenNetwork(
            outputs: start, tangentKernel: kernel, points: points, loss: loss, schedule: schedule, steps: 60)
        let together = try prediction.trajectory(of: network)
        #expect(together.steps == 60 && together.fields == 3 && together.outputs(at: 0) == start)
        for i in 0..<3 {
            let alone = try prediction.trajectory(
                of: FrozenNetwork(
                    output: start[i], tangentKernel: diagonal[i] / Double(points), loss: .power(scale: 0.7, minimum: anchors[i]),
                    schedule: schedule, steps: 60))
            #expect(distance((0...60).map { together.outputs(at: $0)[i] }, alone.values) <= 1e-10)
        }
    }

    /// A coupled quadratic problem: the exact dictionary goes mode by mode, the recursion does not.
    @Test(arguments: [0, 0.6, 0.95])
    func exactModesPassThroughEveryStep(momentum: Double) throws {
        let network = try FrozenNetwork(
            outputs: [1, -0.5, 2], tangentKernel: Self.kernel, points: 3,
            loss: Loss(shape: .evenPower(2), scale: 0.5, anchors: .perPoint([0.2, 0, 1])),
            schedule: Schedule(learningRate: 0.05, momentum: momentum), steps: 150)
        let exact = try Prediction.exact.trajectory(of: network).values
        #expect(distance(exact, try Prediction.frozen.trajectory(of: network).values) <= 1e-10)
    }

    /// Coupled and not quadratic: the corrected field is second order in h at fixed 3H, which only a right coupling gives.
    @Test(arguments: [LossShape.evenPower(4), .doubleWell])
    func coupledFieldsConverge(_ shape: LossShape) throws {
        let errors = try [0.1, 0.025].map { step in
            let network = try FrozenNetwork(
                outputs: [1, -0.5, 1.5, 0.4, 0.2, -1], tangentKernel: Self.sixBySix, points: 3,
                loss: Loss(shape: shape, scale: 0.5, anchors: .perOutput([0.9, 1.1])),
                schedule: Schedule(learningRate: step * step, momentum: 1 - 0.5 * step), steps: Int((5 / step).rounded()))
            return distance(
                try Prediction.corrected.trajectory(of: network).values, try Prediction.frozen.trajectory(of: network).values)
        }
        #expect(0.5 * log2(errors[0] / errors[1]) >= 1.8)
    }

    /// `kernel` ⊗ (1, 0.1; 0.1, 0.8): three points, two outputs.
    private static let sixBySix: [Double] = (0..<36).map { index in
        let (row, column) = (index / 6, index % 6)
        return kernel[row / 2 * 3 + column / 2] * [1, 0.1, 0.1, 0.8][row % 2 * 2 + column % 2]
    }

    /// The field of `friedmann` is the one that the cosmology evolves, for potentials that the paper's V₀ does not dominate.
    @Test(arguments: [2, 4])
    func friedmannIsTheUniverse(degree: Int) throws {
        let (eta, gamma, theta, mass) = (0.01, 0.9, 1.7, 0.8)
        let network = try FrozenNetwork(
            output: 2, tangentKernel: theta, loss: .power(degree: degree, scale: 0.3, minimum: 0.5),
            schedule: Schedule(learningRate: eta, momentum: gamma), steps: 200)
        let predicted = try Prediction.friedmann.trajectory(of: network, planckMass: mass).values
        let vacuum = mass * mass * (1 - gamma) * (1 - gamma) / (3 * eta)
        let potential = try Potential.power(scale: theta * 0.3, minimum: 0.5, degree: degree, vacuumEnergy: vacuum)
        let background = try Background(potential: potential, hubble: .friedmann(planckMass: mass), phi: 2)
        let universe = try Universe(background: background, until: 20, samples: 201).solve()
        // Two integrations of the same equation with tolerance 1e-12.
        #expect(distance(predicted, universe.samples.map { $0.background.phi }) <= 1e-9)
        let constant = try Prediction.paper.trajectory(of: network).values
        #expect(distance(predicted, constant) > 0.05)
    }

    /// A heavy Planck mass leaves only V₀ in Friedmann's equation: the difference from constant friction falls as 1/M².
    @Test func friedmannBecomesConstantFriction() throws {
        func difference(_ mass: Double) throws -> Double {
            let network = try FrozenNetwork(
                outputs: [1, -0.5, 2], tangentKernel: Self.kernel, points: 3, loss: .power(scale: 0.5, minimum: 0),
                schedule: Schedule(learningRate: 0.01, momentum: 0.9), steps: 100)
            return distance(
                try Prediction.friedmann.trajectory(of: network, planckMass: mass).values,
                try Prediction.paper.trajectory(of: network).values)
        }
        let ratio = try difference(20) / difference(40)
        // The next order in ρ/V₀, below 1 % at M = 20.
        #expect(abs(ratio - 4) < 0.05)
    }

    /// Identical points are one point.
    @Test(arguments: Prediction.ofHeavyBall.filter { !$0.needsCouplings })
    func identicalPointsAreOnePoint(_ prediction: Prediction) throws {
        let (loss, schedule) = (try Loss.power(scale: 0.5, minimum: 0), try Schedule(learningRate: 0.01, momentum: 0.9))
        let one = try FrozenNetwork(output: 1, tangentKernel: 2, loss: loss, schedule: schedule, steps: 80)
        let three = try FrozenNetwork(
            outputs: [1, 1, 1], tangentKernel: [Double](repeating: 2, count: 9), points: 3, loss: loss, schedule: schedule, steps: 80)
        let alone = try prediction.trajectory(of: one).values
        let together = try prediction.trajectory(of: three).values
        for output in 0..<3 { #expect(distance(alone, (0...80).map { together[3 * $0 + output] }) <= 1e-10) }
    }

    /// At γ = 1 the field has no friction and keeps its energy: in l = f⁴/4 it returns to where it was released after a period of
    /// 7.416298709206399 (golden data), here ten times over.
    @Test func fieldWithoutFrictionKeepsItsEnergy() throws {
        let step = 7.416298709206399 / 100
        let network = try FrozenNetwork(
            output: 1, tangentKernel: 1, loss: .power(degree: 4, scale: 0.25, minimum: 0),
            schedule: Schedule(learningRate: step * step, momentum: 1), steps: 1000)
        let values = try Prediction.paper.trajectory(of: network).values
        for period in 1...10 { #expect(abs(values[100 * period] - 1) <= 1e-10) }
        #expect(abs(values[950] + 1) <= 1e-10)
    }

    /// 3H f′ = −λ f has the solution e^{−λt/3H}.
    @Test func nullModelCreeps() throws {
        let network = try FrozenNetwork(
            output: 1.5, tangentKernel: 0.4, loss: .power(scale: 0.5, minimum: 0.5),
            schedule: Schedule(learningRate: 0.01, momentum: 0.9), steps: 100)
        let values = try Prediction.null.trajectory(of: network).values
        #expect(distance(values, (0...100).map { 0.5 + exp(-0.4 * 0.1 * Double($0)) }) <= 1e-11)
    }

    /// Only recursions follow schedules that change; it is then the sum written out by hand.
    @Test(arguments: Prediction.ofHeavyBall)
    func schedules(_ prediction: Prediction) throws {
        var network = try FrozenNetwork(
            output: 1, tangentKernel: 1, loss: .power(scale: 0.5, minimum: 0),
            schedule: Schedule(learningRates: [0.5, 0.25], momenta: [0, 0.5]), steps: 2)
        network.couplings = Self.infiniteWidth
        guard prediction == .frozen || prediction == .nlo else {
            #expect(throws: DualityError.scheduleNotConstant(prediction: prediction)) { try prediction.trajectory(of: network) }
            return
        }
        // 1 − ½ = ½; ½ + ½(½ − 1) − ¼ · ½ = 1/8.
        #expect(try prediction.trajectory(of: network).values == [1, 0.5, 0.125])
    }

    @Test(arguments: Prediction.ofHeavyBall)
    func noStepsAreTheStart(_ prediction: Prediction) throws {
        var network = try FrozenNetwork(
            output: 1, tangentKernel: 1, loss: .power(scale: 0.5, minimum: 0), schedule: Schedule(learningRate: 0.1), steps: 0)
        network.couplings = Self.infiniteWidth
        #expect(distance(try prediction.trajectory(of: network).values, [1]) <= 1e-15)
    }

    /// Thousands of trajectories of 200 steps belong to one report: each is to cost less than a millisecond.
    @Test(arguments: Prediction.ofHeavyBall)
    func costOfOneTrajectory(_ prediction: Prediction) throws {
        for (degree, eta, momentum) in [(2, 0.01, 0.9), (4, 1 / 9.0, 0)] where degree == 2 || prediction != .exact {
            var network = try FrozenNetwork(
                output: 0.2, tangentKernel: 1.5, loss: .power(degree: degree, scale: 0.05, minimum: 3),
                schedule: Schedule(learningRate: eta, momentum: momentum), steps: 200)
            network.couplings = Self.infiniteWidth
            let clock = ContinuousClock()
            let durations = try (0..<20).map { _ in try clock.measure { _ = try prediction.trajectory(of: network) } }
            let best = durations.min() ?? .seconds(1)
            // Ten times the aim, for builds without optimisation on a busy machine.
            #expect(best < .milliseconds(10))
        }
    }
}

extension Prediction {
    /// Those that a training by heavy ball may have.
    static let ofHeavyBall = allCases.filter { $0 != .universe }
}
