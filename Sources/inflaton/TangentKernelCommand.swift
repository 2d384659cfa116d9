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
            inflaton ntk <weights> <inputs> [--with <inputs>] --output <output> [<options>]
            inflaton ntk --infinite [<weights>] <inputs> [--with <inputs>] [--depth <depth>] --output <output> [<options>]
            """,
        discussion: """
            The output holds outputs (N, C), ntk (N, N, C, C), eigenvalues (NC, of the NC × NC matrix, descending, undivided; \
            not with --no-eigenvalues), with --jacobian also jacobian (N, C, P), all float64, and the text provenance.
            --with adds outputs2 (M, C) of a second set of points and makes ntk (N, M, C, C) between the two, without eigenvalues. \
            --trace sums ntk over outputs, Σ_c Θ_cc(x, x′): (N, N) or (N, M), with N eigenvalues, those of the sum (neural_tangents' \
            trace_axes gives the mean, this over C). --diagonal leaves x = x′ alone, (N, C, C), with --trace (N). The axes of C stay where \
            there is one output; --trace drops them.
            With --infinite it holds nngp (N, N), ntk (N, N), the same for each output and zero between two, eigenvalues (N, of ntk), \
            and provenance; nngp and ntk are (N, M) with --with, and (N) with --diagonal.
            With --no-eigenvalues, --with or --diagonal large kernels go to the file a tile at a time, and take disk instead of memory.
            """)

    @Argument(
        help: ArgumentHelp(
            "The weights, an .npz file with W1 (d, n1), b1 (n1), W2, … (no b arrays: no biases); the points, an .npy file (N, d).",
            valueName: "weights> <inputs"))
    var files: [String]

    @OptionGroup var infiniteWidth: InfiniteWidthOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup var device: DeviceOptions

    @Option(help: "gram (no Jacobian is formed) or jacobian.")
    var method: TangentKernelMethod = .gram

    @Flag(help: "Write the Jacobian as well.")
    var jacobian = false

    @Option(
        help: ArgumentHelp(
            "A second set of points x′, an .npy file (M, d): the kernel Θ(x, x′) between the two.", valueName: "inputs"))
    var with: String?

    @Flag(help: "The sum over outputs Σ_c Θ_cc(x, x′) in the place of the C × C elements of a pair of points.")
    var trace = false

    @Flag(help: "Only the elements with x = x′.")
    var diagonal = false

    @Flag(
        help: ArgumentHelp(
            "Leave the eigenvalues out, which take most of the time and memory of large kernels.",
            discussion: "Eigenvalues are computed of kernels of up to \(SymmetricEigen.largestOrder) rows, NC (N with --infinite)."))
    var noEigenvalues = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The largest eigenvalues and the trace alone, of kernels of any size, without the kernel.",
            discussion: """
                By Lanczos, in float64 on the host, with their residuals ‖Θv − λv‖ as errors: the output holds outputs (N, C), eigenvalues \
                (K), residuals (K), trace, and provenance.
                """, valueName: "K"))
    var top: Int?

    @Option(name: .shortAndLong, help: "The .npz file to write.")
    var output: String

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let top {
            guard top >= 1 else { throw ValidationError("--top is \(top), but must be at least 1; leave it out for all eigenvalues.") }
            let others = [
                (infiniteWidth.infinite, "--infinite"), (jacobian, "--jacobian"), (with != nil, "--with"), (trace, "--trace"),
                (diagonal, "--diagonal"),
            ]
            if let other = others.first(where: { $0.0 }) {
                throw ValidationError(
                    "--top does not go with \(other.1): it is of the whole kernel of one finite network on one set of points.")
            }
        }
        if diagonal, with != nil { throw ValidationError("--diagonal does not go with --with: two sets of points have no diagonal.") }
        guard infiniteWidth.infinite else {
            if jacobian, let option = with != nil ? "--with" : trace ? "--trace" : diagonal ? "--diagonal" : nil {
                throw ValidationError(
                    "--jacobian does not go with \(option); leave one of them out, or compute the Jacobian by a command of its own.")
            }
            try infiniteWidth.check(device)
            guard files.count == 2 else {
                throw ValidationError("\(files.count) files are given, but two are needed: the weights and the points.")
            }
            return
        }
        guard files.count == (infiniteWidth.depth == nil ? 2 : 1) else {
            throw ValidationError("--infinite takes a weights file and the points, or the points and --depth.")
        }
        if trace {
            throw ValidationError(
                "--trace does not go with --infinite, whose kernel has one element for a pair of points, the same for every output: multiply "
                    + "it by the number of outputs.")
        }
        if jacobian { throw ValidationError("--jacobian does not go with --infinite: a network of infinite width has no Jacobian.") }
        try infiniteWidth.check(device)
    }

    var usedFiles: CommandFiles { .init(reads: files + [with].compactMap { $0 }, writes: [output]) }

    func run() throws {
        try OutputEnding.check(output, [".npz"])
        Interruption.listen()
        if infiniteWidth.infinite { try runInfinite() } else { try runMeasured() }
    }

    private func runMeasured() throws {
        let console = common.console
        let (weights, inputs) = (files[0], files[1])
        let (architecture, values) = try Weights.read(
            NumericArchive(path: weights), activation: network.activation, parameterisation: network.parameterisation)
        var usesTiles = false
        let points = try Inputs(path: inputs) { shape in
            guard let count = shape.first, count > 0, shape.count <= 2 else { return }
            try architecture.check(points: count, dimension: shape.count == 2 ? shape[1] : 1)
            usesTiles = self.usesTiles(rows: count.times(architecture.outputs))
            if top == nil, !usesTiles || wantsEigenvalues { try checkSize(count.times(trace ? 1 : architecture.outputs)) }
        }
        let ensemble = try Ensemble(
            architecture: architecture, members: [.init(source: .weights(values), sigmaW: network.sigmaW, sigmaB: network.sigmaB)],
            inputs: [points])
        try AtomicFile.check(output, overwrite: common.force)
        network.warnOfUnused(architecture, isInfinite: false, console)
        let engine = try device.engine(console)
        network.warnOfUnstated(console)
        if let top { return try runTop(top, ensemble, on: engine) }
        if usesTiles { return try runTiles(ensemble, on: engine) }
        let request = Linearisation.Request(method: method, jacobian: jacobian, spectrum: !noEigenvalues)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        let plan = try Linearisation.plan(ensemble, request, on: engine)
        var summary = TangentKernelSummary(
            ensemble, network, method: method, memory: .init(deviceBytes: plan.deviceBytes, hostBytes: plan.hostBytes))
        if !common.dryRun {
            let result = try console.during("computing the tangent kernel of \(ensemble.rows) rows") {
                try Linearisation.evaluate(ensemble, request, on: engine, within: plan, proceed: Interruption.check)
            }
            try checkOverflow(result.kernel, engine.description.precision)
            warnOfUnderflow(
                largest: result.kernel.elements.reduce(0) { max($0, abs($1)) },
                outputsAreZero: !result.outputs.elements.contains { $0 != 0 }, engine.description.precision, console)
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
                arrays += TangentKernelSummary.arrays(of: spectrum)
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
    private func checkOverflow(_ kernel: TangentKernel, _ precision: Precision) throws {
        guard let place = kernel.elements.firstIndex(where: { !$0.isFinite }) else { return }
        throw overflow(at: "row \(place / kernel.order), column \(place % kernel.order)", precision)
    }

    /// Says that an element left the numbers.
    func overflow(at place: String, _ precision: Precision) -> FileError {
        let methods = method == .gram ? "--method jacobian, which forms no products of inputs, or " : ""
        return .malformed(
            path: files[1],
            reason:
                "its tangent kernel with the weights of \(files[0]) is not finite in \(precision.rawValue) at \(place): numbers of inputs or weights are too large for it; use \(methods)"
                + (precision == .float64 ? "" : "--precision float64, or ") + "smaller inputs")
    }

    /// Says when a kernel is 0 and why, and when its numbers are so small that they have lost digits. A network whose outputs are not 0
    /// depends on the weights of its read-out at least.
    func warnOfUnderflow(largest: Double, outputsAreZero: Bool, _ precision: Precision, _ console: Console) {
        let smallest = precision == .float64 ? Double.leastNormalMagnitude : Double(Float.leastNormalMagnitude)
        let remedy = precision == .float64 ? "scale the inputs, the weights or σ_w up" : "compute it with --precision float64"
        if largest == 0, !outputsAreZero {
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

    var parameters: [String: String] {
        [
            "eigenvalues": "\(wantsEigenvalues)", "with": with ?? "none", "trace": "\(trace)", "diagonal": "\(diagonal)",
            "top": top.map { "\($0)" } ?? "none",
            "weights": files[0], "inputs": files[1], "method": method.rawValue,
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
            + "with --no-eigenvalues, ask for the largest with --top, or use fewer points"
    }
}
