import ArgumentParser
import Arrays
import Engines
import Networks

/// `inflaton ntk`.
struct TangentKernelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ntk", abstract: "Outputs, tangent kernel, spectrum and Jacobian of a network that you trained elsewhere.")

    @Argument(help: "The weights: an .npz file with W1 (d, n1), b1 (n1), W2, …")
    var weights: String

    @Argument(help: "The points: an .npy file (N, d).")
    var inputs: String

    @OptionGroup var network: NetworkOptions
    @OptionGroup var device: DeviceOptions

    @Option(help: "gram (no Jacobian is formed) or jacobian.")
    var method: TangentKernelMethod = .gram

    @Flag(help: "Write the Jacobian (N, C, P) as well.")
    var jacobian = false

    @Option(name: .shortAndLong, help: "The .npz file to write.")
    var output: String

    @Flag(help: "Overwrite the output.")
    var force = false

    func run() throws {
        let (architecture, values) = try Weights.read(
            NumericArchive(path: weights), activation: network.activation, parameterisation: network.parameterisation)
        let points = try Inputs(NumericArray(contentsOfNPY: inputs))
        let choice = try EngineChoice.select(device.device, precision: device.precision)
        let ensemble = try Ensemble(
            architecture: architecture, members: [.init(source: .weights(values), sigmaW: network.sigmaW, sigmaB: network.sigmaB)],
            inputs: [points])
        var outputs: [Double] = [], kernel: [Double] = [], rows: [Double] = []
        try choice.engine.run(ensemble, Job(jacobian: jacobian, tangentKernel: method)) { block in
            switch block {
            case .outputs(_, _, let v): outputs = v
            case .tangentKernel(_, _, let v): kernel = v
            case .jacobian(_, _, let v): rows += v
            default: break
            }
            return true
        }
        let n = points.points, c = architecture.outputs
        var permuted = [Double](repeating: 0, count: kernel.count)
        for a in 0..<n { for i in 0..<c { for b in 0..<n { for j in 0..<c { permuted[((a * n + b) * c + i) * c + j] = kernel[(a * c + i) * n * c + b * c + j] } } } }
        var arrays: [(name: String, array: NumericArray, type: ElementType)] = [
            ("outputs", try NumericArray(shape: [n, c], elements: outputs), .float64),
            ("ntk", try NumericArray(shape: [n, n, c, c], elements: permuted), .float64),
            ("eigenvalues", NumericArray(try SymmetricEigen.eigenvalues(of: kernel, order: n * c).values), .float64),
        ]
        if jacobian { arrays.append(("jacobian", try NumericArray(shape: [n, c, architecture.parameterCount], elements: rows), .float64)) }
        try NumericArchive.write(arrays, to: output, overwrite: force)
    }
}
