import Compute
import Engines

/// Computes the runs that a store lacks, batch by batch, on one engine or several.
public struct Scheduler: Sendable {
    /// What computes; all in the same precision.
    public let engines: [any Engine]
    /// Where results go, a batch at a time.
    public let store: any Store
    /// Groups runs.
    public let planner: Planner

    /// A scheduler for one engine.
    public init(engine: any Engine, store: any Store, planner: Planner = Planner()) {
        engines = [engine]
        self.store = store
        self.planner = planner
    }

    /// A scheduler that shares the work out among engines.
    /// - Throws: `ScanError.differingPrecisions`.
    public init(engines: [any Engine], store: any Store, planner: Planner = Planner()) throws(ScanError) {
        guard let first = engines.first, engines.allSatisfy({ $0.description.precision == first.description.precision }) else {
            throw .differingPrecisions
        }
        self.engines = engines
        self.store = store
        self.planner = planner
    }

    /// The precision of all runs.
    public var precision: Precision { engines[0].description.precision }

    /// The result of a run, if it is stored.
    public func result(for run: Run) throws -> RunResult? {
        try store.result(for: run, RunIdentity.digest(run, precision: precision))
    }

    /// What would be computed now, without any work.
    /// - Parameter candidates: their numbers, ascending. Default: all.
    /// - Throws: `EngineError.doesNotFit` where there are too many candidates for that; errors of the source.
    public func plan(_ source: any RunSource, candidates: [Int32]? = nil) throws -> ScanPlan {
        try planner.plan(source, candidates ?? Planner.candidates(of: source), precision: precision, store: store, known: result(for:))
    }

    /// A round of a scan that was found to fit the host and all engines, before any work.
    public struct FirstRound: Sendable {
        let source: any RunSource
        let candidates: [Int32]
        /// What is computed.
        public let plan: ScanPlan
        /// How each shape uses the memory of the first engine.
        public let memory: [MemoryPlan]
    }

    /// Plans those candidates and finds out whether they fit.
    /// - Parameters:
    ///   - candidates: their numbers, ascending. Default: all.
    ///   - what: what is planned, in the message of a refusal.
    /// - Throws: `EngineError.doesNotFit`; errors of the source.
    public func firstRound(
        _ source: any RunSource, candidates: [Int32]? = nil, of what: String = "the work"
    ) throws -> FirstRound {
        let candidates = try candidates ?? Planner.candidates(of: source), plan = try plan(source, candidates: candidates)
        try plan.hostMemory.require(for: what)
        let memory = try engines.map { try plan.memory(on: $0, of: source, known: result(for:)) }
        return FirstRound(source: source, candidates: candidates, plan: plan, memory: memory[0])
    }

    /// How far the work is.
    public struct Progress: Sendable, Hashable {
        /// Runs whose results are stored, those found at the start among them.
        public internal(set) var done = 0
        /// All different runs that are known of so far.
        public internal(set) var total = 0
        /// Runs that were computed now.
        public internal(set) var computed = 0
        /// Runs that diverged, of those computed now.
        public internal(set) var diverged = 0
        /// Candidates that a filter leaves out.
        public internal(set) var excluded = 0
        /// Candidates that cannot be.
        public internal(set) var refusals = Refusals()
        /// Candidates whose runs are named only after others are known.
        public internal(set) var undecided = 0
        /// Steps of training that were computed now, summed over the networks.
        public internal(set) var networkSteps = 0

        /// Nothing done, nothing to do.
        public init() {}
    }

    /// Computes every run of the source that is not stored yet; equal runs once.
    ///
    /// - Parameters:
    ///   - source: the candidates; those that wait for others are asked again after them.
    ///   - progress: told at the start of a round and after every batch, never by two threads at once; `false` stops the work after the
    ///     batches that are being computed.
    ///   - proceed: called whenever an engine delivers, with the last recorded step of a training; what it throws stops the work at
    ///     once, and the batches in flight are lost.
    /// - Returns: whether all runs are stored now.
    /// - Throws: before any work for runs that do not fit an engine; errors of the engines, the source and the store.
    @discardableResult
    public func execute(
        _ source: any RunSource, progress: @escaping @Sendable (Progress) throws -> Bool = { _ in true },
        proceed: @escaping @Sendable (_ step: Int?) throws -> Void = { _ in }
    ) throws -> Bool {
        try execute(firstRound(source, of: "the scan"), progress: progress, proceed: proceed)
    }

    /// The same from a first round on that was planned already.
    @discardableResult
    public func execute(
        _ first: FirstRound, progress: @escaping @Sendable (Progress) throws -> Bool = { _ in true },
        proceed: @escaping @Sendable (_ step: Int?) throws -> Void = { _ in }
    ) throws -> Bool {
        let source = first.source
        var pending = first.candidates, plan = first.plan, soFar = Progress(), idle = 0
        while true {
            soFar.total += plan.runs
            soFar.done += plan.stored
            soFar.excluded += plan.excluded
            soFar.refusals.add(plan.refusals)
            soFar.undecided = plan.undecided
            guard try progress(soFar) else { return plan.missing == 0 && plan.undecided == 0 }
            let round = Round(self, source, plan, soFar, progress: progress, proceed: proceed)
            try round.run()
            soFar = round.progress
            guard round.isComplete else { return false }
            // What was not decided by the same results twice will never be.
            idle = plan.missing == 0 && plan.waiting.count == pending.count ? idle + 1 : 0
            if idle == 2, let first = plan.waiting.first { throw ScanError.noProgress(waiting: plan.waiting.count, first: Int(first)) }
            // Repeats of runs that other candidates wait for count once: they are stored when they are met again.
            pending = plan.waiting
            if pending.isEmpty { return true }
            plan = try firstRound(source, candidates: pending, of: "the scan").plan
        }
    }

    /// Computes every run of a list.
    @discardableResult
    public func execute(
        _ runs: [Run], progress: @escaping @Sendable (Progress) throws -> Bool = { _ in true },
        proceed: @escaping @Sendable (_ step: Int?) throws -> Void = { _ in }
    ) throws -> Bool {
        try execute(RunList(runs), progress: progress, proceed: proceed)
    }
}
