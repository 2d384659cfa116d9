import Duality
import Engines
import Networks

extension FrozenNetwork {
    /// What a prediction may know of a trained run: its outputs and its kernel at the start, and how it was trained.
    /// - Parameter kernel: (N·C, N·C); default the kernel measured at the start.
    /// - Throws: `DualityError`.
    public init(_ result: RunResult, _ training: Run.Training, kernel: [Double]? = nil) throws(DualityError) {
        try self.init(
            outputs: Array(result.outputs(at: 0)), tangentKernel: kernel ?? result.initialKernel, points: result.run.inputs.points,
            loss: training.loss, schedule: training.schedule, steps: training.steps)
    }
}

extension KernelSpectrum {
    /// The spectrum of a kernel that was computed in that precision, which decides its noise floor.
    /// - Throws: `DualityError`.
    public init(elements: [Double], points: Int, outputs: Int = 1, precision: Precision) throws(DualityError) {
        try self.init(
            elements: elements, points: points, outputs: outputs, unitRoundoff: precision.unitRoundoff,
            gramUnitRoundoff: precision.gramUnitRoundoff)
    }
}
