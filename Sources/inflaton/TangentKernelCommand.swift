import ArgumentParser
import Arrays
import Engines
import Networks

/// `inflaton ntk`.
struct TangentKernelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ntk", abstract: "Outputs, tangent kernel, spectrum and Jacobian of a network that you trained elsewhere.",
        discussion: """
            The output holds outputs (N, C), ntk (N, N, C, C), eigenvalues (NC, of the NC × NC matrix, descending, undivided), \
            with --jacobian also jacobian (N, C, P), all float64, and the text provenance.
            """)

    @Argument(help: "The weights: an .npz file with W1 (d, n1), b1 (n1), W2, …; without b arrays a network without biases.")
    var weights: String

    @Argument(help: "The points: an .npy file (N, d).")
    var inputs: String

    @OptionGroup var network: NetworkOptions
    @OptionGroup var device: DeviceOptions

    @Option(help: "gram (no Jacobian is formed) or jacobian.")
    var method: TangentKernelMethod = .gram

    @Flag(help: "Write the Jacobian as well.")
    var jacobian = false

    @Option(name: .shortAndLong, help: "The .npz file to write.")
    var output: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        let console = common.console
        Interruption.listen()
        let (architecture, values) = try Weights.read(
            NumericArchive(path: weights), activation: network.activation, parameterisation: network.parameterisation)
        let points = try Inputs(NumericArray(contentsOfNPY: inputs))
        let ensemble = try Ensemble(
            architecture: architecture, members: [.init(source: .weights(values), sigmaW: network.sigmaW, sigmaB: network.sigmaB)],
            inputs: [points])
        try AtomicFile.check(output, overwrite: common.force)
        let engine = try device.engine(console)
        let request = Linearisation.Request(method: method, jacobian: jacobian)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        let plan = try Linearisation.plan(ensemble, request, on: engine)
        var summary = TangentKernelSummary(ensemble, method: method, plan: plan)
        if !common.dryRun {
            let result = try Linearisation.evaluate(ensemble, request, on: engine, proceed: Interruption.check)
            let spectrum = try result.kernel.spectrum()
            try Interruption.check()
            summary.spectrum = .init(result.kernel, spectrum, precision: engine.description.precision)
            var arrays: [(name: String, array: NumericArray, type: ElementType)] = [
                ("outputs", result.outputs, .float64), ("ntk", try result.kernel.blocks, .float64),
                ("eigenvalues", NumericArray(spectrum.values), .float64),
            ]
            if let jacobian = result.jacobian { arrays.append(("jacobian", jacobian, .float64)) }
            try NumericArchive.write(arrays, texts: [("provenance", provenance.text)], to: output, overwrite: common.force)
        }
        try console.finish(
            "ntk", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary,
            text: summary.listing(engine: engine.description, output: output))
    }

    private var parameters: [String: String] {
        ["weights": weights, "inputs": inputs, "method": method.rawValue, "jacobian": "\(jacobian)", "output": output]
            .merging(network.parameters) { $1 }.merging(device.parameters) { $1 }
    }
}

/// What `inflaton ntk` says.
private struct TangentKernelSummary: Encodable {
    struct Spectrum: Encodable {
        let largestEigenvalue: Double
        let smallestEigenvalue: Double
        let trace: Double
        let symmetryResidual: Double
        let noiseFloor: Double
        let eigenvaluesAboveNoise: Int

        init(_ kernel: TangentKernel, _ spectrum: SymmetricEigen, precision: Precision) {
            let floor = TangentKernel.noiseFloor(of: spectrum, precision: precision)
            largestEigenvalue = spectrum.values[0]
            smallestEigenvalue = spectrum.values[spectrum.values.count - 1]
            trace = kernel.trace
            symmetryResidual = spectrum.symmetryResidual
            noiseFloor = floor
            eigenvaluesAboveNoise = spectrum.values.count { $0 > floor }
        }
    }

    let points: Int
    let inputs: Int
    let outputCount: Int
    let widths: [Int]
    let parameters: Int
    let hasBias: Bool
    let method: TangentKernelMethod
    let memory: Linearisation.Plan
    var spectrum: Spectrum?

    init(_ ensemble: Ensemble, method: TangentKernelMethod, plan: Linearisation.Plan) {
        points = ensemble.points
        inputs = ensemble.architecture.inputs
        outputCount = ensemble.architecture.outputs
        widths = ensemble.architecture.widths
        parameters = ensemble.architecture.parameterCount
        hasBias = ensemble.architecture.hasBias
        self.method = method
        memory = plan
    }

    func listing(engine: EngineDescription, output: String) -> String {
        var listing = Listing()
        listing.add("engine", engine.description)
        listing.add("network", "\(([inputs] + widths + [outputCount]).map { "\($0)" }.joined(separator: " → ")), \(parameters) parameters")
        listing.add("points", "\(points)")
        listing.add("memory", "\(NumberText.bytes(memory.deviceBytes)) device, \(NumberText.bytes(memory.hostBytes)) host")
        if let spectrum {
            listing.add("largest eigenvalue", spectrum.largestEigenvalue)
            listing.add("smallest eigenvalue", spectrum.smallestEigenvalue)
            listing.add("noise floor", "\(NumberText.rounded(spectrum.noiseFloor)), \(spectrum.eigenvaluesAboveNoise) eigenvalues above it")
            listing.add("trace", spectrum.trace)
            listing.add("symmetry residual", spectrum.symmetryResidual)
        }
        listing.add(spectrum == nil ? "would write" : "wrote", output)
        return listing.text
    }
}
