import Checks
import Compute
import Engines
import Networks
import OpenCL
import Synchronization
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
        #expect(!launches.contains { $0.kernel == "loss" })
    }

    /// Hidden layers that differ in width, or are narrower than a block, go layer by layer on such a device.
    @Test(arguments: [[9, 17], [3, 3]]) func othersGoByLayers(_ widths: [Int]) throws {
        let engine = try engine(.float32), architecture = try Architecture(widths: widths, activation: .tanh)
        let launches = try engine.context.profile {
            let result = Check(Problem(architecture, points: 3, members: 2, steps: 6, seed: 1), .training).run(on: engine)
            #expect(result.passed, "\(result)")
        }
        #expect(launches.contains { $0.kernel == "loss" } && !launches.contains { $0.kernel.hasPrefix("train") })
    }

    /// Where the driver refuses to launch the group, the training goes by layers; another error stays one.
    @Test(arguments: [
        ("CL_OUT_OF_RESOURCES", Int32(-5), true), ("CL_INVALID_WORK_GROUP_SIZE", -54, true), ("CL_INVALID_VALUE", -30, false),
    ])
    func aRefusedGroupGoesByLayers(_ name: String, _ code: Int32, _ goesOn: Bool) throws {
        let asked = Mutex(0)
        let engine = try TestEngine.make(.float32, choice: KernelChoice(kind: .gpu)) { call in
            guard call == "clEnqueueNDRangeKernel" else { return nil }
            return asked.withLock { count in
                count += 1
                return count == 1 ? code : nil
            }
        }
        let problem = try problem(points: 3)
        if goesOn {
            let result = Check(problem, .training).run(on: engine)
            #expect(result.passed, "\(name): \(result)")
            #expect(asked.withLock { $0 } > 12, "layers take several launches for each of the 12 steps")
        } else {
            let error = #expect(throws: OpenCLError.self) { try engine.run(problem.ensemble(), job) { _ in true } }
            #expect(error == .callFailed(call: "clEnqueueNDRangeKernel", code: code))
        }
    }

    private func problem(points: Int) throws -> Problem {
        try Problem(
            Architecture(inputs: 2, widths: [17, 17], outputs: 2, activation: .erf), points: points, members: 4, steps: 12, seed: 3)
    }

    private let job = Job(finalWeights: true, training: .init(steps: 12))

    /// Where launches end changes no bit, nor which steps are recorded.
    @Test(arguments: [(1, TestEngine.float32), (3, .float64)])
    func launchesMayEndAnywhere(_ points: Int, _ kind: TestEngine) throws {
        let ensemble = try problem(points: points).ensemble(), rows = ensemble.rows
        let whole = try CollectedResults(engine(kind.precision), ensemble, job)
        for held in [1, 5] {
            let parts = try engine(kind.precision, blockBytes: held * 4 * rows * kind.precision.elementBytes)
            #expect(identical(try CollectedResults(parts, ensemble, job), whole), "\(held) steps held")
            #expect(parts.context.counters.launches == (13 + held - 1) / held)
        }
        let few = try CollectedResults(
            engine(kind.precision), ensemble, Job(finalWeights: true, training: .init(steps: 12, recordedSteps: [0, 4, 11])))
        for e in 0..<4 {
            #expect(identical(few.weights[e], whole.weights[e]) && few.lastFinite[e] == whole.lastFinite[e])
            #expect(identical(few.outputs[e], [0, 4, 11].flatMap { whole.outputs[e][$0 * rows..<($0 + 1) * rows] }))
        }
    }

    /// A member is the same to the last bit alone and in an ensemble, and beside one that diverges, whose last finite step is the one that
    /// the records show.
    @Test(arguments: [TestEngine.float32, .float64])
    func neighboursDoNotMatter(_ kind: TestEngine) throws {
        let given = try problem(points: 3).ensemble(), engine = try engine(kind.precision)
        // Outputs are linear in the weights of the read-out, which a rate of 10⁶ multiplies by about that at every step.
        let members = try given.members.enumerated().map { e, member in
            Ensemble.Member(
                source: member.source, sigmaW: member.sigmaW, sigmaB: member.sigmaB, loss: member.loss,
                schedule: try Schedule(learningRate: e == 1 ? 1e6 : 0.02 * Double(e + 1), momentum: 0.5))
        }
        func ensemble(_ members: [Ensemble.Member], _ inputs: [Inputs]) throws -> Ensemble {
            try Ensemble(architecture: given.architecture, members: members, inputs: inputs)
        }
        let steps = 60, job = Job(finalWeights: true, training: .init(steps: steps)), rows = given.rows
        let found = try CollectedResults(engine, ensemble(members, given.inputs), job)
        for e in 0..<4 {
            let alone = try CollectedResults(engine, ensemble([members[e]], [given.inputs[e]]), job)
            #expect(identical(alone.outputs[0], found.outputs[e]) && identical(alone.weights[0], found.weights[e]))
            let last = try found.lastFinite[e].orThrow("member \(e)")
            let first = (0...steps).first { step in
                !found.losses[e][step].isFinite || !found.outputs[e][step * rows..<(step + 1) * rows].allSatisfy(\.isFinite)
            }
            #expect(last.step == (first ?? steps + 1) - 1 && (e == 1) == (first != nil), "member \(e) ended at \(last.step)")
            #expect(identical(last.outputs, Array(found.outputs[e][last.step * rows..<(last.step + 1) * rows])))
        }
    }
}
