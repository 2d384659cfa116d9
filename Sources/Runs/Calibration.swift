import Engines
import Foundation

/// How long the runs of a plan would take on an engine, from planning to storing them: measured on some of its shapes in a few seconds, and
/// carried over to the others by their operations. Kernels are compiled before anything is timed; to load them
/// once more counts.
public struct Calibration: Sendable {
    /// Seconds for all runs that the plan stands for.
    public let seconds: Double
    /// Shapes that were tried.
    public let sampled: Int

    /// Shapes that are tried at the most, and seconds after which no other is.
    private static let largestSample = 24
    private static let patience = 3.0
    /// Shapes that are tried however long it takes: each trial has its limit.
    private static let leastSample = 4
    /// Operations of one trial at the most, where a trial may have several runs.
    private static let trialOperations = 3e8
    /// Runs of a trial at the most: enough to fill a device, and made in less than a tenth of a second.
    private static let trialRuns = 1024.0
    /// Operations of one trial at the most: shapes whose shortest trial has more are not tried. A second of the reference engine, and on
    /// any device a kernel of some thousand points, so that a look at a scan takes neither its time nor its memory.
    private static let largestTrial = 1e9

    /// Tries some shapes of the plan, those that have the most to do first; nil if all of them are too large to be tried.
    /// - Parameters:
    ///   - weight: runs for which each of the plan stands, where it is that of some candidates alone.
    ///   - store: takes the results, under other digests than theirs, as storing them is part of the work.
    ///   - proceed: called again and again; what it throws stops the trials.
    /// - Throws: errors of the engine, the source and the store.
    public init?(
        _ plan: ScanPlan, weight: Double = 1, of source: any RunSource, on engine: any Engine, storing store: any Store,
        known: @escaping (Run) throws -> RunResult?, proceed: @escaping @Sendable () throws -> Void = {}
    ) throws {
        func work(_ group: ScanPlan.Group) -> Double { Double(group.entries.count) * group.key.operations }
        let triable = plan.groups.filter { Self.shortened($0, to: 0) <= Self.largestTrial }.sorted { work($0) > work($1) }
        guard !triable.isEmpty else { return nil }
        var trial = Trial(source: source, engine: engine, store: store, known: known, proceed: proceed)
        var samples: [Sample] = [], loads: [Double] = []
        for group in triable.prefix(Self.largestSample) {
            if samples.count >= Self.leastSample, trial.elapsed > Self.patience { break }
            samples.append(Sample(operations: group.key.operations, seconds: try Self.secondsPerRun(group, weight, &trial)))
            loads.append(trial.takeLoad())
        }
        sampled = samples.count
        samples.sort { $0.operations < $1.operations }
        // Shapes that were not tried load what the first did not have to share with them.
        let first = loads[0], others = loads.dropFirst().reduce(0, +) / Double(max(1, loads.count - 1))
        let loading = first + others * Double(plan.groups.count - 1)
        seconds = plan.groups.reduce(loading) { sum, group in
            sum + weight * Double(group.entries.count) * Self.seconds(of: group.key.operations, by: samples)
        }
    }

    /// What a run of a shape takes.
    private struct Sample {
        let operations: Double
        let seconds: Double
    }

    /// By the samples on both sides, between which times go as a power of the operations; beyond, in proportion to them.
    private static func seconds(of operations: Double, by samples: [Sample]) -> Double {
        let above = samples.first { $0.operations >= operations }, below = samples.last { $0.operations <= operations }
        guard let above, let below else {
            let nearest = above ?? below ?? samples[0]
            return nearest.seconds * operations / nearest.operations
        }
        guard above.operations > below.operations else { return below.seconds }
        let part = log(operations / below.operations) / log(above.operations / below.operations)
        return below.seconds * pow(above.seconds / below.seconds, part)
    }

    /// Operations of a run of a group after so many steps, roughly.
    private static func shortened(_ group: ScanPlan.Group, to steps: Int) -> Double {
        group.key.operations(afterSteps: min(steps, group.key.steps ?? 0))
    }

