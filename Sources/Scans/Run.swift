import Engines
import Networks

/// One network from its initial weights to the end of its training, and what is recorded of it: the unit of a scan.
///
/// A run is identified by its content. Runs that are equal are computed once.
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
    /// How tangent kernels are computed: at the start, and at the end of a training. Nil for none.
    public var tangentKernel: TangentKernelMethod?

    /// Full-batch training.
    public struct Training: Sendable, Hashable {
        /// What is minimised.
        public var loss: Loss
        /// η_k and γ_k.
        public var schedule: Schedule
        /// K, the number of updates.
        public var steps: Int

        /// A training.
        public init(loss: Loss, schedule: Schedule, steps: Int) {
            self.loss = loss
            self.schedule = schedule
            self.steps = steps
        }
    }

    /// A run. Outputs and losses are recorded at every step.
    public init(
        architecture: Architecture, source: Ensemble.Member.Source, sigmaW: Double, sigmaB: Double, inputs: Inputs,
        training: Training? = nil, tangentKernel: TangentKernelMethod? = .gram
    ) {
        self.architecture = architecture
        self.source = source
        self.sigmaW = sigmaW
        self.sigmaB = sigmaB
        self.inputs = inputs
        self.training = training
        self.tangentKernel = tangentKernel
    }

    /// The network as a member of an ensemble.
    var member: Ensemble.Member {
        Ensemble.Member(source: source, sigmaW: sigmaW, sigmaB: sigmaB, loss: training?.loss, schedule: training?.schedule)
    }
}

/// What came of a run.
public struct RunResult: Sendable {
    /// The run.
    public let run: Run
    /// f at steps 0…K (only 0 without training), (K + 1, N, C) in row-major order.
    public internal(set) var outputs: [Double] = []
    /// L at those steps; empty without training.
    public internal(set) var losses: [Double] = []
    /// Θ at the start, (N·C, N·C).
    public internal(set) var initialKernel: [Double] = []
    /// Θ at the end of the training; empty without training.
    public internal(set) var finalKernel: [Double] = []
    /// Which engine computed it.
    public let engine: EngineDescription

    /// N · C.
    public var rows: Int { run.inputs.points * run.architecture.outputs }

    /// The outputs after step k.
    public func outputs(at step: Int) -> ArraySlice<Double> { outputs[step * rows..<(step + 1) * rows] }

    /// The first step at which an output is not finite, or nil. A divergent run is a result, not a failure.
    public var divergedAt: Int? { outputs.firstIndex { !$0.isFinite }.map { $0 / rows } }
}
