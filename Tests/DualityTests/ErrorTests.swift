import Cosmology
import Duality
import Networks
import Testing

/// Bad input: the kind of error, and that its message names the value, the limit and the remedy.
@Suite struct ErrorTests {
    private static func network(
        outputs: [Double] = [1], kernel: [Double] = [1], points: Int = 1, steps: Int = 10, momentum: Double = 0.5,
        shape: LossShape = .evenPower(2)
    ) throws -> FrozenNetwork {
        try FrozenNetwork(
            outputs: outputs, tangentKernel: kernel, points: points,
            loss: Loss(shape: shape, scale: 0.5, anchors: .perOutput([0])),
            schedule: Schedule(learningRate: 0.5, momentum: momentum), steps: steps)
    }

    private static func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func networks() throws {
        #expect(throws: DualityError.self) { try Self.network(outputs: [1, 2, 3], kernel: [1], points: 2) }
        #expect(throws: DualityError.self) { try Self.network(outputs: [], kernel: []) }
        #expect(throws: DualityError.notFinite(what: "the tangent kernel", index: 0)) { try Self.network(kernel: [.nan]) }
        #expect(throws: DualityError.notFinite(what: "the array of initial outputs", index: 0)) { try Self.network(outputs: [.infinity]) }
        #expect(throws: DualityError.self) { try Self.network(steps: -1) }
        #expect(throws: DualityError.self) { try Self.network(points: 0) }
        #expect(Self.message { _ = try Self.network(kernel: [1, 2]) }.contains("has 2 elements, expected 1"))
        #expect(throws: DualityError.scheduleTooShort(schedule: 2, steps: 3)) {
            try FrozenNetwork(
                output: 1, tangentKernel: 1, loss: .power(scale: 1, minimum: 0),
                schedule: Schedule(learningRates: [0.1, 0.2], momenta: [0, 0]), steps: 3)
        }
        #expect(throws: DualityError.self) {
            try FrozenNetwork(
                outputs: [1, 1], tangentKernel: [1, 0, 0, 1], points: 1,
                loss: Loss(shape: .evenPower(2), scale: 1, anchors: .perOutput([0, 1, 2])), schedule: Schedule(learningRate: 0.1),
                steps: 3)
        }
    }

    @Test(arguments: DualityDictionary.allCases)
    func dictionaries(_ dictionary: DualityDictionary) {
        let bad: [(Double, Double, Double)] = [
            (0, 0.5, 1), (-1, 0.5, 1), (.nan, 0.5, 1), (.infinity, 0.5, 1), (0.1, -0.1, 1), (0.1, 1.1, 1), (0.1, .nan, 1), (0.1, 0.5, 0),
        ]
        for (learningRate, momentum, mass) in bad {
            #expect(throws: DualityError.self) {
                try dictionary.terms(learningRate: learningRate, momentum: momentum, planckMass: mass, curvature: 1)
            }
        }
        #expect(throws: DualityError.self) { try Regime(stepCurvature: .nan, momentum: 0.5) }
        #expect(throws: DualityError.self) { try Regime(stepCurvature: 1, momentum: 2) }
        #expect(throws: DualityError.self) { try VacuumDomination.largestLearningRate(dictionary, potential: -1, momentum: 0) }
        #expect(throws: DualityError.self) {
            try VacuumDomination.largestLearningRate(dictionary, potential: 1, momentum: 0, dominance: 0)
        }
    }

    /// q = 3 at γ = ½ exceeds 1 + √½ squared = 2.914; at γ = 0 the bound is 1.
    @Test(arguments: [(0.5, 6.0, "3", "2.914"), (0, 2.0, "1", "1"), (0, 2.5, "1.25", "1")])
    func negativeRootsAreRefused(momentum: Double, kernel: Double, curvature: String, limit: String) throws {
        let message = Self.message {
            _ = try Prediction.exact.trajectory(of: Self.network(outputs: [1, 1], kernel: [kernel, 0, 0, 0.1], momentum: momentum))
        }
        #expect(message.contains("mode 1 has η L l″ = \(curvature), but") && message.contains("= \(limit), where"), "\(message)")
        #expect(throws: DualityError.self) {
            try DualityDictionary.exact.terms(learningRate: 0.5, momentum: momentum, curvature: kernel)
        }
    }

    @Test func predictions() throws {
        #expect(throws: DualityError.curvatureNeeded) { try DualityDictionary.exact.terms(learningRate: 0.1, momentum: 0.5) }
        #expect(throws: DualityError.curvatureNeeded) {
            try VacuumDomination.largestLearningRate(.exact, potential: 1, momentum: 0.5)
        }
        #expect(throws: DualityError.couplingsNeeded) { try Prediction.nlo.trajectory(of: Self.network()) }
        #expect(throws: DualityError.notOneField(fields: 2)) {
            try Prediction.nlo.trajectory(of: Self.network(outputs: [1, 1], kernel: [1, 0, 0, 1]))
        }
        #expect(throws: DualityError.kink(activation: "relu")) {
            try Prediction.nlo.check(Architecture(widths: [3], activation: .relu), points: 1)
        }
        #expect(throws: DualityError.curvatureNeeded) { try DualityDictionary.fourthOrder.terms(learningRate: 0.1, momentum: 0) }
        #expect(throws: DualityError.noModes(dictionary: .fourthOrder)) {
            try ModeDynamics(network: Self.network()).predict(dictionary: .fourthOrder)
        }
        #expect(throws: DualityError.notQuadratic(loss: .doubleWell)) {
            try Prediction.exact.trajectory(of: Self.network(shape: .doubleWell))
        }
        #expect(throws: DualityError.noFriction) { try Prediction.null.trajectory(of: Self.network(momentum: 1)) }
        #expect(throws: DualityError.self) { try Prediction.friedmann.trajectory(of: Self.network(), planckMass: 0) }
    }

    /// A loss that is bounded by nothing from below drives the field to infinity in finite time.
    @Test func divergingFieldsAreReported() throws {
        let network = try FrozenNetwork(
            output: 1, tangentKernel: 1, loss: .power(degree: 4, scale: -1, minimum: 0),
            schedule: Schedule(learningRate: 0.1, momentum: 1), steps: 100)
        for prediction in [Prediction.paper, .corrected] {
            let message = Self.message { _ = try prediction.trajectory(of: network) }
            #expect(message.contains("'\(prediction.rawValue)' failed: integration stopped at time"))
            #expect(!message.contains(".;") && message.contains(". Lower the learning rate"), "\(message)")
        }
        #expect(try Prediction.frozen.trajectory(of: network).values.last?.isFinite == false)
    }

    @Test func fits() throws {
        let loss = try Loss.power(scale: 0.5, minimum: 0)
        let line = (0..<20).map { 1 - 0.01 * Double($0) }
        #expect(throws: DualityError.tooFewSamples(found: 7, needed: 8)) {
            try FrictionFit(trajectory: Array(line.prefix(7)), timeStep: 0.1, loss: loss)
        }
        #expect(throws: DualityError.notFinite(what: "the trajectory", index: 20)) {
            try FrictionFit(trajectory: line + [.nan], timeStep: 0.1, loss: loss)
        }
        #expect(throws: DualityError.noMovement(travel: 0, limit: 1e-9)) {
            try FrictionFit(trajectory: [Double](repeating: 1, count: 20), timeStep: 0.1, loss: loss)
        }
        #expect(throws: DualityError.self) { try FrictionFit(trajectory: line, timeStep: 0, loss: loss) }
        #expect(throws: DualityError.self) {
            try FrictionFit(
                trajectory: line, timeStep: 0.1, loss: Loss(shape: .evenPower(2), scale: 1, anchors: .perOutput([0, 1])))
        }
    }
}
