import Arrays
import Compute
import Duality
import Engines
import Networks

extension FrozenNetwork {
    /// What a prediction may know of a trained run: its outputs and its kernel at the start, and how it was trained.
    /// - Parameter kernel: (N·C, N·C); default the kernel measured at the start.
    /// - Throws: `DualityError`.
    public init(_ result: RunResult, _ training: Run.Training, kernel: [Double]? = nil) throws(DualityError) {
        try self.init(result, training, SymmetricMatrix(kernel ?? result.initialKernel, order: result.rows))
    }

    init(_ result: RunResult, _ training: Run.Training, _ kernel: SymmetricMatrix) throws(DualityError) {
        try self.init(
            outputs: Array(result.outputs(at: 0)), kernel: kernel, points: result.run.inputs.points, loss: training.loss,
            schedule: training.schedule, steps: training.steps)
    }

    /// The eigenmodes of the network's kernel, which was computed in that precision.
    /// - Throws: `DualityError.eigenproblem`.
    public func spectrum(_ precision: Precision) throws(DualityError) -> KernelSpectrum {
        try spectrum(unitRoundoff: precision.unitRoundoff, gramUnitRoundoff: precision.gramUnitRoundoff)
    }
}

extension KernelSpectrum {
    /// The spectrum of a kernel that was computed in that precision, which decides its noise floor.
    /// - Throws: `DualityError`.
    public init(elements: [Double], points: Int, outputs: Int = 1, precision: Precision) throws(DualityError) {
        try self.init(SymmetricMatrix(elements, order: points * outputs), points: points, outputs: outputs, precision: precision)
    }

    /// The same of a kernel that others look at as well.
    init(_ kernel: SymmetricMatrix, points: Int, outputs: Int, precision: Precision) throws(DualityError) {
        try self.init(
            kernel, points: points, outputs: outputs, unitRoundoff: precision.unitRoundoff,
            gramUnitRoundoff: precision.gramUnitRoundoff)
    }
}
