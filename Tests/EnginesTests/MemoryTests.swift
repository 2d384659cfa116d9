import Checks
import Compute
import Engines
import Networks
import OpenCL
import Synchronization
import Testing

/// What does not fit is refused before any work.
@Suite struct MemoryTests {
    private func ensemble(width: Int, depth: Int = 1, points: Int = 4) throws -> Ensemble {
        let architecture = try Architecture(widths: Array(repeating: width, count: depth), activation: .relu)
        return try Ensemble(
            architecture: architecture, members: [Ensemble.Member(source: .seed(1), sigmaW: 1, sigmaB: 1)],
            inputs: [Inputs((0..<points).map(Double.init))])
    }

    @Test(arguments: TestEngine.allCases, [1 << 23, 1 << 40])
    func absurdWidthsAreRefused(_ kind: TestEngine, _ width: Int) throws {
        // Two layers of 2^23 units have 2^46 weights; one of 2^40 has 3·2^40.
        let ensemble = try ensemble(width: width, depth: width == 1 << 23 ? 2 : 1)
        for job in [Job(), Job(jacobian: true), Job(tangentKernel: .gram), Job(tangentKernel: .jacobian)] {
            var blocks = 0
            let refusal = #expect(throws: EngineError.self) {
                try kind.engine().run(ensemble, job) { _ in
                    blocks += 1
                    return true
                }
            }
            #expect(blocks == 0)
            guard case .doesNotFit(_, let asked, let available, let remedy) = refusal else {
                Issue.record("\(String(describing: refusal))")
                continue
            }
            #expect(asked > available && available > 0)
            #expect(asked >= kind.precision.elementBytes * (ensemble.architecture.parameterCount / 2))
            #expect(remedy.contains("smaller width"))
        }
    }

    /// Products of sizes that overflow an integer are refused like any other.
    @Test(arguments: TestEngine.allCases)
    func overflowingSizesAreRefused(_ kind: TestEngine) throws {
        let ensemble = try ensemble(width: 1 << 46, points: 1 << 17)
        for job in [Job(), Job(jacobian: true), Job(tangentKernel: .gram), Job(tangentKernel: .jacobian)] {
            #expect(throws: EngineError.self) { try kind.engine().run(ensemble, job) { _ in true } }
        }
    }

    /// Nothing is allocated for what is refused, and the limit is an engine's own.
    @Test func theLimitIsHonoured() throws {
        let engine = try TestEngine.make(.float64, memoryLimit: 1000)
        let before = engine.context.allocatedBytes
        let refusal = #expect(throws: EngineError.self) { try engine.run(ensemble(width: 1000), Job()) { _ in true } }
        guard case .doesNotFit(_, _, let available, _) = refusal else { throw Missing(what: "a refusal for lack of memory") }
        #expect(available == 1000)
        #expect(engine.context.allocatedBytes == before)
        #expect(engine.context.counters.launches == 0)
    }

    /// What a context has allocated, looked at before every launch.
    private final class Watch: Sendable {
        private let state = Mutex<(context: Context?, peak: Int)>((nil, 0))

        func look() {
            state.withLock { $0.peak = max($0.peak, $0.context?.allocatedBytes ?? 0) }
        }

        func start(_ context: Context?) { state.withLock { $0 = (context, 0) } }

        var peak: Int { state.withLock { $0.peak } }
    }

    /// An engine uses no more memory than its plan says.
    @Test(arguments: TestEngine.openCL, [true, false])
    func thePlanIsKept(_ kind: TestEngine, _ sharesInputs: Bool) throws {
        // Wide inputs take most of the memory here, and are the first thing that a copy of them would show.
        let problem = try Problem(
            Architecture(inputs: 1000, widths: [5], outputs: 1, activation: .tanh), points: 50, members: 4, sharesInputs: sharesInputs)
        let ensemble = try problem.seededEnsemble(), watch = Watch()
        let engine = try TestEngine.make(kind.precision) { call in
            if call == "clEnqueueNDRangeKernel" { watch.look() }
            return nil
        }
        defer { watch.start(nil) }
        let training = Job.Training(steps: 3, kernelSteps: [2])
        for job in [
            Job(), Job(tangentKernel: .gram), Job(tangentKernel: .jacobian), Job(jacobian: true),
            Job(tangentKernel: .gram, finalWeights: true, training: training),
        ] {
            let plan = try engine.plan(ensemble.shape, job)
            #expect(plan.bytesPerBatch == plan.fixedBytes + plan.membersPerBatch * plan.bytesPerMember)
            watch.start(engine.context)
            try engine.run(ensemble, job) { _ in true }
            let peak = watch.peak
            #expect(peak > 0 && peak <= plan.bytesPerBatch, "\(job): \(peak) bytes were in use, \(plan.bytesPerBatch) were planned")
            #expect(engine.context.allocatedBytes == 0)
        }
    }

    /// All that take the steps of a training: the methods of a CPU, and the work-groups of a GPU.
    static let ways: [(TrainingMethod, Device.Kind)] = TrainingMethod.allCases.map { ($0, .cpu) } + [(.members, .gpu)]

    /// What scans are planned by: the arrays that are there at once are 95 % of the plan at least, whichever way the training takes.
    @Test(arguments: [(64, 1, 64), (16, 16, 8), (512, 1, 4)], ways)
    func thePlanIsClose(_ sizes: (width: Int, points: Int, members: Int), _ way: (TrainingMethod, Device.Kind)) throws {
        let ensemble = try Ensemble(
            architecture: Architecture(widths: [sizes.width, sizes.width], activation: .erf),
            members: (0..<UInt64(sizes.members)).map {
                Ensemble.Member(
                    source: .seed($0), sigmaW: 1, sigmaB: 0.1, loss: try .power(scale: 0.05, minimum: 1),
                    schedule: try Schedule(learningRate: 0.01, momentum: 0.9))
            }, inputs: [Inputs((0..<sizes.points).map(Double.init))])
        let watch = Watch()
        let engine = try TestEngine.make(.float32, trainingMethod: way.0, choice: KernelChoice(kind: way.1)) { call in
            if call == "clEnqueueNDRangeKernel" { watch.look() }
            return nil
        }
        defer { watch.start(nil) }
        let job = Job(training: Job.Training(steps: 40, recordedSteps: [0, 40]))
        let plan = try engine.plan(ensemble.shape, job)
        watch.start(engine.context)
        try engine.run(ensemble, job) { _ in true }
        let planned = plan.membersPerBatch >= sizes.members ? plan.fixedBytes + sizes.members * plan.bytesPerMember : plan.bytesPerBatch
        #expect(watch.peak <= planned && Double(watch.peak) >= 0.95 * Double(planned), "\(watch.peak) of \(planned) planned bytes")
    }
}
