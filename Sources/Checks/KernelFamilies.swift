import Compute

/// The families whose kernels are checked, tuned and timed.
public enum KernelFamilies {
    /// All of them: a new one needs a line here.
    public static let all: [any KernelFamily] = [NetworkFamily(), LearningFamily(), LatticeFamily()]

    /// Their kernels whose parameters can be searched.
    public static var tunables: [TunableKernel] { all.flatMap(\.tunables) }

    /// What their benchmarks time.
    public static var stages: [BenchmarkStage] { all.flatMap(\.stages) }
}
