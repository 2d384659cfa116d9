import Checks
import Compute
import Engines
import Networks
import OpenCL
import Testing

/// Trainings with one point that keep their last steps beside the hidden matrices, and have no velocities of these.
@Suite struct KeptTrainingTests {
    /// Networks small enough to be checked at every step, which keep up to `most` steps beside matrices that are smaller than that.
    private func engine(_ kind: TestEngine, most: Int = 448, narrowest: Int, blockBytes: Int? = nil) throws -> OpenCLEngine {
        try TestEngine.make(
            kind.precision, blockBytes: blockBytes, trainingMethod: .rows,
            choice: KernelChoice(keptShare: (Double(most) + 0.5) / Double(narrowest)))
    }

    /// Of four members one has no momentum; those with 0.5 and 0.9 keep 64 and 192 steps in float32, 128 and 384 in float64. Steps enough that
    /// all slots are used and some are used again.
    static let shapes: [Problem] = [
        ([17, 33], 1, 4, 250), ([5, 3, 19], 3, 4, 100), ([1, 1], 1, 4, 130), ([64, 64], 1, 2, 230), ([40, 24, 8, 16], 2, 2, 64),
    ].compactMap { widths, outputs, members, steps in
        (try? Architecture(
            inputs: 2, widths: widths, outputs: outputs, hasBias: widths.count != 3, activation: widths.count == 2 ? .erf : .tanh,
            parameterisation: widths.count == 4 ? .standard : .ntk)).map {
                Problem($0, points: 1, members: members, lossShape: LossShape.examples[outputs % 2], steps: steps, seed: UInt64(steps))
            }
    }

