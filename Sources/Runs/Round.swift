import Dispatch
import Engines
import Synchronization

/// The work of one plan: a worker for each engine takes batches from the groups in their order.
final class Round: Sendable {
    private struct State: Sendable {
        var group = 0
        var entry = 0
        var progress: Scheduler.Progress
        var isStopped = false
        var failure: (any Error)?
    }

    private let scheduler: Scheduler
    private let source: any RunSource
    private let plan: ScanPlan
    private let state: Mutex<State>
    /// One batch at a time is stored and reported.
    private let reporting = Mutex(())
    private let report: @Sendable (Scheduler.Progress) throws -> Bool
    private let proceed: @Sendable (_ step: Int?) throws -> Void

    init(
        _ scheduler: Scheduler, _ source: any RunSource, _ plan: ScanPlan, _ progress: Scheduler.Progress,
        progress report: @escaping @Sendable (Scheduler.Progress) throws -> Bool,
        proceed: @escaping @Sendable (_ step: Int?) throws -> Void
    ) {
        self.scheduler = scheduler
        self.source = source
        self.plan = plan
        self.report = report
        self.proceed = proceed
        state = Mutex(State(progress: progress))
    }

    /// How far the work is.
    var progress: Scheduler.Progress { state.withLock { $0.progress } }

    /// Whether nothing is left to take.
    var isComplete: Bool { state.withLock { $0.group == plan.groups.count && $0.failure == nil } }

    /// Computes everything, or until it is stopped.
    /// - Throws: the first failure, after all engines have come to rest.
    func run() throws {
        if scheduler.engines.count == 1 {
            work(on: scheduler.engines[0])
        } else {
            DispatchQueue.concurrentPerform(iterations: scheduler.engines.count) { work(on: scheduler.engines[$0]) }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func work(on engine: any Engine) {
        do {
            var pace = Pace()
            while let (group, entries) = take(&pace, for: engine) {
                let started = ContinuousClock.now
                let runs = try entries.map { try ScanPlan.run($0, source, scheduler.result(for:)) }
                let results = try Batch.results(of: runs, digests: entries.map(\.digest), on: engine) { [self] step in
                    if state.withLock({ $0.failure != nil }) { throw Stopped() }
                    try proceed(step)
                }
                try reporting.withLock { _ in
                    try scheduler.store.insert(results)
                    let progress = state.withLock { state in
                        state.progress.done += results.count
                        state.progress.computed += results.count
                        state.progress.diverged += results.count { $0.result.divergedAt != nil }
                        state.progress.networkSteps += results.count * group.key.networkSteps
                        return state.progress
                    }
                    if try !report(progress) { state.withLock { $0.isStopped = true } }
                }
                pace.took(ContinuousClock.now - started)
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }

    /// The next runs of the first group that has any; nil when there are none, or the work is stopped.
    private func take(_ pace: inout Pace, for engine: any Engine) -> (group: ScanPlan.Group, entries: ArraySlice<ScanPlan.Entry>)? {
        state.withLock { state in
            guard !state.isStopped, state.failure == nil, state.group < plan.groups.count else { return nil }
            let group = plan.groups[state.group]
            // A process fills a device, and is stored before the next begins.
            let most =
                group.key.process != nil
                ? 1 : max(1, min(scheduler.planner.largestBatch, Planner.resultBytes / max(1, group.key.memory.bytesInBatch)))
            let size = pace.size(group: state.group, most: most, operations: group.key.operations)
            let entries = group.entries[state.entry..<min(state.entry + size, group.entries.count)]
            state.entry = entries.endIndex
            if state.entry == group.entries.count {
                state.group += 1
                state.entry = 0
            }
            return (group, entries)
        }
    }

    /// Another engine failed.
    private struct Stopped: Error {}
}

/// How many runs a batch takes: few at first, so that results come soon, then as many as take about a second. What is computed does not
/// depend on it.
private struct Pace {
    private var group = -1
    private var last = 0
    private var seconds = 0.0

    /// Guessed operations a second, until a batch was timed.
    private static let rate = 1e10
    private static let target = 1.0

    mutating func size(group: Int, most: Int, operations: Double) -> Int {
        if group != self.group {
            self.group = group
            last = Int(max(8, min(256, Self.target * Self.rate / operations)))
        } else if seconds < Self.target / 4 {
            last *= 4
        } else if seconds > 2 * Self.target {
            last = max(1, Int(Double(last) * Self.target / seconds))  // bounded: below last / 2
        }
        last = min(last, most)
        return last
    }

    mutating func took(_ duration: Duration) { seconds = duration / .seconds(1) }
}
