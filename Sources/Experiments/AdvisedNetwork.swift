import Arrays
import Compute
import Duality
import Engines
import Networks
import Runs

/// A network that is to be advised on: what has to be measured of it, and the trainings that judge the advice.
public struct AdvisedNetwork: Sendable {
    /// The network at its start, with its kernel, and no training.
    public let start: Run
    public let loss: Loss
    /// K.
    public let steps: Int
    public let range: AdviceRange

    /// - Parameter steps: the budget K.
    public init(
        architecture: Architecture, source: Ensemble.Member.Source, sigmaW: Double, sigmaB: Double, inputs: Inputs, loss: Loss, steps: Int,
        range: AdviceRange
    ) {
        start = Run(architecture: architecture, source: source, sigmaW: sigmaW, sigmaB: sigmaB, inputs: inputs)
        (self.loss, self.steps, self.range) = (loss, steps, range)
    }

    /// The choice of the frozen kernel, and where it would end.
    /// - Throws: `DualityError`.
    public func draft(_ measured: RunResult) throws -> Advice.Draft { try Advice.Draft(frozen(measured), steps: steps, range: range) }

    /// Outputs and kernel at the start.
    /// - Throws: `DualityError`.
    func frozen(_ measured: RunResult) throws -> FrozenNetwork {
        try FrozenNetwork(
            measured, Run.Training(loss: loss, schedule: Schedule(learningRate: 1), steps: steps))
    }

    /// The one step that moves the weights to where training would end: no training, as it goes there in a straight line and needs to know
    /// the kernel.
    /// - Throws: `NetworkError`.
    public func probe(_ draft: Advice.Draft, _ measured: RunResult) throws -> Run {
        var run = start
        let anchors = draft.probe.anchors(Array(measured.outputs(at: 0)))
        run.training = Run.Training(
            loss: try Loss(shape: .evenPower(2), scale: 0.5, anchors: .perPoint(anchors)), schedule: try Schedule(learningRate: 1), steps: 1
        )
        return run
    }

    /// The advice, once the probe was computed.
    /// - Throws: `DualityError`; `.notFinite` where the end of the probe is beyond all numbers.
    public func advice(_ draft: Advice.Draft, _ probe: RunResult) throws -> Advice {
        try draft.advice(outputs: Array(probe.outputs(at: 1)), kernel: probe.finalKernel)
    }

    /// A training with a pair, of which the losses are kept.
    /// - Parameter everyStep: whether at every step, or at the ends.
    /// - Throws: `NetworkError`.
    public func training(learningRate: Double, momentum: Double, steps: Int, everyStep: Bool) throws -> Run {
        var run = start
        run.tangentKernel = nil
        run.recording = Recording(trajectory: everyStep ? .every(1) : .ends)
        run.training = Run.Training(loss: loss, schedule: try Schedule(learningRate: learningRate, momentum: momentum), steps: steps)
        return run
    }

    /// The lattice of trainings that an advice is judged by.
    public static let side = 8

    /// Those trainings.
    /// - Throws: `DualityError`, `NetworkError`.
    public func lattice(_ measured: RunResult) throws -> [Run] {
        try Advice.lattice(side: Self.side, curvature: LossForecast(frozen(measured)).rates[0]).map {
            try training(learningRate: $0.learningRate, momentum: $0.momentum, steps: steps, everyStep: false)
        }
    }

    /// K + K/10, rounded up: what the advised pair may take.
    public var allowedSteps: Int { steps + (steps + 9) / 10 }

    /// The advised training, for the steps that it may take.
    /// - Throws: `NetworkError`.
    public func training(_ advice: Advice) throws -> Run {
        try training(learningRate: advice.learningRate, momentum: advice.momentum, steps: allowedSteps, everyStep: true)
    }
}

extension RunResult {
    /// The loss at the last recorded step; infinite where the training diverged.
    var finalLoss: Double { losses.last?.orInfinite ?? .infinity }
}