    @Test func allShapesAreThere() { #expect(Self.shapes.count == 5) }

    /// Within the bounds of a training that updates at every step, and not with the bits of one: those with momentum have kept theirs. Two
    /// launches more for each step than without, and another two for each matrix above the lowest.
    @Test(arguments: shapes, [TestEngine.float32, .float64])
    func theyAreWithinTheirBounds(_ problem: Problem, _ kind: TestEngine) throws {
        let narrowest = problem.architecture.widths.min() ?? 1, engine = try engine(kind, narrowest: narrowest)
        let before = engine.context.counters.launches, result = Check(problem, .training).run(on: engine)
        #expect(result.passed, "\(result)")
        let launches = engine.context.counters.launches - before
        #expect(launches == 1 + (problem.steps + 1) * (5 * problem.architecture.depth - 6), "\(launches) launches")
        let ensemble = try problem.ensemble(), job = Job(finalWeights: true, training: .init(steps: problem.steps))
        let kept = try CollectedResults(engine, ensemble, job)
        let every = try CollectedResults(self.engine(kind, most: 0, narrowest: narrowest), ensemble, job)
        for e in 0..<problem.members {
            let hasMomentum = ensemble.members[e].schedule?.momenta.contains { $0 > 0 } ?? false
            // A network of two units may round to the same.
            guard problem.architecture.widths != [1, 1] || !hasMomentum else { continue }
            #expect(identical(kept.weights[e], every.weights[e]) != hasMomentum, "member \(e)")
        }
    }

    /// 1e-10 of the range of the trajectory of the one file with one point and a hidden matrix, as for the other ways of training.
    @Test func theFileIsReproduced() throws {
        let golden = try Golden("train_p02"), ensemble = try golden.ensemble(), steps = try golden.meta.steps.orThrow("steps")
        try #require(ensemble.points == 1 && ensemble.architecture.depth > 1)
        let engine = try engine(.float64, narrowest: ensemble.architecture.widths.min() ?? 1)
        let found = try CollectedResults(engine, ensemble, Job(finalWeights: true, training: Job.Training(steps: steps)))
        let outputs = try golden.values("f"), losses = try golden.values("loss"), weights = try golden.finalWeights()
        #expect(distance(found.outputs[0], outputs) <= 1e-10 * ((outputs.max() ?? 0) - (outputs.min() ?? 0)))
        #expect(distance(found.losses[0], losses) <= 1e-10 * ((losses.max() ?? 0) - (losses.min() ?? 0)))
        #expect(distance(found.weights[0], weights) <= 1e-10 * size(weights))
    }

    private let architecture = Result { try Architecture(inputs: 2, widths: [17, 17, 9], outputs: 2, activation: .erf) }

    /// Where launches end changes no bit, nor which steps are recorded; nor do neighbours, of which one has too much momentum to keep its
    /// steps, one has none, and one diverges.
    @Test(arguments: [TestEngine.float32, .float64])
    func onlyTheMemberMatters(_ kind: TestEngine) throws {
        let given = try Problem(architecture.get(), points: 1, members: 4, steps: 150, seed: 3).ensemble(), rows = given.rows
        let members = try given.members.enumerated().map { e, member in
            Ensemble.Member(
                source: member.source, sigmaW: member.sigmaW, sigmaB: member.sigmaB, loss: member.loss,
                schedule: try Schedule(learningRate: e == 1 ? 1e6 : 0.02, momentum: [0.9, 0.5, 0.99, 0][e]))
        }
        func ensemble(_ members: [Ensemble.Member], _ inputs: [Inputs]) throws -> Ensemble {
            try Ensemble(architecture: given.architecture, members: members, inputs: inputs)
        }
        let all = try ensemble(members, given.inputs), job = Job(finalWeights: true, training: .init(steps: 150))
        let whole = try CollectedResults(engine(kind, narrowest: 9), all, job)
        for held in [1, 7, 64] {
            let parts = try engine(kind, narrowest: 9, blockBytes: held * 4 * rows * kind.precision.elementBytes)
            #expect(identical(try CollectedResults(parts, all, job), whole), "\(held) steps held")
        }
        let few = try CollectedResults(
            engine(kind, narrowest: 9), all, Job(finalWeights: true, training: .init(steps: 150, recordedSteps: [0, 7, 150])))
        for e in 0..<4 {
            #expect(identical(few.weights[e], whole.weights[e]))
            #expect(identical(few.losses[e], [0, 7, 150].map { whole.losses[e][$0] }))
            let alone = try CollectedResults(engine(kind, narrowest: 9), ensemble([members[e]], [given.inputs[e]]), job)
            #expect(identical(alone.outputs[0], whole.outputs[e]) && identical(alone.weights[0], whole.weights[e]), "member \(e)")
            #expect((whole.lastFinite[e]?.step == 150) == (e != 1))
        }
    }

    /// Kernels on the way, for which the kept steps are brought into the weights, are those of that step's: as far from the other
    /// method's as a few roundings, not as another step's kernel. The training goes on as it would have.
    @Test(arguments: [TestEngine.float32, .float64])
    func kernelsAreOfTheirStep(_ kind: TestEngine) throws {
        let steps = [1, 40, 97, 150]
        let given = try Problem(architecture.get(), points: 1, members: 3, steps: 150, seed: 3).ensemble()
        // Slow enough that kernels still move at the end.
        let members = try given.members.enumerated().map { e, member in
            Ensemble.Member(
                source: member.source, sigmaW: member.sigmaW, sigmaB: member.sigmaB, loss: member.loss,
                schedule: try Schedule(learningRate: 1e-3, momentum: [0.9, 0.5, 0.7][e]))
        }
        let ensemble = try Ensemble(architecture: given.architecture, members: members, inputs: given.inputs)
        let job = Job(tangentKernel: .gram, finalWeights: true, training: .init(steps: 150, kernelSteps: steps))
        let found = try CollectedResults(engine(kind, narrowest: 9), ensemble, job)
        let layered = try CollectedResults(TestEngine.make(kind.precision, trainingMethod: .layers), ensemble, job)
        let undisturbed = try CollectedResults(
            engine(kind, narrowest: 9), ensemble, Job(finalWeights: true, training: .init(steps: 150)))
        for e in 0..<3 {
            #expect(found.tangentKernels[e].keys.sorted() == [0] + steps)
            for (before, step) in zip([0] + steps, steps) {
                let ours = found.tangentKernels[e][step] ?? [], theirs = layered.tangentKernels[e][step] ?? []
                #expect(distance(ours, theirs) < 0.01 * distance(layered.tangentKernels[e][before] ?? [], theirs), "\(e) at \(step)")
            }
            let roundings = 1e3 * kind.precision.unitRoundoff * size(layered.weights[e])
            #expect(distance(found.weights[e], undisturbed.weights[e]) < roundings)
            #expect(distance(found.weights[e], layered.weights[e]) < roundings)
        }
    }
}
