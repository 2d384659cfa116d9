import Checks
import Compute
import Engines
import Networks
import OpenCL
import Synchronization
import Testing

/// Trainings of a member by a work-group, as on a GPU, whatever the device is.
@Suite struct GroupTrainingTests {
    /// A problem, and the work-items that train a member at the most.
    struct Case: Sendable, CustomTestStringConvertible {
        let group: Int
        let problem: Problem
        var testDescription: String { "\(group) work-items, \(problem)" }

        init(
            _ group: Int, _ widths: [Int], points: Int, inputs: Int = 1, outputs: Int = 1, hasBias: Bool = true, _ activation: Activation,
            members: Int = 4
        ) throws {
            self.group = group
            problem = Problem(
                try Architecture(
                    inputs: inputs, widths: widths, outputs: outputs, hasBias: hasBias, activation: activation,
                    parameterisation: widths.count == 2 ? .ntk : .standard),
                points: points, members: members, sharesInputs: inputs > 2, lossShape: LossShape.examples[widths.count % 2], steps: 6,
                seed: UInt64(group + points))
        }
    }

    /// Groups smaller and larger than the vectors of a row, widths around a vector and beyond, rows that fill several rounds of partial
    /// sums (65 with 16 points, and all with few work-items). Of four members one has no momentum, and one a schedule; one alone has no
    /// velocities.
    static let cases = Result {
        try [
            Case(1, [17], points: 1, .tanh, members: 2),
            Case(1, [3, 5], points: 16, inputs: 6, outputs: 2, .relu),
            Case(4, [65, 65], points: 5, inputs: 2, outputs: 3, .erf),
            Case(32, [1, 17, 3], points: 1, inputs: 3, outputs: 2, hasBias: false, .tanh, members: 1),
            Case(32, [65], points: 16, outputs: 2, hasBias: false, .relu, members: 2),
            Case(64, [65, 65], points: 1, .erf),
            Case(64, [17, 17, 17], points: 16, inputs: 5, outputs: 2, .tanh),
            Case(64, [65, 65], points: 16, .relu, members: 2),
            Case(64, [300, 20], points: 1, inputs: 2, .tanh, members: 1),
        ]
    }

    private func engine(_ kind: TestEngine, group: Int = 64, blockBytes: Int? = nil) throws -> OpenCLEngine {
        try TestEngine.make(
            kind.precision, blockBytes: blockBytes, choice: KernelChoice(kind: .gpu, trainingGroup: group, keepsResident: false))
    }

    /// In float32, and some in float64: a device's compiler takes seconds for each.
    @Test(arguments: try cases.get().enumerated().flatMap { $0 % 4 == 0 ? [($1, TestEngine.float32), ($1, .float64)] : [($1, .float32)] })
    func resultsAreWithinTheirBounds(_ given: Case, _ kind: TestEngine) throws {
        let engine = try engine(kind, group: given.group)
        let result = Check(given.problem, .training).run(on: engine)
        #expect(result.passed, "\(result)")
        #expect(engine.context.counters.launches == 1)
    }

    /// 1e-10 of the range of each trajectory of the files, as for the other ways of training: one and two layers and outputs, one point and
    /// four, constant rates and a schedule.
    @Test(arguments: ["train_p02", "train_p04", "train_p06"])
    func theFilesAreReproduced(_ name: String) throws {
        let golden = try Golden(name), steps = try golden.meta.steps.orThrow("steps"), engine = try engine(.float64)
        let found = try CollectedResults(engine, golden.ensemble(), Job(finalWeights: true, training: Job.Training(steps: steps)))
        #expect(engine.context.counters.launches < steps)
        let outputs = try golden.values("f"), losses = try golden.values("loss"), weights = try golden.finalWeights()
        #expect(distance(found.outputs[0], outputs) <= 1e-10 * ((outputs.max() ?? 0) - (outputs.min() ?? 0)))
        #expect(distance(found.losses[0], losses) <= 1e-10 * ((losses.max() ?? 0) - (losses.min() ?? 0)))
        #expect(distance(found.weights[0], weights) <= 1e-10 * size(weights))
    }

    /// A group that the driver refuses to launch is halved until it does, down to the lanes of a row; what is computed is right.
    @Test(arguments: [(1, Int32(-5)), (2, -54), (3, -5)]) func refusedGroupsAreHalved(_ refusals: Int, _ code: Int32) throws {
        let asked = Mutex(0)
        let engine = try TestEngine.make(.float32, choice: KernelChoice(kind: .gpu, trainingGroup: 64, keepsResident: false)) { call in
            guard call == "clEnqueueNDRangeKernel" else { return nil }
            return asked.withLock { count in
                count += 1
                return count <= refusals ? code : nil
            }
        }
        // 32 for so few weights, 16 and 8 work-items, of which 8 share a row.
        let problem = try problem(points: 3), launches = min(3, refusals + 1)
        if refusals < 3 {
            let result = Check(problem, .training).run(on: engine)
            #expect(result.passed, "\(result)")
        } else {
            let error = #expect(throws: OpenCLError.self) { try engine.run(problem.ensemble(), job) { _ in true } }
            #expect(error == .callFailed(call: "clEnqueueNDRangeKernel", code: code))
        }
        #expect(asked.withLock { $0 } == launches)
    }

    private func problem(points: Int) throws -> Problem {
        try Problem(
            Architecture(inputs: 2, widths: [17, 17], outputs: 2, activation: .erf), points: points, members: 4, steps: 12, seed: 3)
    }

    private let job = Job(finalWeights: true, training: .init(steps: 12))

    /// Where launches end changes no bit, nor which steps are recorded.
    @Test(arguments: [(1, TestEngine.float32), (3, .float32), (3, .float64)])
    func launchesMayEndAnywhere(_ points: Int, _ kind: TestEngine) throws {
        let ensemble = try problem(points: points).ensemble(), rows = ensemble.rows
        let whole = try CollectedResults(engine(kind), ensemble, job)
        for held in [1, 5] {
            let parts = try engine(kind, blockBytes: held * 4 * rows * kind.precision.elementBytes)
            #expect(identical(try CollectedResults(parts, ensemble, job), whole), "\(held) steps held")
            #expect(parts.context.counters.launches == (13 + held - 1) / held)
        }
        let few = try CollectedResults(
            engine(kind), ensemble, Job(finalWeights: true, training: .init(steps: 12, recordedSteps: [0, 4, 11])))
        for e in 0..<4 {
            #expect(identical(few.weights[e], whole.weights[e]) && few.lastFinite[e] == whole.lastFinite[e])
            #expect(identical(few.outputs[e], [0, 4, 11].flatMap { whole.outputs[e][$0 * rows..<($0 + 1) * rows] }))
        }
    }

    /// A member is the same to the last bit alone and in an ensemble, and beside one that diverges, whose last finite step is the one that
    /// the records show.
    @Test(arguments: [TestEngine.float32, .float64])
    func neighboursDoNotMatter(_ kind: TestEngine) throws {
        let given = try problem(points: 3).ensemble(), engine = try engine(kind)
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
