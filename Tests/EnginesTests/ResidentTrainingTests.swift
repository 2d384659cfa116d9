import Checks
import Compute
import Engines
import Networks
import OpenCL
import Testing

/// Trainings of members that a work-group keeps in its registers, as on a GPU, whatever the device is.
@Suite struct ResidentTrainingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        let problem: Problem
        var testDescription: String { "\(what): \(problem)" }

        init(
            _ what: String, _ widths: [Int], points: Int, inputs: Int = 1, outputs: Int = 1, hasBias: Bool = true, _ activation: Activation,
            members: Int = 4
        ) throws {
            self.what = what
            problem = Problem(
                try Architecture(
                    inputs: inputs, widths: widths, outputs: outputs, hasBias: hasBias, activation: activation,
                    parameterisation: widths.count == 2 ? .ntk : .standard),
                points: points, members: members, sharesInputs: inputs > 2, lossShape: LossShape.examples[widths.count % 2], steps: 6,
                seed: UInt64(points + widths.count))
        }
    }

    /// Widths around a block and a warp; what a member has too much of to lie in registers or in local memory.
    static let cases = Result {
        try [
            Case("no hidden matrix", [9], points: 1, .tanh, members: 2),
            Case("a block", [8, 8], points: 2, inputs: 3, .erf, members: 2),
            Case("a block and a part", [11, 11, 11], points: 3, inputs: 2, outputs: 3, hasBias: false, .relu),
            Case("whole blocks", [64, 64], points: 1, inputs: 8, .relu),
            Case("rounds of points", [33, 33], points: 11, inputs: 2, outputs: 2, .tanh),
            Case("more outputs than work-items", [8, 8], points: 20, outputs: 5, .erf, members: 1),
            Case("slopes outside", [64, 64], points: 48, .tanh, members: 1),
            Case("thin weights outside", [20, 20], points: 2, inputs: 500, .erf, members: 2),
            Case("states outside", [72, 72, 72], points: 2, inputs: 2, .tanh, members: 2),
        ]
    }

    private func engine(_ precision: Precision, blockBytes: Int? = nil) throws -> OpenCLEngine {
        try TestEngine.make(precision, blockBytes: blockBytes, choice: KernelChoice(kind: .gpu))
    }

    /// In float32, and some in float64: a device's compiler takes seconds for each.
    @Test(arguments: try cases.get().enumerated().flatMap { $0 % 4 == 0 ? [($1, TestEngine.float32), ($1, .float64)] : [($1, .float32)] })
    func resultsAreWithinTheirBounds(_ given: Case, _ kind: TestEngine) throws {
        let engine = try engine(kind.precision)
        let launches = try engine.context.profile {
            let result = Check(given.problem, .training).run(on: engine)
            #expect(result.passed, "\(result)")
        }
        #expect(launches.filter { $0.kernel == "train_resident" }.count == 1)
        #expect(!launches.contains { $0.kernel == "loss" || $0.kernel == "train_group" })
    }
}
