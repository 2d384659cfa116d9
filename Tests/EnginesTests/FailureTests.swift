import Checks
import Compute
import Engines
import Networks
import OpenCL
import Synchronization
import Testing

/// Diverging members, failing devices and jobs that make no sense.
@Suite struct FailureTests {
    private let job = Job(tangentKernel: .gram, finalWeights: true, training: Job.Training(steps: 40, kernelSteps: [40]))

    private func ensemble(_ rates: [Double]) throws -> Ensemble {
        let problem = try Problem(
            Architecture(inputs: 2, widths: [9, 17], outputs: 2, activation: .relu), points: 3, members: rates.count, sharesInputs: true)
        let given = try problem.ensemble()
        let members = try zip(given.members, rates).map { member, rate in
            Ensemble.Member(
                source: member.source, sigmaW: 1, sigmaB: 0.5, loss: try .power(degree: 4, scale: 0.05, minimum: 0.5),
                schedule: try Schedule(learningRate: rate, momentum: 0.5))
        }
        return try Ensemble(architecture: given.architecture, members: members, inputs: given.inputs)
    }

    /// A member that overflows leaves its neighbours as they are without it, to the last bit, and says NaN or infinity itself.
    @Test(arguments: TestEngine.allCases)
    func divergenceStaysAtHome(_ kind: TestEngine) throws {
        let engine = try kind.engine()
        let calm = try CollectedResults(engine, ensemble([0.01, 0.01, 0.02]), job)
        let wild = try CollectedResults(engine, ensemble([0.01, 1e6, 0.02]), job)
        for e in [0, 2] {
            #expect(calm.outputs[e].allSatisfy { $0.isFinite })
            #expect(identical(calm.outputs[e], wild.outputs[e]) && identical(calm.losses[e], wild.losses[e]))
            #expect(identical(calm.weights[e], wild.weights[e]))
            #expect(identical(calm.tangentKernels[e][40] ?? [], wild.tangentKernels[e][40] ?? [.nan]))
        }
        #expect(wild.losses[1].last.map { !$0.isFinite } ?? false, "the wild member hides that it diverged")
        #expect(wild.outputs[1].contains { !$0.isFinite })
    }

    /// A device that fails in the middle of the work: a typed error with the code's name, and an engine that works afterwards.
    @Test(arguments: [1, 2, 5, 11, 23], TestEngine.openCL)
    func afterAFaultTheEngineIsUsable(_ nth: Int, _ kind: TestEngine) throws {
        let seen = Mutex<Int?>(nil)
        let engine = try TestEngine.make(kind.precision) { call in
            guard call == "clEnqueueNDRangeKernel" else { return nil }
            return seen.withLock { count in
                guard let before = count else { return nil }
                count = before + 1
                return before + 1 == nth ? -5 : nil
            }
        }
        let ensemble = try ensemble([0.01, 0.02])
        let expected = try CollectedResults(kind.engine(), ensemble, job)
        seen.withLock { $0 = 0 }
        let error = #expect(throws: OpenCLError.self) { _ = try CollectedResults(engine, ensemble, job) }
        #expect(error == .callFailed(call: "clEnqueueNDRangeKernel", code: -5))
        #expect(error?.description.contains("CL_OUT_OF_RESOURCES") ?? false)
        #expect(engine.context.allocatedBytes == 0)
        #expect(identical(try CollectedResults(engine, ensemble, job), expected))
    }

    /// What `deliver` throws comes through.
    @Test(arguments: TestEngine.allCases)
    func errorsOfTheReceiverComeThrough(_ kind: TestEngine) throws {
        struct Full: Error {}
        let ensemble = try ensemble([0.01])
        #expect(throws: Full.self) { try kind.engine().run(ensemble, job) { _ in throw Full() } }
    }

