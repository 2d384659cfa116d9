import ArgumentParser
import Arrays
import Compute
import Duality
import Engines
import Networks
import Runs

/// `inflaton ntk`.
struct TangentKernelCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "ntk", abstract: "Outputs, tangent kernel, spectrum and Jacobian of a network that you trained elsewhere.",
        usage: """
            inflaton ntk <weights> <inputs> --output <output> [<options>]
            inflaton ntk --infinite [<weights>] <inputs> [--depth <depth>] --output <output> [<options>]
            """,
        discussion: """
            The output holds outputs (N, C), ntk (N, N, C, C), eigenvalues (NC, of the NC × NC matrix, descending, undivided; \
            not with --no-eigenvalues), with --jacobian also jacobian (N, C, P), all float64, and the text provenance. With --infinite it holds nngp (N, N), \
            ntk (N, N), the same for each output and zero between two, eigenvalues (N, of ntk), and provenance.
            """)

    @Argument(
        help: ArgumentHelp(
            "The weights, an .npz file with W1 (d, n1), b1 (n1), W2, … (no b arrays: no biases); the points, an .npy file (N, d).",
            valueName: "weights> <inputs"))
    var files: [String]

    @Flag(
        help: ArgumentHelp(
            "The kernels of infinitely wide networks instead, in closed form (tanh: numerically, to 1e-10), on the host.",
            discussion: "Depth, and whether there are biases, come from the weights file, which may be left out for --depth."))
    var infinite = false

    @Option(
        parsing: .unconditional, help: "With --infinite and no weights file: the number of hidden layers. They have biases unless σ_b is 0."
    )
    var depth: Int?

    @OptionGroup var network: NetworkOptions
    @OptionGroup var device: DeviceOptions

    @Option(help: "gram (no Jacobian is formed) or jacobian.")
    var method: TangentKernelMethod = .gram

    @Flag(help: "Write the Jacobian as well.")
    var jacobian = false

    @Flag(
        help: ArgumentHelp(
            "Leave the eigenvalues out, which take most of the time and memory of large kernels.",
            discussion: "Eigenvalues are computed of kernels of up to \(SymmetricEigen.largestOrder) rows, NC (N with --infinite)."))
    var noEigenvalues = false

    @Option(name: .shortAndLong, help: "The .npz file to write.")
    var output: String

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard infinite else {
            if depth != nil { throw ValidationError("--depth goes with --infinite; other networks have the depth of their weights.") }
            guard files.count == 2 else {
                throw ValidationError("\(files.count) files are given, but two are needed: the weights and the points.")
            }
            return
        }
        guard files.count == 1 && depth != nil || files.count == 2 && depth == nil else {
            throw ValidationError("--infinite takes a weights file and the points, or the points and --depth.")
        }
        if jacobian { throw ValidationError("--jacobian does not go with --infinite: a network of infinite width has no Jacobian.") }
        if device.device != nil || device.precision ?? .float64 != .float64 {
            throw ValidationError("--device and --precision do not go with --infinite, which is computed on the host in float64.")
        }
    }

    var usedFiles: CommandFiles { .init(reads: files, writes: [output]) }

    func run() throws {
        Interruption.listen()
        if infinite { try runInfinite() } else { try runMeasured() }
    }

    private func runMeasured() throws {
        let console = common.console
        let (weights, inputs) = (files[0], files[1])
        let (architecture, values) = try Weights.read(
            NumericArchive(path: weights), activation: network.activation, parameterisation: network.parameterisation)
        let points = try Inputs(
            NumericArray(contentsOfNPY: inputs) { shape in
                guard let count = shape.first, count > 0, shape.count <= 2 else { return }
                try architecture.check(points: count, dimension: shape.count == 2 ? shape[1] : 1)
                try checkSize(count.times(architecture.outputs))
            })
        let ensemble = try Ensemble(
            architecture: architecture, members: [.init(source: .weights(values), sigmaW: network.sigmaW, sigmaB: network.sigmaB)],
            inputs: [points])
        try AtomicFile.check(output, overwrite: common.force)
        network.warnOfUnused(architecture, isInfinite: false, console)
        let engine = try device.engine(console)
        let request = Linearisation.Request(method: method, jacobian: jacobian, spectrum: !noEigenvalues)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        let plan = try Linearisation.plan(ensemble, request, on: engine)
        var summary = TangentKernelSummary(ensemble, method: method, plan: plan)
        if !common.dryRun {
            let result = try console.during("computing the tangent kernel of \(ensemble.rows) rows") {
                try Linearisation.evaluate(ensemble, request, on: engine, within: plan, proceed: Interruption.check)
            }
            try checkOverflow(result, engine.description.precision)
            warnOfUnderflow(result, engine.description.precision, console)
            var arrays: [(name: String, array: NumericArray, type: ElementType)] = [
                ("outputs", result.outputs, .float64), ("ntk", try result.kernel.blocks, .float64),
            ]
            if !noEigenvalues {
                let spectrum = try console.during("diagonalising the kernel of \(ensemble.rows) rows (--no-eigenvalues leaves that out)") {
                    try KernelSpectrum(
                        elements: result.kernel.elements, points: result.kernel.points, outputs: result.kernel.outputs,
                        precision: engine.description.precision)
                }
                try Interruption.check()
                summary.spectrum = .init(spectrum)
                // That the kernel is 0 was said, and why.
                for finding in spectrum.findings where finding != .zero { console.warn("\(finding)") }
                arrays.append(("eigenvalues", NumericArray(spectrum.kernelEigenvalues), .float64))
            }
            if let jacobian = result.jacobian { arrays.append(("jacobian", jacobian, .float64)) }
            try console.during("writing \(output)") {
                try NumericArchive.write(arrays, texts: [("provenance", provenance.text)], to: output, overwrite: common.force)
            }
        }
        try console.finish(
            "ntk", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary,
            text: summary.listing(engine: engine.description, output: output, dryRun: common.dryRun))
    }

    /// Refuses before any work, and before the points are read, a kernel whose eigenvalues cannot be computed or that no memory holds.
    func checkSize(_ rows: Int) throws {
        guard noEigenvalues || rows <= SymmetricEigen.largestOrder else { throw TooManyEigenvalues(rows: rows) }
        try HostMemory.require(doubles: [[2, rows, rows]], for: "the tangent kernel of \(rows) rows", remedy: "use fewer points")
    }

    /// Refuses a kernel that left the numbers on the way: products of large inputs or weights do, where derivatives themselves may not.
    private func checkOverflow(_ result: Linearisation, _ precision: Precision) throws {
        guard let place = result.kernel.elements.firstIndex(where: { !$0.isFinite }) else { return }
        let rows = result.kernel.points * result.kernel.outputs
        let methods = method == .gram ? "--method jacobian, which forms no products of inputs, or " : ""
        throw FileError.malformed(
            path: files[1],
            reason: "its tangent kernel with the weights of \(files[0]) is not finite in \(precision.rawValue) at row \(place / rows), "
                + "column \(place % rows): numbers of inputs or weights are too large for it; use \(methods)"
                + (precision == .float64 ? "" : "--precision float64, or ") + "smaller inputs")
    }

    /// Says when a kernel is 0 and why, and when its numbers are so small that they have lost digits. A network whose outputs are not 0
    /// depends on the weights of its read-out at least.
    private func warnOfUnderflow(_ result: Linearisation, _ precision: Precision, _ console: Console) {
        let largest = result.kernel.elements.reduce(0) { max($0, abs($1)) }
        let smallest = precision == .float64 ? Double.leastNormalMagnitude : Double(Float.leastNormalMagnitude)
        let remedy = precision == .float64 ? "scale the inputs, the weights or σ_w up" : "compute it with --precision float64"
        if largest == 0, result.outputs.elements.contains(where: { $0 != 0 }) {
            console.warn(
                "the tangent kernel underflowed: its elements are 0 in \(precision.rawValue), though outputs depend on parameters; \(remedy)"
            )
        } else if largest == 0 {
            console.warn(
                "the tangent kernel is 0 in \(precision.rawValue), and so are the outputs: no output depends on any parameter here, or "
                    + "both are below \(smallest); if so, \(remedy)")
        } else if largest < smallest / precision.unitRoundoff, precision != .mixed {
            console.warn(
                "the tangent kernel's largest element is \(largest), so near the smallest number of \(precision.rawValue), \(smallest), "
                    + "that elements have lost digits or are 0; \(remedy)")
        }
    }

    private var parameters: [String: String] {
        [
            "eigenvalues": "\(!noEigenvalues)", "weights": files[0], "inputs": files[1], "method": method.rawValue,
            "jacobian": "\(jacobian)", "output": output,
        ]
        .merging(network.parameters) { $1 }.merging(device.parameters) { $1 }
    }
}

