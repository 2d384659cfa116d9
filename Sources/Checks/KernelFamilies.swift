import Compute

/// The families whose kernels can be tuned and timed.
public enum KernelFamilies {
    /// All of them: a new one needs a line here.
    public static let all: [any KernelTrials] = [NetworkTrials()]

    /// Their kernels whose parameters can be searched.
    public static var tunables: [TunableKernel] { all.flatMap(\.family.tunables) }
}
