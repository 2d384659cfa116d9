import Engines

/// Computes the runs that a store lacks, batch by batch.
public struct Scheduler: Sendable {
    /// What computes.
    public let engine: any Engine
    /// Where results go, a batch at a time.
    public let store: any Store

    /// A scheduler.
    public init(engine: any Engine, store: any Store) {
        self.engine = engine
        self.store = store
    }

    /// How each batch of those runs would use the engine's memory, without any work.
    /// - Throws: `EngineError.doesNotFit`.
    public func plans(_ runs: [Run]) throws -> [MemoryPlan] {
        try Planner(engine: engine).batches(runs).map { try engine.plan($0.ensemble.shape, $0.job) }
    }

    /// How far the work is.
    public struct Progress: Sendable {
        /// Runs whose results are stored, those found at the start among them.
        public let done: Int
        /// All different runs.
        public let total: Int
        /// Runs that diverged, of those done now.
        public let diverged: Int
    }

    /// Computes every run that is not stored yet; equal runs once.
    ///
    /// - Parameters:
    ///   - runs: in any order, repeats allowed.
    ///   - progress: told after every batch; `false` stops the work after the batch.
    ///   - proceed: called whenever the engine delivers, with the last recorded step of a training; what it throws stops the work at
    ///     once, and the batch is lost.
    /// - Returns: whether all runs are stored now.
    /// - Throws: before any work for runs that do not fit the engine; errors of the engine and of the store.
    @discardableResult
    public func execute(
        _ runs: [Run], progress: (Progress) -> Bool = { _ in true }, proceed: (_ step: Int?) throws -> Void = { _ in }
    ) throws -> Bool {
        var seen: Set<Run> = []
        let different = runs.filter { seen.insert($0).inserted }
        let missing = try different.filter { try store.result(for: $0) == nil }
        let batches = try Planner(engine: engine).batches(missing)
        var done = different.count - missing.count, diverged = 0
        guard progress(Progress(done: done, total: different.count, diverged: 0)) else { return missing.isEmpty }
        for batch in batches {
            let results = try compute(batch, proceed)
            try store.insert(results)
            done += results.count
            diverged += results.count { $0.divergedAt != nil }
            guard progress(Progress(done: done, total: different.count, diverged: diverged)) else { return done == different.count }
        }
        return true
    }

    private func compute(_ batch: Batch, _ proceed: (_ step: Int?) throws -> Void) throws -> [RunResult] {
        var results = batch.runs.map { RunResult(run: $0, engine: engine.description) }
        try engine.run(batch.ensemble, batch.job) { block in
            switch block {
            case .outputs(let members, let steps, let values):
                try proceed(steps.last)
                Self.distribute(values, steps: steps.count, members: members) { results[$0].outputs += $1 }
            case .losses(let members, let steps, let values):
                Self.distribute(values, steps: steps.count, members: members) { results[$0].losses += $1 }
            case .tangentKernel(let members, let step, let values):
                try proceed(nil)
                Self.distribute(values, steps: 1, members: members) { member, kernel in
                    if step == 0 { results[member].initialKernel = Array(kernel) } else { results[member].finalKernel = Array(kernel) }
                }
            case .jacobian, .weights: break
            }
            return true
        }
        return results
    }

    /// Hands each member its part of (steps, members, …), step by step.
    private static func distribute(
        _ values: [Double], steps: Int, members: Range<Int>, _ body: (_ member: Int, _ part: ArraySlice<Double>) -> Void
    ) {
        let length = values.count / (steps * members.count)
        for step in 0..<steps {
            for (index, member) in members.enumerated() {
                let start = (step * members.count + index) * length
                body(member, values[start..<start + length])
            }
        }
    }
}