/// A kernel of more rows than LAPACK takes.
struct TooManyEigenvalues: StatusBearing, CustomStringConvertible {
    let rows: Int
    var exitStatus: ExitStatus { .badData }
    var description: String {
        "the eigenvalues of a kernel of \(rows) rows cannot be computed; the limit is \(SymmetricEigen.largestOrder) rows: leave them out "
            + "with --no-eigenvalues, or use fewer points"
    }
}

/// What `inflaton ntk` says.
struct TangentKernelSummary: Encodable {
    struct Spectrum: Encodable {
        let largestEigenvalue: Double
        let smallestEigenvalue: Double
        let trace: Double
        let gapRatio: Double?
        let leadingOverlap: Double
        let effectiveRank: Double
        let entropy: Double
        let symmetryResidual: Double
        let semidefinitenessResidual: Double
        let noiseFloor: Double
        let eigenvaluesAboveNoise: Int

        /// - Parameter noiseFloor: in units of λ; default that of the spectrum.
        init(_ spectrum: KernelSpectrum, noiseFloor: Double? = nil) {
            let values = spectrum.kernelEigenvalues, floor = noiseFloor ?? spectrum.noiseFloor * Double(spectrum.points)
            largestEigenvalue = values[0]
            smallestEigenvalue = values[values.count - 1]
            trace = spectrum.trace * Double(spectrum.points)
            gapRatio = spectrum.gapRatio
            leadingOverlap = spectrum.leadingOverlap
            effectiveRank = spectrum.effectiveRank
            entropy = spectrum.entropy
            symmetryResidual = spectrum.symmetryResidual
            semidefinitenessResidual = spectrum.semidefinitenessResidual
            self.noiseFloor = floor
            eigenvaluesAboveNoise = values.count { $0 > floor }
        }

