import ArgumentParser
import Compute
import Networks

/// Networks of infinite width in the place of one of given weights.
struct InfiniteWidthOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "The kernels of infinitely wide networks instead, in closed form (tanh: numerically, to 1e-10), on the host.",
            discussion: "Depth, and whether there are biases, come from the weights file, which may be left out for --depth."))
    var infinite = false

    @Option(
        parsing: .unconditional, help: "With --infinite and no weights file: the number of hidden layers. They have biases unless σ_b is 0."
    )
    var depth: Int?

    /// Refuses options that --infinite leaves nothing to decide, and those that need it.
    func check(_ device: DeviceOptions) throws {
        if depth != nil, !infinite {
            throw ValidationError("--depth goes with --infinite; other networks have the depth of their weights.")
        }
        if infinite, device.device != nil || device.precision ?? .float64 != .float64 {
            throw ValidationError("--device and --precision do not go with --infinite, which is computed on the host in float64.")
        }
    }

    /// Whether such networks have biases.
    /// - Parameter known: the architecture of a weights file; nil without one.
    func hasBias(_ known: Architecture?, _ network: NetworkOptions) -> Bool { known?.hasBias ?? (network.sigmaB != 0) }

    /// Their kernels on some points, with a given architecture or the depth that is asked for.
    /// - Parameter progress: shows how far the work is.
    /// - Throws: `NetworkError`, `Interrupted`.
    func kernel(
        _ known: Architecture?, _ network: NetworkOptions, _ inputs: Inputs, _ progress: ProgressDisplay? = nil
    ) throws -> InfiniteWidthKernel {
        let proceed: @Sendable (Int, Int) throws -> Void = { done, total in
            try Interruption.check()
            progress?.update(done, of: total)
        }
        defer { progress?.finish() }
        guard let known else {
            return try InfiniteWidthKernel(
                depth: depth ?? 0, activation: network.activation, hasBias: hasBias(nil, network),
                parameterisation: network.parameterisation, sigmaW: network.sigmaW, sigmaB: network.sigmaB, inputs: inputs, proceed: proceed
            )
        }
        return try InfiniteWidthKernel(
            architecture: known, sigmaW: network.sigmaW, sigmaB: network.sigmaB, inputs: inputs, proceed: proceed)
    }
}
