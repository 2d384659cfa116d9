import Checks
import Compute
import Engines
import Networks
import OpenCL
import Testing

/// Trainings whose matrices are shared by all compute units.
@Suite struct RowTrainingTests {
    private func engine(_ kind: TestEngine, blockBytes: Int? = nil) throws -> OpenCLEngine {
        try TestEngine.make(kind.precision, blockBytes: blockBytes, trainingMethod: .rows)
    }

    /// Two, three and four hidden layers of odd widths, up to 20 points, all losses; a problem of one member has no momentum.
    static let shapes: [Problem] = [
        ([17, 33], 1, 1, 2, 40), ([17, 33], 1, 1, 4, 16), ([5, 3, 19], 2, 3, 4, 21), ([1, 1], 1, 1, 2, 17), ([33, 16], 5, 2, 4, 11),
        ([64, 64], 3, 1, 1, 33), ([40, 24, 8, 16], 20, 1, 4, 5),
    ].enumerated().compactMap { index, shape in
        let (widths, points, outputs, members, steps) = shape
        return try? Problem(
            Architecture(
                inputs: 1 + index % 3, widths: widths, outputs: outputs, hasBias: index != 2,
                activation: Activation.all[index % Activation.all.count], parameterisation: index % 2 == 0 ? .ntk : .standard),
            points: points, members: members, sharesInputs: index % 2 == 1, lossShape: LossShape.examples[index % LossShape.examples.count],
            steps: steps, seed: UInt64(index))
    }

    @Test func allShapesAreThere() { #expect(Self.shapes.count == 7) }

    /// Within the bounds of a training that updates at every step; two launches for each step of the lowest matrix, three more for each
    /// of the others.
    @Test(arguments: shapes, [TestEngine.float32, .float64])
    func theyAreWithinTheirBounds(_ problem: Problem, _ kind: TestEngine) throws {
        let engine = try engine(kind), before = engine.context.counters.launches
        let result = Check(problem, .training).run(on: engine)
        #expect(result.passed, "\(result)")
        let each = 3 * problem.architecture.depth - 4, launches = engine.context.counters.launches - before
        #expect(launches == 1 + (problem.steps + 1) * each, "\(launches) launches")
    }

    /// Neither other members nor what is recorded changes a bit.
    @Test(arguments: [1, 3], [TestEngine.float32, .float64])
    func onlyTheMemberMatters(_ points: Int, _ kind: TestEngine) throws {
        let problem = try Problem(
            Architecture(inputs: 2, widths: [33, 17], outputs: 2, activation: .erf), points: points, members: 4, steps: 20, seed: 3)
        let ensemble = try problem.ensemble(), rows = ensemble.rows, job = Job(finalWeights: true, training: .init(steps: 20))
        let whole = try CollectedResults(engine(kind), ensemble, job)
        let held = try CollectedResults(engine(kind, blockBytes: 2 * 4 * rows * kind.precision.elementBytes), ensemble, job)
        #expect(identical(held, whole))
        let few = try CollectedResults(
            engine(kind), ensemble, Job(finalWeights: true, training: .init(steps: 20, recordedSteps: [0, 7, 20])))
        for e in 0..<4 {
            let alone = try CollectedResults(
                engine(kind), Ensemble(architecture: ensemble.architecture, members: [ensemble.members[e]], inputs: [ensemble.inputs[e]]),
                job)
            #expect(identical(alone.outputs[0], whole.outputs[e]) && identical(alone.weights[0], whole.weights[e]), "member \(e)")
            #expect(identical(few.weights[e], whole.weights[e]))
            #expect(identical(few.losses[e], [0, 7, 20].map { whole.losses[e][$0] }))
        }
    }

    /// Kernels on the way are those of the weights at that step: as far from the other methods' as a few roundings, not as another step's.
    @Test(arguments: [TestEngine.float32, .float64])
    func kernelsAreOfTheirStep(_ kind: TestEngine) throws {
        let problem = try Problem(
            Architecture(inputs: 2, widths: [17, 17, 5], outputs: 2, activation: .erf), points: 2, members: 3, steps: 12, seed: 3)
        let ensemble = try problem.ensemble()
        let job = Job(tangentKernel: .gram, finalWeights: true, training: .init(steps: 12, kernelSteps: [1, 5, 12]))
        let found = try CollectedResults(engine(kind), ensemble, job)
        let layered = try CollectedResults(TestEngine.make(kind.precision, trainingMethod: .layers), ensemble, job)
        for e in 0..<3 {
            #expect(found.tangentKernels[e].keys.sorted() == [0, 1, 5, 12])
            for (before, step) in [(0, 1), (1, 5), (5, 12)] {
                let ours = found.tangentKernels[e][step] ?? [], theirs = layered.tangentKernels[e][step] ?? []
                #expect(distance(ours, theirs) < 0.01 * distance(layered.tangentKernels[e][before] ?? [], theirs))
            }
            #expect(distance(found.weights[e], layered.weights[e]) < 1e-4)
        }
    }

    /// A member that overflows stops at the same step as with a launch for each layer, and leaves its neighbours as they are.
    @Test func divergenceStaysWithItsMember() throws {
        let architecture = try Architecture(widths: [16, 16], activation: .identity)
        func member(_ seed: UInt64, rate: Double) throws -> Ensemble.Member {
            Ensemble.Member(
                source: .seed(seed), sigmaW: 1.4, sigmaB: 0.1, loss: try .power(scale: 0.5, minimum: 1),
                schedule: try Schedule(learningRate: rate, momentum: 0.9))
        }
        let job = Job(training: .init(steps: 60))
        func results(_ method: TrainingMethod, _ rates: [Double]) throws -> CollectedResults {
            try CollectedResults(
                TestEngine.make(.float32, trainingMethod: method),
                Ensemble(
                    architecture: architecture, members: rates.enumerated().map { try member(UInt64($0), rate: $1) },
                    inputs: [Inputs([0.5])]),
                job)
        }
        let rows = try results(.rows, [0.01, 30]), layers = try results(.layers, [0.01, 30]), alone = try results(.rows, [0.01])
        #expect(identical(rows.outputs[0], alone.outputs[0]))
        let step = try #require(rows.lastFinite[1]?.step)
        #expect(step == layers.lastFinite[1]?.step && step < 60)
        #expect(rows.lastFinite[0]?.step == 60)
    }
}