    /// Seconds that a training has to take beyond what is none, for the time of a step to be believed.
    private static let leastSeconds = 0.04

    /// The time of a step and that of the rest, from a short training and one of no steps; longer ones where both take as long.
    private static func secondsPerRun(_ group: ScanPlan.Group, _ weight: Double, _ trial: inout Trial) throws -> Double {
        let all = group.key.steps ?? 0
        var steps = min(all, 20)
        // One step at least: what comes before the first, weights and kernels, may take more than a step does.
        while steps > 1, shortened(group, to: steps) > largestTrial { steps /= 2 }
        let affordable = trialOperations / max(1, shortened(group, to: steps))
        // bounded: by trialRuns
        let members = Int(max(1, min(weight * Double(group.entries.count), trialRuns, affordable)))
        let runs = try trial.runs(of: group, count: members)
        func longer(_ steps: Int) -> Int { steps > all / 4 ? all : 4 * steps }  // bounded: by all
        var whole = try trial.time(runs, steps: steps)
        guard all > steps else { return max(1e-9, whole / Double(members)) }
        let rest = try trial.time(runs, steps: 0)
        // bounded: at most 1024 members
        while whole - rest < leastSeconds, steps < all, Double(members) * shortened(group, to: longer(steps)) <= largestTrial {
            steps = min(all, longer(steps))
            whole = try trial.time(runs, steps: steps)
        }
        return max(1e-9, (rest + Double(all) * max(0, whole - rest) / Double(steps)) / Double(members))
    }
}

/// Computes and stores runs to see how long it takes.
private struct Trial {
    let source: any RunSource
    let engine: any Engine
    let store: any Store
    let known: (Run) throws -> RunResult?
    let proceed: @Sendable () throws -> Void
    /// Seconds of all trials, but for those that may have compiled kernels.
    private(set) var elapsed = 0.0
    /// Seconds that the first trials took longer.
    private var load = 0.0

    /// Seconds of a trial that is not repeated.
    private static let longEnough = 0.2
    /// A first trial that takes so much longer than the next has compiled kernels. They are kept and need not be compiled again, but loaded,
    /// in a tenth of the time or less (PoCL 3.1: 0.35 s of 4 s).
    private static let compiling = (seconds: 1.0, loading: 0.1)

    init(
        source: any RunSource, engine: any Engine, store: any Store, known: @escaping (Run) throws -> RunResult?,
        proceed: @escaping @Sendable () throws -> Void
    ) {
        (self.source, self.engine, self.store, self.known, self.proceed) = (source, engine, store, known, proceed)
    }

    /// So many runs of a group, the same again where it has fewer.
    func runs(of group: ScanPlan.Group, count: Int) throws -> [Run] {
        let own = try group.entries.prefix(count).map { try ScanPlan.run($0, source, known) }
        return (0..<count).map { own[$0 % own.count] }
    }

    /// The shorter of two trials, after one for which kernels may be compiled: another number of steps may take other kernels.
    mutating func time(_ runs: [Run], steps: Int) throws -> Double {
        let runs = runs.map { $0.shortened(to: steps) }, warming = engine is OpenCLEngine ? try once(runs) : 0
        var least = try once(runs)
        elapsed += least
        if least < Self.longEnough {
            let second = try once(runs)
            elapsed += second
            least = min(least, second)
        }
        let longer = max(0, warming - least)
        load += longer > Self.compiling.seconds ? longer * Self.compiling.loading : longer
        return least
    }

    /// What loading the kernels took since the last call.
    mutating func takeLoad() -> Double {
        defer { load = 0 }
        return load
    }

    private func once(_ runs: [Run]) throws -> Double {
        // What a store has already it would not take again.
        let digests = runs.map { _ in Digest(of: (0..<32).map { _ in UInt8.random(in: .min ... .max) }) }
        let start = ContinuousClock.now, proceed = proceed
        try store.insert(try Batch.results(of: runs, digests: digests, on: engine) { _ in try proceed() })
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
