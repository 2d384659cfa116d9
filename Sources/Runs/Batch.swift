import Engines
import Learning
import Networks

/// Runs that differ only in data, to be computed together.
public struct Batch: Sendable {
    /// The runs, in the order of the ensemble's members.
    public let runs: [Run]
    /// Their identities.
    public let digests: [Digest]
    /// Their networks.
    public let ensemble: Ensemble
    /// What is computed for all of them.
    public let job: Job

    /// - Parameter runs: at least one, all with the same ``BatchKey``.
    init(_ runs: [Run], digests: [Digest]) throws(NetworkError) {
        self.runs = runs
        self.digests = digests
        let first = runs[0].inputs, shared = runs.allSatisfy { $0.inputs == first }
        ensemble = try Ensemble(
            architecture: runs[0].architecture, members: runs.map(\.member), inputs: shared ? [first] : runs.map(\.inputs))
        job = runs[0].job
    }

    /// Computes runs that have the same ``BatchKey``, networks together and processes one after the other.
    static func results(
        of runs: [Run], digests: [Digest], on engine: any Engine, proceed: @escaping @Sendable (_ step: Int?) throws -> Void
    ) throws -> [(digest: Digest, result: RunResult)] {
        guard runs[0].process == nil else {
            return try zip(digests, runs).map { ($0, try RunResult(process: $1, on: engine, proceed: proceed)) }
        }
        return try Batch(runs, digests: digests).compute(on: engine, proceed: proceed)
    }

    /// Computes all runs.
    /// - Parameter proceed: called whenever the engine delivers, with the last recorded step of a training; what it throws stops the work.
    func compute(on engine: any Engine, proceed: (_ step: Int?) throws -> Void) throws -> [(digest: Digest, result: RunResult)] {
        var collected = try CollectedResults(engine, ensemble, job) { block in
            switch block {
            case .outputs(_, let steps, _): try proceed(steps.last)
            case .progress(_, let steps): try proceed(steps)
            case .tangentKernel: try proceed(nil)
            case .losses, .controls, .lastFinite, .jacobian, .weights, .kernelRectangle: break
            }
        }
        return zip(digests, runs).enumerated().map { member, named in
            (named.0, RunResult(run: named.1, engine: engine.description, collected: &collected, member: member))
        }
    }
}

/// Everything that changes code, shapes, or the moments at which something is recorded: what the runs of a batch share.
struct BatchKey: Hashable, Sendable {
    let architecture: Architecture
    let points: Int
    let shape: LossShape?
    let steps: Int?
    let rule: UpdateRule?
    let hasConstantSchedules: Bool
    let tangentKernel: TangentKernelMethod?
    let trajectory: StepSelection
    let kernels: StepSelection
    /// What makes a process's code and work; nil for networks.
    let process: ProcessKey?

    init(_ run: Run) {
        process = run.process.map(ProcessKey.init)
        architecture = run.architecture
        points = run.inputs.points
        shape = run.training?.loss.shape
        steps = run.process?.steps ?? run.training?.steps
        rule = run.training.map { $0.schedule.rule.needed(for: [$0.schedule]) }
        hasConstantSchedules = run.training?.schedule.isConstant ?? true
        tangentKernel = run.tangentKernel
        trajectory = run.recording.computedTrajectory
        kernels = run.recording.kernels
    }

    /// Floating-point operations of one run, roughly; orders groups, and guesses how long a batch takes.
    var operations: Double { operations(afterSteps: steps ?? 0) }

    /// The same if its training ended after so many steps: what the kernel takes stays.
    func operations(afterSteps steps: Int) -> Double {
        if let process { return process.operations * Double(steps) }
        let points = Double(points), rows = points * Double(architecture.outputs), parameters = Double(architecture.parameterCount)
        let training = 6 * parameters * points * Double(steps)
        let widths = architecture.layers.reduce(0) { $0 + Double($1.fanIn + $1.fanOut) }
        return training + 4 * parameters * rows + (tangentKernel == nil ? 0 : 2 * rows * rows * widths)
    }

    /// What one run of it takes of the host's memory, but for predictions.
    var memory: RunMemory {
        var memory = RunMemory(
            points: points, outputs: architecture.outputs, depth: architecture.depth,
            kernels: tangentKernel == nil ? 0 : kernels.count(upTo: steps ?? 0))
        memory.dimension = architecture.inputs
        memory.steps = steps ?? 0
        memory.recorded = trajectory.count(upTo: steps ?? 0)
        if let process { memory.add(process) }
        return memory
    }

    func shape(members: Int) -> EnsembleShape {
        EnsembleShape(
            architecture: architecture, points: points, members: members, rule: rule,
            hasConstantSchedules: hasConstantSchedules)
    }
}
