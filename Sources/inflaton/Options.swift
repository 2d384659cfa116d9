import ArgumentParser
import Engines
import Networks

/// `--device` and `--precision`.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "reference, opencl, or the index or part of the name of a device (see doctor).",
            discussion: "Default: INFLATON_DEVICE, else the best OpenCL device, GPUs first, else the reference engine."))
    var device: String?

    @Option(help: "float32, mixed (float64 Gram sums) or float64. Default: float32 on a GPU, float64 elsewhere.")
    var precision: Precision?
}

/// What a weights file does not tell of a network.
struct NetworkOptions: ParsableArguments {
    @Option(help: "relu, erf, tanh, gelu, sin or identity.")
    var activation: Activation = .erf

    @Option(help: "Standard deviation of the weights.")
    var sigmaW: Double = 1

    @Option(help: "Standard deviation of the biases.")
    var sigmaB: Double = 0.1

    @Option(help: "ntk: z = σ_w/√n hW + σ_b b. standard: z = hW + b, σ only in the initial weights.")
    var parameterisation: Parameterisation = .ntk
}

extension Precision: ExpressibleByArgument {}
extension Parameterisation: ExpressibleByArgument {}
extension TangentKernelMethod: ExpressibleByArgument {}

extension Activation: ExpressibleByArgument {
    public init?(argument: String) {
        guard let found = Activation.named(argument) else { return nil }
        self = found
    }

    public static var allValueStrings: [String] { all.map(\.name) }
    public var defaultValueDescription: String { name }
}
