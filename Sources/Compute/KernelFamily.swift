import OpenCL

/// Kernels that belong together, as one file declares them: what searches, benchmarks, the doctor and stores of tuned parameters know of
/// them. Their arrays are an `ArrayNeed` each, by which a batch is planned and allocated.
public protocol KernelFamily: Sendable {
    /// What it is called.
    var name: String { get }
    /// Its kernels whose parameters can be searched on a device. No kernel of another family has the name of one of them.
    var tunables: [TunableKernel] { get }
    /// What its benchmarks time. No stage of another family has the name of one of them.
    var stages: [BenchmarkStage] { get }

    /// One of the family's kernels, for a search of its parameters.
    /// - Throws: errors of the device.
    func subject(_ kernel: TunableKernel, context: Context, precision: Precision) throws -> any TuningSubject

    /// Work in which stages of the family are timed.
    /// - Throws: errors of the device, and of sizes that it cannot have.
    func work(_ stages: [BenchmarkStage], _ device: KernelDevice) throws -> [BenchmarkWork]

    /// What the doctor compares with the family's reference.
    func checks(_ device: KernelDevice, _ extent: CheckExtent) throws -> [() -> CheckResult]
}

/// On what kernels are checked and timed.
public struct KernelDevice: Sendable {
    /// Where they are built and launched.
    public let context: Context
    public let precision: Precision
    /// The parameters that they are tuned by.
    public let tuning: TuningTable

    /// Kernels in a context.
    public init(context: Context, precision: Precision, tuning: TuningTable = .portable) {
        self.context = context
        self.precision = precision
        self.tuning = tuning
    }
}

/// How much of what a device does is checked. Most of the time goes into compiling kernels.
public enum CheckExtent: Sendable, Hashable, Comparable {
    /// Ordinary work: for precisions that are a device's, but not its default.
    case brief
    /// What the device does by default, in every size and kind of work.
    case usual
    /// Also what it would do for nobody who does not ask: a GPU's kernels on a CPU, tensor cores emulated.
    case all
}
