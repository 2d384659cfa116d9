import Duality
import Foundation
import Networks
import Testing

/// The fit on trajectories whose friction and force are known: frozen recursions, and recursions with disturbances.
@Suite struct FitTests {
    static func trajectory(_ loss: Loss, theta: Double, eta: Double, gamma: Double, steps: Int = 200) throws -> [Double] {
        try Prediction.frozen.trajectory(
            of: FrozenNetwork(
                output: 1, tangentKernel: theta, loss: loss, schedule: Schedule(learningRate: eta, momentum: gamma), steps: steps)
        ).values
    }

    /// Oscillating and slowly relaxing trajectories tell friction and force apart. The recursion is a field with the corrected terms up
    /// to relative corrections of second order, x²/12 with x = 3H√η and q = ηΘ₀l″, 1 % here at most; 2 % are allowed.
    @Test(
        arguments: [2, 4], [(0.01, 0.9), (0.001, 0.99), (0.01, 0.98), (0.0025, 0.9), (0.01, 0.75)])
    func frictionAndForceAreFound(degree: Int, optimiser: (eta: Double, gamma: Double)) throws {
        for theta in [0.3, 1.0, 4.0] {
            let loss = try Loss.power(degree: degree, scale: degree == 2 ? 0.5 : 0.25, minimum: 0)
            // Long enough to relax: twenty Hubble-like times.
            let steps = Int(20 / (1 - optimiser.gamma))
            let values = try Self.trajectory(loss, theta: theta, eta: optimiser.eta, gamma: optimiser.gamma, steps: steps)
            let fit = try FrictionFit(trajectory: values, timeStep: optimiser.eta.squareRoot(), loss: loss)
            let terms = try DualityDictionary.corrected.terms(learningRate: optimiser.eta, momentum: optimiser.gamma)
            let (friction, force) = (terms.friction ?? .nan, (terms.forceFactor ?? .nan) * theta)
            #expect(fit.verdict == .identified)
            #expect(abs(fit.friction / friction - 1) <= 0.02)
            #expect(abs(fit.force / force - 1) <= 0.02)
        }
    }

    /// Gradient descent creeps: friction is not identified, but the drift rate is √η Θ₀, up to the discreteness q = ηΘ₀l″ of the steps.
    @Test(arguments: [2, 4], [(0.1111, 0.0, 0.1), (0.01, 0.0, 1.0), (0.01, 0.0, 0.1), (0.04, 0.3, 0.5)])
    func creepingTrajectoriesGiveTheDriftRate(degree: Int, optimiser: (eta: Double, gamma: Double, theta: Double)) throws {
        let loss = try Loss.power(degree: degree, scale: 1 / Double(degree), minimum: 0)
        let values = try Self.trajectory(loss, theta: optimiser.theta, eta: optimiser.eta, gamma: optimiser.gamma)
        let fit = try FrictionFit(trajectory: values, timeStep: optimiser.eta.squareRoot(), loss: loss)
        let rate = optimiser.eta.squareRoot() * optimiser.theta / (1 - optimiser.gamma)
        let q = optimiser.eta * optimiser.theta * Double(degree - 1) / (1 - optimiser.gamma)
        #expect(!fit.isIdentifiable)
        #expect(abs((fit.driftRate ?? .nan) / rate - 1) <= 0.01 + q)
        #expect((fit.driftRateError ?? .nan) <= 0.05 * rate)
    }

    /// Without friction the fit says so, with an error below what would damp the oscillation over the trajectory.
    @Test func noFrictionIsAResult() throws {
        let loss = try Loss.power(scale: 0.5, minimum: 0)
        let fit = try FrictionFit(
            trajectory: Self.trajectory(loss, theta: 1, eta: 0.01, gamma: 1), timeStep: 0.1, loss: loss)
        #expect(fit.isIdentifiable)
        #expect(fit.friction < 0.05 * 2 / 20)
        #expect(abs(fit.force - 1) < 0.01)
    }

    /// A kernel that drifts by 2 % while the output relaxes, as that of a finite network: friction within 5 % of the corrected terms.
    @Test(arguments: [2, 4])
    func driftingKernelsAreStillFitted(degree: Int) throws {
        let loss = try Loss.power(degree: degree, scale: degree == 2 ? 0.05 : 0.01, minimum: 3)
        let step = 0.1
        var values = [0.2, 0.2]
        for k in 0..<200 {
            let (now, before) = (values[k + 1], values[k])
            let theta = 4 * (1 + 0.02 * (now - 0.2) / 2.8)
            values.append(now + 0.9 * (now - before) - 0.01 * theta * loss.shape.slope(now, anchor: 3, scale: loss.scale))
        }
        let trained = Array(values.dropFirst())
        let fit = try FrictionFit(trajectory: trained, timeStep: step, loss: loss, kernelDrift: 0.02)
        #expect(fit.isIdentifiable)
        #expect(abs(fit.friction / 1.0526315789473681 - 1) <= 0.05)
        // The limit is 2.5 %; a drift that could not be measured is no small one.
        for drift in [0.03, .nan] {
            #expect(try FrictionFit(trajectory: trained, timeStep: step, loss: loss, kernelDrift: drift).verdict == .kernelDrifts)
        }
    }

