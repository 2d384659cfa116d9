import OpenCL

/// What runs the kernels of a family for those who search their parameters and time them, and judges their results.
public protocol KernelTrials: Sendable {
    /// Whose kernels.
    var family: KernelFamily { get }

    /// One of the family's kernels, for a search of its parameters.
    /// - Throws: errors of the device.
    func subject(_ kernel: TunableKernel, context: Context, precision: Precision) throws -> any TuningSubject

    /// Work of a usual size in which stages of the family are timed.
    /// - Throws: errors of the device.
    func work(_ stages: [BenchmarkStage], context: Context, precision: Precision) throws -> [BenchmarkWork]
}
