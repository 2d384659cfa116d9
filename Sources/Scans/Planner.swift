import Engines
import Networks

/// Runs that differ only in data, to be computed together.
public struct Batch: Sendable {
    /// The runs, in the order of the ensemble's members.
    public let runs: [Run]
    /// Their networks.
    public let ensemble: Ensemble
    /// What is computed for all of them.
    public let job: Job
}

/// Groups runs of equal shape into batches that fit the engine.
public struct Planner: Sendable {
    /// The engine that will compute.
    public let engine: any Engine
    /// Members of a batch at the most, so that results come and can be interrupted in good time.
    public let largestBatch: Int

    /// A planner.
    public init(engine: any Engine, largestBatch: Int = 1024) {
        self.engine = engine
        self.largestBatch = largestBatch
    }

    /// Everything that changes code, shapes or the moments at which something is recorded.
    private struct Key: Hashable {
        let architecture: Architecture
        let points: Int
        let shape: LossShape?
        let steps: Int?
        let hasMomentum: Bool
        let kernel: TangentKernelMethod?

        init(_ run: Run) {
            architecture = run.architecture
            points = run.inputs.points
            shape = run.training?.loss.shape
            steps = run.training?.steps
            hasMomentum = run.training?.schedule.momenta.contains { $0 != 0 } ?? false
            kernel = run.tangentKernel
        }
    }

    /// The batches of those runs: smallest networks first, so that the first results come soon.
    /// - Throws: `EngineError.doesNotFit` if a single run does not fit, `NetworkError` for runs that are not consistent.
    public func batches(_ runs: [Run]) throws -> [Batch] {
        var order: [Key] = []
        var groups: [Key: [Run]] = [:]
        for run in runs {
            let key = Key(run)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(run)
        }
        let ascending = order.enumerated().sorted {
            ($0.element.architecture.parameterCount, $0.offset) < ($1.element.architecture.parameterCount, $1.offset)
        }
        return try ascending.flatMap { try batches(of: groups[$0.element]!, $0.element) }
    }

    private func batches(of runs: [Run], _ key: Key) throws -> [Batch] {
        let training = key.steps.map { Job.Training(steps: $0, kernelSteps: key.kernel == nil || $0 == 0 ? [] : [$0]) }
        let job = Job(outputs: true, tangentKernel: key.kernel, training: training)
        let shape = EnsembleShape(architecture: key.architecture, points: key.points, members: runs.count, hasMomentum: key.hasMomentum)
        let fitting = try engine.plan(shape, job).membersPerBatch
        // A batch of several device loads is fine; one that takes long before its first result is not.
        let size = max(1, min(largestBatch, max(fitting, min(largestBatch, 64))))
        return try stride(from: 0, to: runs.count, by: size).map { first in
            let part = Array(runs[first..<min(first + size, runs.count)])
            let shared = part.allSatisfy { $0.inputs == part[0].inputs }
            let ensemble = try Ensemble(
                architecture: key.architecture, members: part.map(\.member), inputs: shared ? [part[0].inputs] : part.map(\.inputs))
            return Batch(runs: part, ensemble: ensemble, job: job)
        }
    }
}
