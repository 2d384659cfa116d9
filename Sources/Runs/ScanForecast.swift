import Engines

/// How long a scan would take, with the runs that only others decide: of the candidates that wait for these some are decided here.
public struct ScanForecast: Sendable {
    /// Seconds of all rounds on one engine, from planning to storing.
    public let seconds: Double
    /// Shapes that were tried.
    public let sampled: Int

    /// Waiting candidates that are decided at the most.
    private static let mostDecided = 64
    /// Operations of the runs that decide them, at the most.
    private static let decidingOperations = 1e9
    /// Rounds that are looked at; what waits longer counts for nothing.
    private static let mostRounds = 4

    /// Tries some shapes of each round; nil if all shapes of the first are too large to be tried.
    /// - Parameters:
    ///   - store: takes the results of what is tried; none of them has the digest of its run.
    ///   - proceed: called again and again; what it throws stops the trials.
    /// - Throws: errors of the engine, the source and the stores.
    public init?(
        _ survey: ScanSurvey, of source: any RunSource, _ scheduler: Scheduler, storing store: any Store,
        proceed: @escaping @Sendable () throws -> Void = {}
    ) throws {
        let engine = scheduler.engines[0], decided = LayeredStore(below: scheduler.store)
        let deciding = Scheduler(engine: engine, store: decided, planner: scheduler.planner)
        var plan = survey.plan, weight = Double(survey.candidates) / Double(max(1, survey.examined))
        var seconds = survey.secondsOfPlanning * weight, sampled = 0
        for round in 1...Self.mostRounds where plan.missing > 0 || plan.undecided > 0 {
            if plan.missing > 0 {
                let calibration = try Calibration(
                    plan, weight: weight, of: source, on: engine, storing: store, known: { try deciding.result(for: $0) },
                    proceed: proceed)
                if calibration == nil, round == 1 { return nil }
                seconds += calibration?.seconds ?? 0
                sampled += calibration?.sampled ?? 0
            }
            guard plan.undecided > 0, round < Self.mostRounds else { break }
            let waiting = ScanSurvey.spread(min(Self.mostDecided, plan.undecided), over: plan.undecided).map { plan.waiting[Int($0)] }
            let some = try Self.affordable(waiting, source, deciding)
            guard !some.isEmpty else { break }
            try deciding.execute(some.map(\.run), proceed: { _ in try proceed() })
            weight *= Double(plan.undecided) / Double(some.count)
            plan = try deciding.plan(source, candidates: some.map(\.candidate))
        }
        self.seconds = seconds
        self.sampled = sampled
    }

    /// The first of those candidates whose runs are soon computed, with these runs.
    private static func affordable(
        _ candidates: [Int32], _ source: any RunSource, _ scheduler: Scheduler
    ) throws -> [(candidate: Int32, run: Run)] {
        var operations = 0.0, some: [(candidate: Int32, run: Run)] = []
        for candidate in candidates {
            guard case .needs(let run) = try source.candidate(at: Int(candidate), known: scheduler.result(for:)) else { continue }
            operations += BatchKey(run).operations
            if operations > decidingOperations { break }
            some.append((candidate, run))
        }
        return some
    }
}

/// A store whose results are read, with others on top that are kept in memory.
private struct LayeredStore: Store {
    let below: any Store
    let above = MemoryStore()

    func contains(_ digest: Digest) -> Bool { above.contains(digest) || below.contains(digest) }

    func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        try above.result(for: run, digest) ?? below.result(for: run, digest)
    }

    func insert(_ results: [(digest: Digest, result: RunResult)]) { above.insert(results) }
}
