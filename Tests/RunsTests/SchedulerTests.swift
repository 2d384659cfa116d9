import Compute
import Engines
import Networks
import Runs
import Synchronization
import Testing

@Suite struct SchedulerTests {
    private static func run(seed: UInt64, width: Int = 5, momentum: Double = 0, x: Double = 1, scale: Double = 0.1) throws -> Run {
        Run(
            architecture: try Architecture(widths: [width], activation: .erf), source: .seed(seed), sigmaW: 1.1, sigmaB: 0.2,
            inputs: try Inputs([x]),
            training: Run.Training(
                loss: try .power(scale: scale, minimum: 1), schedule: try Schedule(learningRate: 0.1, momentum: momentum), steps: 7))
    }

    /// Counts what an engine is asked for.
    private final class CountingEngine: Engine, @unchecked Sendable {
        let inner = ReferenceEngine()
        var members: [Int] = []
        var widths: [Int] = []
        var inputSets: [Int] = []
        var description: EngineDescription { inner.description }
        func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan {
            MemoryPlan(membersPerBatch: 2, bytesPerBatch: 1, fixedBytes: 0, bytesPerMember: 1)
        }
        func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
            members.append(ensemble.members.count)
            widths += ensemble.architecture.widths
            inputSets.append(ensemble.inputs.count)
            try inner.run(ensemble, job, deliver: deliver)
        }
    }

    @Test func batchesHoldRunsThatDifferInDataOnly() throws {
        let engine = CountingEngine(),
            runs = try [
                Self.run(seed: 1), Self.run(seed: 2, width: 9), Self.run(seed: 3), Self.run(seed: 4, momentum: 0.5),
                Self.run(seed: 5, x: 2, scale: 3),
            ]
        try Scheduler(engine: engine, store: MemoryStore()).execute(runs)
        // Smallest networks first, and what differs in code apart.
        #expect(engine.members == [3, 1, 1])
        #expect(engine.widths == [5, 5, 9])
        // Points that differ are given per member.
        #expect(engine.inputSets == [3, 1, 1])
    }

    @Test func largestBatchIsKept() throws {
        let engine = CountingEngine(), store = MemoryStore()
        let runs = try (0..<10).map { try Self.run(seed: UInt64($0)) }
        try Scheduler(engine: engine, store: store, planner: Planner(largestBatch: 4)).execute(runs)
        #expect(engine.members == [4, 4, 2])
        #expect(store.count == 10)
    }

    @Test func equalRunsAreComputedOnceAndStoredOnesNotAgain() throws {
        let engine = CountingEngine(), store = MemoryStore()
        let scheduler = Scheduler(engine: engine, store: store)
        let runs = try [Self.run(seed: 1), Self.run(seed: 2), Self.run(seed: 1)]
        #expect(try scheduler.execute(runs))
        #expect(engine.members == [2])
        #expect(store.count == 2)
        #expect(try scheduler.execute(runs + [Self.run(seed: 3)]))
        #expect(engine.members == [2, 1])
    }

    /// Each run of a batch gets its own numbers: those that the engine gives it alone.
    @Test func resultsBelongToTheirRuns() throws {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let runs = try [Self.run(seed: 1), Self.run(seed: 2, x: -1), Self.run(seed: 3, scale: 0.4), Self.run(seed: 4, momentum: 0.9)]
        try scheduler.execute(runs)
        for run in runs {
            let alone = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
            try alone.execute([run])
            let (result, expected) = (try #require(try scheduler.result(for: run)), try #require(try alone.result(for: run)))
            #expect(result.outputs == expected.outputs && result.outputs.count == 8)
            #expect(result.losses == expected.losses && result.losses.count == 8)
            #expect(result.initialKernel == expected.initialKernel && result.initialKernel.count == 1)
            #expect(result.finalKernel == expected.finalKernel && result.finalKernel != result.initialKernel)
            #expect(result.divergedAt == nil)
        }
    }

    @Test func progressStopsBetweenBatches() throws {
        let store = MemoryStore()
        let scheduler = Scheduler(engine: ReferenceEngine(), store: store)
        let runs = try (0..<3).map { try Self.run(seed: UInt64($0), width: 3 + $0) }
        let seen = Mutex<[Int]>([])
        let complete = try scheduler.execute(runs) { progress in
            seen.withLock { $0.append(progress.done) }
            return progress.done < 2
        }
        #expect(!complete)
        #expect(seen.withLock { $0 } == [0, 1, 2])
        #expect(store.count == 2)
        #expect(try scheduler.execute(runs))
        #expect(store.count == 3)
    }

    @Test func whatProceedThrowsLosesTheBatchAndNothingElse() throws {
        struct Stop: Error {}
        let store = MemoryStore()
        let scheduler = Scheduler(engine: ReferenceEngine(), store: store)
        let runs = try [Self.run(seed: 1), Self.run(seed: 2, width: 9)]
        let deliveries = Mutex(0)
        #expect(throws: Stop.self) {
            try scheduler.execute(
                runs,
                proceed: { _ in
                    // The first run delivers its outputs and two kernels; the fourth delivery is the second run's.
                    if deliveries.withLock({
                        $0 += 1; return $0
                    }) == 4 {
                        throw Stop()
                    }
                })
        }
        #expect(store.count == 1)
    }

    /// s large enough that η Θ l″ ≫ 2(1 + γ): the loss overflows. It is a result, and its neighbour is untouched.
    @Test func divergenceIsAResult() throws {
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let wild = Run(
            architecture: try Architecture(widths: [5], activation: .relu), source: .seed(7), sigmaW: 2, sigmaB: 1, inputs: try Inputs([3]),
            training: Run.Training(
                loss: try .power(degree: 4, scale: 1e3, minimum: 5), schedule: try Schedule(learningRate: 10), steps: 40))
        var tame = wild
        tame.training!.loss = try .power(degree: 4, scale: 1e-4, minimum: 5)
        tame.training!.schedule = try Schedule(learningRate: 1e-3)
        try scheduler.execute([wild, tame])
        let step = try #require(try scheduler.result(for: wild)?.divergedAt)
        #expect(step > 0 && step <= 40)
        #expect(try scheduler.result(for: tame)?.divergedAt == nil)
    }
}
