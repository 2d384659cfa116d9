import Engines
import Foundation

/// How long the runs of a plan would take on an engine: measured on a few of its shapes in about a second, and carried over to the
/// others by their operations. Kernels are compiled before anything is timed.
public struct Calibration: Sendable {
    /// Seconds for all runs of the plan.
    public let seconds: Double
    /// Shapes that were tried.
    public let sampled: Int

    /// Shapes that are tried at the most.
    private static let largestSample = 6
    /// Operations of one trial at the most, where a trial may have several runs.
    private static let trialOperations = 3e8
    /// Operations of one trial at the most: shapes whose shortest trial has more are not tried. A second of the reference engine, and on
    /// any device a kernel of some thousand points, so that a look at a scan takes neither its time nor its memory.
    private static let largestTrial = 1e9

    /// Tries a few shapes of the plan; nil if all of them are too large to be tried.
    /// - Throws: errors of the engine and of the source.
    public init?(_ plan: ScanPlan, of source: any RunSource, on engine: any Engine, known: (Run) throws -> RunResult?) throws {
        let groups = plan.groups, triable = groups.filter { Self.shortened($0, to: 0) <= Self.largestTrial }
        let count = min(triable.count, Self.largestSample)
        guard count > 0 else { return nil }
        let samples = try (0..<count).map { number -> (operations: Double, secondsPerRun: Double) in
            let group = triable[count == 1 ? 0 : number * (triable.count - 1) / (count - 1)]
            return (group.key.operations, try Self.secondsPerRun(group, source, engine, known))
        }
        sampled = count
        seconds = groups.reduce(0) { sum, group in
            let nearest = samples.min { abs(log($0.operations / group.key.operations)) < abs(log($1.operations / group.key.operations)) }!
            return sum + Double(group.entries.count) * nearest.secondsPerRun * group.key.operations / nearest.operations
        }
    }

    /// Operations of a run of a group after so many steps, roughly.
    private static func shortened(_ group: ScanPlan.Group, to steps: Int) -> Double {
        group.key.operations(afterSteps: min(steps, group.key.steps ?? 0))
    }

    /// The time of a step and that of the rest, from one short training and one of no steps.
    private static func secondsPerRun(
        _ group: ScanPlan.Group, _ source: any RunSource, _ engine: any Engine, _ known: (Run) throws -> RunResult?
    ) throws -> Double {
        let steps = group.key.steps ?? 0, trial = shortened(group, to: 20) <= largestTrial ? min(steps, 20) : 0
        let members = max(1, min(group.entries.count, 64, Int(trialOperations / max(1, shortened(group, to: trial)))))
        let runs = try group.entries.prefix(members).map { try ScanPlan.run($0, source, known) }
        func time(_ steps: Int) throws -> Double {
            let shortened = runs.map { $0.shortened(to: steps) }
            let start = ContinuousClock.now
            _ = try Batch.results(of: shortened, digests: group.entries.prefix(members).map(\.digest), on: engine) { _ in }
            return (ContinuousClock.now - start) / .seconds(1) / Double(members)
        }
        _ = try time(trial)
        let whole = try time(trial)
        guard steps > trial else { return whole }
        guard trial > 0 else { return whole * Double(steps + 1) }
        let rest = try time(0)
        return rest + Double(steps) * max(0, whole - rest) / Double(trial)
    }
}