    /// Jobs that make no sense are refused before work, by both engines in the same words.
    @Test(arguments: TestEngine.double)
    func senselessJobsAreRefused(_ kind: TestEngine) throws {
        let ensemble = try ensemble([0.01]), engine = try kind.engine()
        func refusal(_ job: Job, _ ensemble: Ensemble) throws -> String {
            let error = #expect(throws: EngineError.self) { try engine.run(ensemble, job) { _ in true } }
            return error?.description ?? ""
        }
        #expect(try refusal(Job(training: .init(steps: -1)), ensemble).contains("number of steps is -1"))
        #expect(
            try refusal(Job(training: .init(steps: 3, recordedSteps: [0, 4])), ensemble).contains("recorded steps must ascend from 0 to 3"))
        #expect(try refusal(Job(training: .init(steps: 3, recordedSteps: [2, 1])), ensemble).contains("recorded steps must ascend"))
        #expect(
            try refusal(Job(tangentKernel: .gram, training: .init(steps: 3, kernelSteps: [1, 1])), ensemble).contains(
                "kernel steps must ascend"))
        #expect(try refusal(Job(training: .init(steps: 3, kernelSteps: [1])), ensemble).contains("no method"))
        let member = ensemble.members[0]
        func with(_ loss: Loss?, _ schedule: Schedule?) throws -> Ensemble {
            try Ensemble(
                architecture: ensemble.architecture,
                members: [member, Ensemble.Member(source: member.source, sigmaW: 1, sigmaB: 1, loss: loss, schedule: schedule)],
                inputs: ensemble.inputs)
        }
        let job = Job(training: .init(steps: 3))
        #expect(try refusal(job, with(nil, member.schedule)).contains("member 1 has no loss"))
        #expect(try refusal(job, with(member.loss, nil)).contains("no learning rate"))
        let short = try Schedule(learningRates: [0.1, 0.1], momenta: [0, 0])
        #expect(try refusal(job, with(member.loss, short)).contains("has 2 steps, but 3"))
        #expect(try refusal(job, with(.power(degree: 2, scale: 1, minimum: 0), member.schedule)).contains("share the form of their loss"))
        let targets = try Loss(shape: .evenPower(4), scale: 1, anchors: .perPoint([1, 2, 3]))
        #expect(throws: NetworkError.self) { try engine.run(with(targets, member.schedule), job) { _ in true } }
        let minima = try Loss(shape: .evenPower(4), scale: 1, anchors: .perOutput([1, 2, 3]))
        #expect(throws: NetworkError.self) { try engine.run(with(minima, member.schedule), job) { _ in true } }
    }

    /// The parts of an ensemble must belong together.
    @Test func ensemblesAreChecked() throws {
        let architecture = try Architecture(inputs: 2, widths: [3], activation: .tanh)
        let member = Ensemble.Member(source: .seed(1), sigmaW: 1, sigmaB: 0), points = try Inputs(points: 1, dimension: 2, values: [1, 2])
        func refusal(_ members: [Ensemble.Member], _ inputs: [Inputs]) -> String {
            let error = #expect(throws: NetworkError.self) { try Ensemble(architecture: architecture, members: members, inputs: inputs) }
            return error?.description ?? ""
        }
        #expect(refusal([], [points]).contains("number of members is 0"))
        #expect(refusal([member], []).contains("list of inputs has shape (0)"))
        #expect(refusal([member, member, member], [points, points]).contains("expected (1) or (3)"))
        #expect(refusal([member], [try Inputs([1, 2])]).contains("expected (2, 2)"))
        #expect(
            refusal([member, member], [points, try Inputs(points: 2, dimension: 2, values: [1, 2, 3, 4])]).contains(
                "(2, 2), expected (1, 2)"))
        #expect(refusal([.init(source: .seed(1), sigmaW: -1, sigmaB: 0)], [points]).contains("σ_w is -1.0"))
        #expect(refusal([.init(source: .seed(1), sigmaW: 1, sigmaB: .nan)], [points]).contains("σ_b is nan"))
    }

    /// An explicit request that cannot be met is an error; precision that the reference engine lacks is one too.
    @Test func choicesAreHonoured() throws {
        #expect(try EngineChoice.select("reference", environment: [:]).engine.description.name == "reference")
        #expect(try EngineChoice.select(nil, environment: ["INFLATON_DEVICE": "reference"]).engine.description.name == "reference")
        #expect(throws: EngineError.self) { try EngineChoice.select("reference", precision: .float32, environment: [:]) }
        let missing = #expect(throws: OpenCLError.self) { try EngineChoice.select("99", environment: [:]) }
        #expect(missing?.description.contains("no OpenCL device '99'") ?? false)
        for precision in Precision.allCases {
            let choice = try EngineChoice.select("opencl", precision: precision, environment: [TuningState.variable: "portable"])
            #expect(choice.engine.description.name == "opencl" && choice.engine.description.precision == precision)
            #expect(choice.note == nil)
        }
        #expect(EngineError.unsupported(precision: .mixed, device: "X", remedy: "do Y").description == "X cannot compute in mixed; do Y")
    }
}