        func add(to listing: inout Listing) {
            listing.add("largest eigenvalue λ₁", largestEigenvalue)
            listing.add("smallest eigenvalue", smallestEigenvalue)
            if let gapRatio { listing.add("λ₂/λ₁", gapRatio) }
            listing.add("overlap |v₁·1|/√N", leadingOverlap)
            listing.add("noise floor", "\(NumberText.rounded(noiseFloor)), \(eigenvaluesAboveNoise) eigenvalues above it")
            listing.add("trace", trace)
            listing.add(
                "effective rank e^S",
                "\(NumberText.rounded(effectiveRank, digits: 6)), entropy S = \(NumberText.rounded(entropy, digits: 6))")
            listing.add("symmetry residual", symmetryResidual)
            listing.add("semidefiniteness residual", semidefinitenessResidual)
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

    func listing(engine: EngineDescription, output: String, dryRun: Bool) -> String {
        var listing = Listing()
        listing.add("engine", engine.description)
        listing.add("network", "\(([inputs] + widths + [outputCount]).map { "\($0)" }.joined(separator: " → ")), \(parameters) parameters")
        listing.add("points", "\(points)")
        listing.add("memory", "\(NumberText.bytes(memory.deviceBytes)) device, \(NumberText.bytes(memory.hostBytes)) host")
        spectrum?.add(to: &listing)
        listing.add(dryRun ? "would write" : "wrote", output)
        return listing.text
    }
}