    /// Outputs of float32 that move by 1300 of their roundings tell friction apart; those that move by 35 do not.
    @Test(arguments: [(3.1, true), (3.03, false)])
    func roundingsAreNoTransient(start: Double, isIdentifiable: Bool) throws {
        let loss = try Loss.power(degree: 4, scale: 0.01, minimum: 3)
        let network = try FrozenNetwork(
            output: start, tangentKernel: 0.4, loss: loss, schedule: Schedule(learningRate: 0.01, momentum: 0.9), steps: 200)
        let values = try Prediction.frozen.trajectory(of: network).values.map { Double(Float($0)) }
        let fit = try FrictionFit(trajectory: values, timeStep: 0.1, loss: loss)
        #expect(fit.isIdentifiable == isIdentifiable)
        if isIdentifiable { #expect(abs(fit.friction / 1.0526315789473681 - 1) <= 0.05) }
    }

    /// A disturbance of 1 % of the travel, deterministic and uncorrelated: the standard error must admit the deviation.
    @Test(arguments: 1...8)
    func standardErrorsAreHonest(seed: Int) throws {
        let loss = try Loss.power(scale: 0.5, minimum: 0)
        var values = try Self.trajectory(loss, theta: 1, eta: 0.01, gamma: 0.95, steps: 300)
        var generator = UInt64(seed)
        for k in 1..<values.count {
            generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            values[k] += 0.02 * (Double(generator >> 11) / Double(1 << 53) - 0.5)
        }
        let fit = try FrictionFit(trajectory: values, timeStep: 0.1, loss: loss)
        // The dual of the recursion without disturbance has 3H = −ln γ/√η. Four standard errors: a chance of 1e-4.
        #expect(abs(fit.friction + log(0.95) / 0.1) <= 4 * fit.frictionError)
        #expect(fit.frictionError < 0.1)
    }

    /// Two hundred periods and more with little damping: the field that passes through every step has 3H = −ln γ/√η and the force of the
    /// exact dictionary, and the fit finds them within its standard errors (four of them: a chance of 1e-4), which are small.
    @Test(arguments: [(0.99, 0.999, 0.04, 2000), (0.99, 0.99, 0.5, 1000), (0.25, 0.998, 0.1, 1500), (0.01, 1, 0.3, 800)])
    func standardErrorsHoldForManyPeriods(eta: Double, gamma: Double, q: Double, steps: Int) throws {
        let loss = try Loss.power(scale: 0.5, minimum: 0)
        let values = try Self.trajectory(loss, theta: q / eta, eta: eta, gamma: gamma, steps: steps)
        let fit = try FrictionFit(trajectory: values, timeStep: eta.squareRoot(), loss: loss)
        let exact = try DualityDictionary.exact.terms(learningRate: eta, momentum: gamma, curvature: q / eta)
        #expect(fit.isIdentifiable)
        #expect(abs(fit.friction - (exact.friction ?? .nan)) <= 4 * fit.frictionError)
        #expect(abs(fit.force - (exact.forceFactor ?? .nan) * q / eta) <= 4 * fit.forceError)
        #expect(fit.forceError <= 1e-3 * fit.force)
    }

    /// Nothing traps, hangs or claims to know: noise, a line, trajectories that hardly move, diverging ones, wrong losses.
    @Test func awkwardTrajectoriesAreAnswered() throws {
        let quadratic = try Loss.power(scale: 0.5, minimum: 0)
        let quartic = try Loss.power(degree: 4, scale: 0.01, minimum: 3)
        let well = try Loss(shape: .doubleWell, scale: 1, anchors: .perOutput([1]))
        let awkward: [[Double]] = [
            (0..<50).map { $0.isMultiple(of: 2) ? 1 : -1 }, (0..<50).map { Double($0) }, (0..<50).map { pow(1.5, Double($0)) },
            [0] + [Double](repeating: 1, count: 30), [Double](repeating: 0, count: 30) + [1], (0..<50).map { 1 + 1e-8 * Double($0) },
            (0..<50).map { 1e200 * Double($0) }, (0..<50).map { -1e-200 * Double($0) }, (0..<9).map { sin(Double($0)) },
        ]
        let clock = ContinuousClock()
        for values in awkward {
            for loss in [quadratic, quartic, well] {
                let time = try clock.measure {
                    let fit = try FrictionFit(trajectory: values, timeStep: 0.1, loss: loss)
                    #expect(fit.iterations <= 40)
                    #expect(fit.friction.isFinite && fit.force.isFinite && !fit.frictionError.isNaN && !fit.forceError.isNaN)
                }
                #expect(time < .seconds(1))
            }
        }
    }

    @Test func costOfOneFit() throws {
        for (degree, eta, gamma) in [(2, 0.01, 0.9), (4, 0.01, 0.9), (2, 1 / 9.0, 0), (4, 1 / 9.0, 0)] {
            let loss = try Loss.power(degree: degree, scale: 0.05, minimum: 3)
            let values = try Self.trajectory(loss, theta: 1.5, eta: eta, gamma: gamma)
            let clock = ContinuousClock()
            let times = try (0..<10).map { _ in
                try clock.measure { _ = try FrictionFit(trajectory: values, timeStep: eta.squareRoot(), loss: loss) }
            }
            let time = times.min() ?? .seconds(1)
            // Ten times the aim, for builds without optimisation on a busy machine.
            #expect(time < .milliseconds(50))
        }
    }
}
