import Arrays
import Duality
import Engines
import Experiments
import Figures
import Networks
import Runs
import Testing

@Suite struct SideBySideTests {
    private func result(
        widths: [Int] = [64], points: [Double] = [1], loss: Loss, momentum: Double = 0.9, steps: Int = 30, outputs: Int = 1
    ) throws -> RunResult {
        let run = Run(
            architecture: try Architecture(widths: widths, outputs: outputs, activation: .erf), source: .seed(3), sigmaW: 1.2, sigmaB: 0.3,
            inputs: try Inputs(points),
            training: Run.Training(loss: loss, schedule: try Schedule(learningRate: 0.01, momentum: momentum), steps: steps))
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        try scheduler.execute([run])
        return try #require(try scheduler.result(for: run))
    }

    /// A linear model has a constant kernel, so the frozen recursion is its training: equal to rounding, K steps of a few ulp.
    @Test func aLinearModelIsItsOwnFrozenRecursion() throws {
        let result = try result(widths: [], points: [1, -0.5], loss: .power(scale: 0.5, minimum: 1))
        let pair = try SideBySide(result, prediction: .frozen)
        #expect(pair.comparison.greatestErrorOverTravel < 30 * 8 * 0x1p-52)
        #expect(pair.comparison.kernelDrift < 8 * 0x1p-52)
    }

    @Test func arraysAndTableHaveTheirShapes() throws {
        let result = try result(
            points: [1, 0.5, 0], loss: Loss(shape: .evenPower(2), scale: 0.1, anchors: .perOutput([0.5, -0.3])), outputs: 2)
        let pair = try SideBySide(result)
        let arrays = Dictionary(uniqueKeysWithValues: try pair.arrays().map { ($0.name, $0.array) })
        #expect(arrays["outputs"]?.shape == [31, 3, 2])
        #expect(arrays["predicted"]?.shape == [31, 3, 2])
        #expect(arrays["loss"]?.shape == [31])
        #expect(arrays["time"]?.elements.last == 30 * 0.01.squareRoot())
        #expect(try pair.table().columns.count == 3 + 3 * 6 + 3)
        #expect(try pair.table().rows.count == 31)
        #expect(pair.fit == nil)
        #expect(pair.figure().panels.count == 2)
    }

    @Test func theDictionaryNamesWhatItCannotState() throws {
        let quartic = try SideBySide(result(loss: .power(degree: 4, scale: 0.1, minimum: 1))).dictionaryTable()
        #expect(quartic.remarks.contains { $0.hasPrefix("exact: ") })
        let friction = try #require(quartic.rows.first { $0.symbol == "3H" })
        // KS eq. 8: (1 − γ)/√η; corrected 2(1 − γ)/((1 + γ)√η).
        #expect(abs(friction.values[0]! - 1) < 1e-12)
        #expect(abs(friction.values[1]! - 2 / 1.9) < 1e-12)
        #expect(friction.values[2] == nil)
        let descent = try SideBySide(result(loss: .power(scale: 0.1, minimum: 1), momentum: 0)).dictionaryTable()
        #expect(try #require(descent.rows.first { $0.symbol == "3H" }).values[2] == nil)
        #expect(try #require(descent.rows.first { $0.quantity.hasPrefix("rate of") }).values[2] != nil)
        #expect(descent.remarks.isEmpty)
    }

    @Test func impossiblePredictionsAreRefusedBeforeTraining() throws {
        let constant = try Schedule(learningRate: 0.1), changing = try Schedule(learningRates: [0.1, 0.2], momenta: [0, 0])
        let quartic = try Loss.power(degree: 4, scale: 1, minimum: 0)
        #expect(throws: DualityError.notQuadratic(loss: .evenPower(4))) {
            try Prediction.exact.check(constant, quartic.shape)
        }
        #expect(throws: DualityError.scheduleNotConstant(prediction: .paper)) {
            try Prediction.paper.check(changing, quartic.shape)
        }
        try Prediction.frozen.check(changing, quartic.shape)
    }

    @Test func divergenceIsReported() throws {
        let pair = try SideBySide(result(loss: .power(degree: 4, scale: 1e4, minimum: 9), momentum: 0, steps: 60), prediction: .frozen)
        #expect(try pair.summary().divergedAt != nil)
        #expect(pair.comparison.errorOverTravel == .infinity)
        #expect(pair.violations.contains { $0.name == .regime })
    }
}
