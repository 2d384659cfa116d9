import Duality
import Networks
import Testing

/// Comparisons and conditions against numbers worked out by hand.
@Suite struct ComparisonTests {
    private static func network(
        outputs: [Double] = [1], kernel: [Double] = [1], points: Int = 1, shape: LossShape = .evenPower(2), scale: Double = 0.5,
        eta: Double = 0.25, gamma: Double = 0.5, steps: Int = 2
    ) throws -> FrozenNetwork {
        try FrozenNetwork(
            outputs: outputs, tangentKernel: kernel, points: points,
            loss: Loss(shape: shape, scale: scale, anchors: .perOutput([0])), schedule: Schedule(learningRate: eta, momentum: gamma),
            steps: steps)
    }

    /// Recursion with q = ¼, γ = ½: 1, ¾, ¾ + ½(−¼) − 3/16 = 7/16. Trained: 1, −1, ½.
    @Test func oneOutput() throws {
        let predicted = try Prediction.frozen.trajectory(of: Self.network())
        let comparison = try Comparison(trained: [1, -1, 0.5], predicted: predicted, kernelAtStart: [2], kernelAtEnd: [2.5])
        #expect(comparison.endError == 1 / 16.0)
        #expect(comparison.greatestError == 1.75)
        #expect(comparison.travel == 0.5)
        #expect(comparison.greatestTravel == 2)
        #expect(comparison.errorOverTravel == 1 / 32.0)
        #expect(comparison.greatestErrorOverTravel == 0.875)
        #expect(comparison.kernelDrift == 0.25)
    }

    /// Root mean squares for two outputs: the first is right, the second 0.5 off at the end.
    @Test func severalOutputs() throws {
        let predicted = try Prediction.frozen.trajectory(of: Self.network(outputs: [1, 0], kernel: [1, 0, 0, 0]))
        let comparison = try Comparison(
            trained: [1, 0, 0.75, 0, 0.4375, 0.5], predicted: predicted, kernelAtStart: [3, 0, 0, 4], kernelAtEnd: [3, 0, 0, 5])
        #expect(close(comparison.endError, (0.25 / 2).squareRoot(), 1e-15))
        #expect(close(comparison.travel, ((0.5625 * 0.5625 + 0.25) / 2).squareRoot(), 1e-15))
        #expect(close(comparison.kernelDrift, 0.2, 1e-15))
    }

    @Test func divergedAndImmobileTrainings() throws {
        let predicted = try Prediction.frozen.trajectory(of: Self.network())
        let diverged = try Comparison(trained: [1, .infinity, .nan], predicted: predicted, kernelAtStart: [1], kernelAtEnd: [.nan])
        #expect(diverged.endError == .infinity && diverged.errorOverTravel == .infinity && diverged.kernelDrift == .infinity)
        let still = try Prediction.frozen.trajectory(of: Self.network(kernel: [0]))
        let comparison = try Comparison(trained: [1, 1, 1], predicted: still, kernelAtStart: [0], kernelAtEnd: [0])
        #expect(comparison.errorOverTravel == 0 && comparison.kernelDrift == 0)
        #expect(throws: DualityError.self) {
            try Comparison(trained: [1, 1], predicted: predicted, kernelAtStart: [1], kernelAtEnd: [1])
        }
        #expect(throws: DualityError.self) {
            try Comparison(trained: [1, 1, 1], predicted: predicted, kernelAtStart: [1], kernelAtEnd: [1, 1])
        }
    }

    /// q = ¼ · 1 · 1; V₀ = (½)²/(3 · ¼) = ⅓ and Θ₀ l₀ = ½ give 1.5; ε = min(¼/½, √¼) = ½.
    @Test func conditionsOfOnePoint() throws {
        let conditions = try Self.network().conditions(kernelDrift: 0.02)
        #expect(conditions.map(\.name) == [.frozenKernel, .vacuumDomination, .smallStep, .regime])
        #expect(conditions[0].holds && conditions[0].measured == 0.02)
        #expect(!conditions[1].holds && close(conditions[1].measured, 1.5, 1e-12))
        // The recursion goes 1, 0.75, 0.4375; the field y″ + ⅔y′ + ⅓y = 0 in steps, y′(0) = −⅙, passes 0.753428 and 0.448530.
        #expect(!conditions[2].holds && close(conditions[2].measured, 0.011030 / 0.5625, 1e-5))
        #expect(conditions[3].holds && conditions[3].measured == 0.25 && conditions[3].sentence.contains("underdamped"))
        #expect(try Self.network().conditions(prediction: .exact).map(\.name) == [.vacuumDomination, .regime])
        let frictionless = try Self.network(gamma: 1).conditions()
        #expect(frictionless[0].measured == .infinity && !frictionless[0].holds)
    }

    /// The curvature is taken where the training went: l = f⁴/4 has l″ = 3f², 12 at f = 2, so that q = 3 = 2(1 + γ).
    @Test func conditionsFollowTheTraining() throws {
        let network = try Self.network(shape: .evenPower(4), scale: 0.25)
        let start = try network.conditions().last
        #expect(start?.measured == 0.75 && start?.holds == true)
        let later = try network.conditions(trained: [1, 2, .nan]).last
        #expect(later?.measured == 3 && later?.threshold == 3 && later?.holds == false && later?.sentence.contains("unstable") == true)
        // The double well with its minima at 0 is f⁴/4; on top of one with minima at ±1, l″ = −1.
        let well = try FrozenNetwork(
            output: 0, tangentKernel: 1, loss: Loss(shape: .doubleWell, scale: 1, anchors: .perOutput([1])),
            schedule: Schedule(learningRate: 0.1), steps: 1)
        let top = try well.conditions().last
        #expect(top?.holds == true && top?.measured == -0.1 && top?.sentence.contains("tachyonic") == true)
    }

    /// Two points at 1 ± ½ with l = f⁴: ½ · 24 · ¼ / 4 = ¾. Kernel diag(1, 2): v₁ = (0, 1), |v₁·1|/√2 = √½.
    @Test func conditionsOfTheMeanField() throws {
        let conditions = try Self.network(
            outputs: [0.5, 1.5], kernel: [1, 0, 0, 2], points: 2, shape: .evenPower(4), scale: 1, eta: 0.001
        ).conditions()
        #expect(conditions.map(\.name) == [.vacuumDomination, .smallStep, .regime, .smallPerturbations, .leadingMode])
        #expect(close(conditions[3].measured, 0.75, 1e-12) && !conditions[3].holds)
        #expect(close(conditions[4].measured, 0.5.squareRoot(), 1e-12) && !conditions[4].holds)
        let uniform = try Self.network(outputs: [1, 1], kernel: [2, 1, 1, 2], points: 2, eta: 0.001).conditions()
        #expect(uniform.map(\.name) == [.vacuumDomination, .smallStep, .regime, .leadingMode])
        #expect(uniform[3].holds && close(uniform[3].measured, 1, 1e-12))
    }
}
