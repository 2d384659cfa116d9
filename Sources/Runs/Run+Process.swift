import Engines
import Learning
import Networks

extension Run {
    /// A process of the theory of learning as a run. Its parts stand in the place of points, and the numbers of a part in that of outputs; the matrix
    /// that a store may keep is what was counted in bins.
    ///
    /// - Parameter recording: of it the trajectory, by which the process is looked at, and `matrices`. Default: the process's own steps, counts
    ///   kept whole where there are any.
    /// - Throws: `LearningError` for a process that cannot be; `NetworkError`.
    public init(_ process: LearningProcess, recording: Recording? = nil) throws {
        if case .ensemble(let training) = process {
            self = try Run(training, recording: recording)
            return
        }
        let steps = process.recordedSteps
        var asked =
            recording
            ?? Recording(trajectory: steps == [0, process.steps] ? .ends : StepSelection(steps), matrices: process.counted > 0)
        if case .lattice = process { asked.trajectory = .ends }
        var process = process
        process.recordedSteps = asked.trajectory.steps(upTo: process.steps)
        try process.check()
        let shape = process.shape
        self.init(
            architecture: try Architecture(inputs: 1, widths: [1], outputs: shape.numbers, hasBias: false, activation: .tanh),
            source: .seed(process.seed), sigmaW: 1, sigmaB: 0, inputs: try Inputs((0..<shape.parts).map(Double.init)), training: nil,
            tangentKernel: nil, recording: Recording(trajectory: asked.trajectory, matrices: asked.matrices && process.counted > 0),
            process: process)
    }
}

extension StepSelection {
    /// Those steps, 0 first.
    init(_ steps: [Int]) {
        guard steps.count > 1, zip(steps, steps.dropFirst()).allSatisfy({ $1 - $0 == steps[1] }) else {
            self = .at(steps)
            return
        }
        self = .every(steps[1])
    }
}

extension RunResult {
    /// Runs the process that a run is.
    init(process run: Run, on engine: any Engine, proceed: @escaping @Sendable (_ step: Int?) throws -> Void) throws {
        self.init(run: run, engine: engine.description)
        guard let process = run.process else { return }
        let record = try process.computed(on: LearningDevice(ofEngine: engine) { _ in try proceed(nil) })
        (outputs, losses, kernels) = (record.outputs, record.losses, record.counts)
        let last = record.lastFinite, index = process.recordedSteps.firstIndex(of: last)
        lastFinite = State(
            step: last, outputs: index.map { Array(outputs[$0 * rows..<($0 + 1) * rows]) } ?? [],
            loss: index.flatMap { losses.isEmpty ? nil : losses[$0] } ?? .nan)
    }

    /// What became of a process; nil of networks. What was counted is missing where it was not kept.
    package var processRecord: ProcessRecord? {
        guard run.process != nil else { return nil }
        return ProcessRecord(outputs: outputs, losses: losses, counts: kernels, lastFinite: lastFinite?.step ?? -1)
    }
}
