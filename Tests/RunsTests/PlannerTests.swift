import Compute
import Engines
import Networks
import Runs
import Synchronization
import Testing

@Suite struct PlannerTests {
    /// Candidates of a few shapes; those whose number is a multiple of ten repeat the one before, multiples of seven are left out.
    private struct Source: RunSource {
        let count: Int
        let inputs: Inputs

        init(count: Int) throws {
            self.count = count
            inputs = try Inputs([1])
        }

        func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
            if index.isMultiple(of: 7) { return .excluded }
            let number = index.isMultiple(of: 10) ? index - 1 : index
            return .run(
                Run(
                    architecture: try Architecture(widths: [number % 3 + 2], activation: .erf), source: .seed(UInt64(number)), sigmaW: 1,
                    sigmaB: 0.1, inputs: inputs, tangentKernel: nil, recording: Recording()))
        }
    }

    @Test func repeatsAndExcludedCandidatesAreCountedOnce() throws {
        let source = try Source(count: 1000)
        let scheduler = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let plan = try scheduler.plan(source)
        let numbers = (0..<1000).filter { !$0.isMultiple(of: 7) }
        #expect(plan.excluded == 1000 - numbers.count)
        #expect(plan.runs == Set(numbers.map { $0.isMultiple(of: 10) ? $0 - 1 : $0 }).count)
        #expect(plan.shapes == 3)
        #expect(plan.missing == plan.runs)
        #expect(try scheduler.execute(source))
        #expect(try scheduler.plan(source).missing == 0)
    }

    @Test func shardsShareTheCandidatesOut() throws {
        let source = try Source(count: 101)
        let shards = (0..<4).map { Shard(source, index: $0, of: 4) }
        #expect(shards.map(\.count).reduce(0, +) == 101)
        let whole = MemoryStore(), parts = MemoryStore()
        try Scheduler(engine: ReferenceEngine(), store: whole).execute(source)
        for shard in shards { try Scheduler(engine: ReferenceEngine(), store: parts).execute(shard) }
        #expect(whole.count == parts.count)
        #expect(try Scheduler(engine: ReferenceEngine(), store: parts).plan(source).missing == 0)
        #expect(Shard(source, index: 3, of: 200).count == 1)
        #expect(Shard(source, index: 150, of: 200).count == 0)
    }

    /// The second run is named by what the first one measured.
    private struct Measured: RunSource {
        let count = 5
        func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
            let first = Run(
                architecture: try Architecture(widths: [4], activation: .erf), source: .seed(UInt64(index / 2)), sigmaW: 1, sigmaB: 0.1,
                inputs: try Inputs([1]))
            guard let result = try known(first) else { return .needs(first) }
            guard index != 4 else { return .excluded }
            var second = first
            second.training = Run.Training(
                loss: try .power(scale: 0.1, minimum: result.outputs[0] + 1),
                schedule: try Schedule(learningRate: 0.1, momentum: index.isMultiple(of: 2) ? 0 : 0.5), steps: 3)
            return .run(second)
        }
    }

    @Test func candidatesThatNeedOthersAreAskedAgain() throws {
        let store = MemoryStore(), scheduler = Scheduler(engine: ReferenceEngine(), store: store)
        #expect(try scheduler.plan(Measured()).undecided == 5)
        let last = Mutex(Scheduler.Progress())
        let isComplete = try scheduler.execute(Measured()) { progress in
            last.withLock { $0 = progress }
            return true
        }
        #expect(isComplete)
        // Three networks are measured, four trained.
        let progress = last.withLock { $0 }
        #expect(store.count == 7)
        #expect(progress.done == 7 && progress.total == 7 && progress.computed == 7)
        #expect(progress.excluded == 1 && progress.undecided == 0)
        #expect(progress.networkSteps == 4 * 3)
    }

    /// What was planned before the work is not planned again for it.
    @Test func aRoundIsPlannedOnce() throws {
        final class Counting: Engine, RunSource {
            let source: Source, inner = ReferenceEngine(), plans = Atomic(0), asked = Atomic(0)
            init(_ source: Source) { self.source = source }
            var description: EngineDescription { inner.description }
            var count: Int { source.count }
            func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
                asked.add(1, ordering: .relaxed)
                return try source.candidate(at: index, known: known)
            }
            func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan {
                plans.add(1, ordering: .relaxed)
                return try inner.plan(shape, job)
            }
            func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
                try inner.run(ensemble, job, deliver: deliver)
            }
        }
        let counting = try Counting(Source(count: 50)), scheduler = Scheduler(engine: counting, store: MemoryStore())
        let round = try scheduler.firstRound(counting)
        #expect(counting.plans.load(ordering: .relaxed) == 3 && round.memory.count == 3)
        let asked = counting.asked.load(ordering: .relaxed)
        #expect(asked == 50 + 3)
        #expect(try scheduler.execute(round))
        #expect(counting.plans.load(ordering: .relaxed) == 3)
        #expect(counting.asked.load(ordering: .relaxed) == asked + round.plan.runs)
    }

    /// Two engines take batches in turn; every run is computed once, and bit for bit as on one.
    @Test func enginesShareTheWork() throws {
        let source = try Source(count: 400)
        let one = Scheduler(engine: ReferenceEngine(), store: MemoryStore())
        let store = MemoryStore()
        let two = try Scheduler(engines: [ReferenceEngine(), ReferenceEngine()], store: store, planner: Planner(largestBatch: 16))
        try one.execute(source)
        #expect(try two.execute(source))
        #expect(store.count == (one.store as? MemoryStore)?.count)
        for index in 0..<400 {
            guard case .run(let run) = try source.candidate(at: index, known: { _ in nil }) else { continue }
            #expect(try two.result(for: run)?.outputs == one.result(for: run)?.outputs)
        }
    }

    /// An engine that fails stops the work; what was stored stays, and the next attempt ends it.
    @Test func aFailingEngineLosesItsBatchOnly() throws {
        struct Broken: Error {}
        final class Failing: Engine, Sendable {
            let inner = ReferenceEngine()
            let jobs = Mutex(0)
            var description: EngineDescription { inner.description }
            func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan { try inner.plan(shape, job) }
            func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
                let number = jobs.withLock {
                    $0 += 1; return $0
                }
                try inner.run(ensemble, job) { block in
                    if number == 4 { throw Broken() }
                    return try deliver(block)
                }
            }
        }
        let source = try Source(count: 300), store = MemoryStore()
        for engines in [[Failing()], [Failing(), Failing()]] {
            let before = store.count, scheduler = try Scheduler(engines: engines, store: store, planner: Planner(largestBatch: 8))
            #expect(throws: Broken.self) { try scheduler.execute(source) }
            // Each engine stored the three batches before the one it failed in, unless the other failed first.
            let batches = (store.count - before) / 8
            #expect(store.count == before + 8 * batches)
            #expect((3...3 * engines.count).contains(batches))
        }
        #expect(try Scheduler(engine: ReferenceEngine(), store: store).execute(source))
    }
}
