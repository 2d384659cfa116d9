/// What a family of kernels declares, so that no shared type has to know it: one file says this, and who lists families lists it.
///
/// What runs its kernels and judges their results stands above (``KernelTrials``).
public struct KernelFamily: Sendable {
    /// What it is called.
    public let name: String
    /// Its kernels whose parameters can be searched on a device.
    public let tunables: [TunableKernel]
    /// What its benchmarks time.
    public let stages: [BenchmarkStage]

    /// A family. Names of kernels and of stages must differ from those of all other families.
    public init(_ name: String, tunables: [TunableKernel], stages: [BenchmarkStage]) {
        self.name = name
        self.tunables = tunables
        self.stages = stages
    }
}
