import Compute
import Engines
import OpenCL

/// The kernels of networks, checked against the reference and timed.
public struct NetworkTrials: KernelTrials {
    /// Trials.
    public init() {}

    /// ``KernelFamily/networks``.
    public var family: KernelFamily { .networks }

    /// A kernel in the engine's own jobs.
    public func subject(_ kernel: TunableKernel, context: Context, precision: Precision) throws -> any TuningSubject {
        try KernelTuningSubject(kernel, context: context, precision: precision)
    }

    /// The stages of the default problem.
    public func work(_ stages: [BenchmarkStage], context: Context, precision: Precision) throws -> [BenchmarkWork] {
        try KernelBenchmark(OpenCLEngine(context: context, precision: precision)).work(BenchmarkProblem(), stages)
    }
}
