import Engines
import Learning
import Networks

/// One network from its initial weights to the end of its training, and what is recorded of it: the unit of a scan. Or a process of the theory of
/// learning (``process``), whose parts stand in the place of points.
///
/// A run is identified by its content (``RunIdentity``). Runs that are equal are computed once.
public struct Run: Sendable, Hashable {
    /// The shape of the network.
    public var architecture: Architecture
    /// Where its weights come from.
    public var source: Ensemble.Member.Source
    /// σ_w.
    public var sigmaW: Double
    /// σ_b.
    public var sigmaB: Double
    /// The points.
    public var inputs: Inputs
    /// What is minimised and how; nil for a network that is only looked at.
    public var training: Training?
    /// How tangent kernels are computed. Nil for none.
    public var tangentKernel: TangentKernelMethod?
    /// What is kept.
    public var recording: Recording
    /// The process that it is (`init(_:recording:)`); nil for a network.
    public private(set) var process: LearningProcess?

    /// The ensemble that learns with noise, if that is the process.
    public var ensemble: EnsembleTraining? { if case .ensemble(let training)? = process { training } else { nil } }

    /// Full-batch training.
    public struct Training: Sendable, Hashable {
        /// What is minimised.
        public var loss: Loss
        /// η_k and γ_k.
        public var schedule: Schedule
        /// K, the number of updates.
        public var steps: Int

        public init(loss: Loss, schedule: Schedule, steps: Int) {
            self.loss = loss
            self.schedule = schedule
            self.steps = steps
        }
    }

    /// A run. By default outputs and losses are recorded at every step, and the kernel at the start and at the end.
    public init(
        architecture: Architecture, source: Ensemble.Member.Source, sigmaW: Double, sigmaB: Double, inputs: Inputs,
        training: Training? = nil, tangentKernel: TangentKernelMethod? = .gram, recording: Recording = .everyStep
    ) {
        self.init(
            architecture: architecture, source: source, sigmaW: sigmaW, sigmaB: sigmaB, inputs: inputs, training: training,
            tangentKernel: tangentKernel, recording: recording, process: nil)
    }

    /// Either kind of run; see `init(_:recording:)` for what the others are of a process.
    init(
        architecture: Architecture, source: Ensemble.Member.Source, sigmaW: Double, sigmaB: Double, inputs: Inputs, training: Training?,
        tangentKernel: TangentKernelMethod?, recording: Recording, process: LearningProcess?
    ) {
        self.process = process
        self.architecture = architecture
        self.source = source
        self.sigmaW = sigmaW
        self.sigmaB = sigmaB
        self.inputs = inputs
        self.training = training
        self.tangentKernel = tangentKernel
        self.recording = recording
    }

    /// K, 0 of a network without training.
    public var steps: Int { process?.steps ?? training?.steps ?? 0 }

    /// The steps at which outputs and losses are computed for the host: those that are kept or, for a prediction, all.
    public var recordedSteps: [Int] { recording.computedTrajectory.steps(upTo: steps) }

    /// The steps at which kernels are computed; none without a method. Of a process that counts the last, if its counts are kept.
    public var kernelSteps: [Int] {
        if let process { return recording.matrices && process.counted > 0 ? [steps] : [] }
        return tangentKernel == nil ? [] : recording.kernels.steps(upTo: steps)
    }

    /// The same run of fewer steps, to be timed.
    func shortened(to steps: Int) -> Run {
        var run = self
        run.training?.steps = steps
        run.process?.shorten(to: steps, recordedSteps: recording.trajectory.steps(upTo: steps))
        return run
    }

    /// What an engine computes for it.
    var job: Job {
        Job(
            outputs: true, tangentKernel: tangentKernel,
            training: training.map {
                Job.Training(steps: $0.steps, recordedSteps: recordedSteps, kernelSteps: Array(kernelSteps.dropFirst()))
            })
    }

    /// The network as a member of an ensemble.
    var member: Ensemble.Member {
        Ensemble.Member(source: source, sigmaW: sigmaW, sigmaB: sigmaB, loss: training?.loss, schedule: training?.schedule)
    }
}
