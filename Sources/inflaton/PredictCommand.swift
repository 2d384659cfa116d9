import ArgumentParser
import Arrays
import Compute
import Duality
import Engines
import Networks
import Runs

/// `inflaton predict`.
struct PredictCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Outputs on other points after training, with their covariance, from kernels: no training.",
        usage: """
            inflaton predict <weights> <inputs> <targets> <points> --output <output> [<options>]
            inflaton predict --infinite [<weights>] <inputs> <targets> <points> [--depth <depth>] --output <output> [<options>]
            """,
        discussion: """
            The network is linearised at its weights and trained by gradient flow, dθ/dt = −∇L with L = (s/N) Σ (f − y)², up to --time. The output \
            holds mean (M, C), the outputs of the linearised network on the points; outputs (M, C), those that it has before; ensembleMean (M, C) \
            and covariance (M, M, C, C), mean and covariance of networks with its tangent kernel whose outputs start as those of infinite width \
            do. With --infinite it holds ntkMean (M, C) and ntkCovariance (M, M), of trained networks of infinite width, the same for each \
            output, and nngpMean and nngpCovariance, the posterior of the Gaussian process that they are before training. All are float64, beside the \
            text provenance.
            """)

    @Argument(
        help: ArgumentHelp(
            "The weights, an .npz file as for ntk; the training points, an .npy file (N, d); their targets, (N, C) or (N); the points to predict, (M, d).",
            valueName: "weights> <inputs> <targets> <points"))
    var files: [String]

    @OptionGroup var infiniteWidth: InfiniteWidthOptions
    @OptionGroup var network: NetworkOptions

    @Option(parsing: .unconditional, help: "t, the time of gradient flow, ηK for K steps of gradient descent. Default: to the end.")
    var time: Double = .infinity

    @Option(parsing: .unconditional, help: "s, the factor of the loss.")
    var scale: Double = 1

    @Option(
        parsing: .unconditional, help: "Added to the diagonal of the kernel on the training points: the variance of noise in the targets.")
    var ridge: Double = 0

    @OptionGroup var device: DeviceOptions

    @Option(name: .shortAndLong, help: "The .npz file to write.")
    var output: String

    @OptionGroup var common: CommonOptions

    func validate() throws {
        let count = infiniteWidth.depth == nil ? 4 : 3
        guard files.count == count else {
            throw ValidationError(
                "\(files.count) files are given, but \(count) are needed: "
                    + (count == 4 ? "the weights, " : "") + "the training points, their targets, and the points to predict"
                    + (infiniteWidth.infinite && count == 4 ? "; without weights give --depth." : "."))
        }
        try infiniteWidth.check(device)
        do { _ = try KernelRegression.Training(points: 1, time: time, scale: scale, ridge: ridge) } catch {
            throw ValidationError("\(error)")
        }
    }

    var usedFiles: CommandFiles { .init(reads: files, writes: [output]) }

    /// What is read, the points one after the other.
    private struct Problem {
        let points: Inputs
        let trained: Int
        /// (N, C).
        let targets: [Double]
        let outputs: Int
        let training: KernelRegression.Training
        var asked: Int { points.points - trained }
    }

    private func read() throws -> Problem {
        let names = Array(files.suffix(3))
        func points(_ name: String) throws -> Inputs {
            try Inputs(path: name) { shape in
                let rows = shape.first ?? 0
                try HostMemory.require(
                    doubles: [[2, rows, rows]], for: "a kernel of \(rows.number(of: "row"))", remedy: "use fewer points")
            }
        }
        let inputs = try points(names[0]), targets = try NumericArray(contentsOfNPY: names[1]), others = try points(names[2])
        guard targets.shape.first == inputs.points, targets.shape.count <= 2, !targets.elements.isEmpty else {
            let error = NetworkError.shapeMismatch(
                what: "the array of targets", found: targets.shape.shapeText, expected: "(\(inputs.points)) or (\(inputs.points), C)",
                remedy: "give a row for each training point")
            throw FileError.malformed(path: names[1], reason: "\(error)")
        }
        if let bad = targets.elements.firstIndex(where: { !$0.isFinite }) {
            throw FileError.malformed(
                path: names[1], reason: "\(NetworkError.notFinite(what: "the array of targets", position: "element \(bad)"))")
        }
        guard inputs.dimension == others.dimension else {
            throw NetworkError.shapeMismatch(
                what: "the array of points to predict", found: "(\(others.points), \(others.dimension))",
                expected: "(\(others.points), \(inputs.dimension))", remedy: "give them as many coordinates as the training points have")
        }
        return Problem(
            points: try .joined(inputs, others), trained: inputs.points, targets: targets.elements,
            outputs: targets.shape.count == 2 ? targets.shape[1] : 1,
            training: try KernelRegression.Training(points: inputs.points, time: time, scale: scale, ridge: ridge))
    }

    func run() throws {
        try OutputEnding.check(output, [".npz"])
        Interruption.listen()
        let console = common.console, problem = try read()
        if infiniteWidth.infinite { device.threads.limit() }
        let known =
            try files.count == 4
            ? Weights.read(NumericArchive(path: files[0]), activation: network.activation, parameterisation: network.parameterisation) : nil
        if let known { try check(known.architecture, problem) }
        let rows = problem.points.points.times(infiniteWidth.infinite ? 1 : problem.outputs)
        try HostMemory.require(
            doubles: [[8, rows, rows], [2, problem.points.points, problem.points.dimension]], for: "the kernels of \(rows) rows",
            remedy: "use fewer points")
        let seen = problem.trained.times(infiniteWidth.infinite ? 1 : problem.outputs)
        guard seen <= SymmetricEigen.largestOrder else {
            throw NetworkError.outOfRange(
                what: "the number of training points times outputs", value: "\(seen)", limit: "at most \(SymmetricEigen.largestOrder)",
                remedy: "use fewer training points")
        }
        try AtomicFile.check(output, overwrite: common.force)
        if let known {
            network.warnOfUnused(known.architecture, isInfinite: true, console)
            network.warnOfUnstated(console)
        }
        if infiniteWidth.infinite {
            try predictInfinite(problem, known?.architecture, console)
        } else if let known {
            try predictFinite(problem, known.architecture, known.weights, console)
        }
    }

    private func check(_ architecture: Architecture, _ problem: Problem) throws {
        try architecture.check(problem.points)
        guard infiniteWidth.infinite || architecture.outputs == problem.outputs else {
            throw NetworkError.shapeMismatch(
                what: "the array of targets", found: "(\(problem.trained), \(problem.outputs))",
                expected: "(\(problem.trained), \(architecture.outputs))", remedy: "give a target for each output of the network")
        }
    }

    private func predictInfinite(_ problem: Problem, _ architecture: Architecture?, _ console: Console) throws {
        let provenance = Provenance(parameters: parameters, engine: nil)
        var omitted = 0
        if !common.dryRun {
            let kernel = try console.during("computing the kernels of infinite width of \(problem.points.points) points") {
                try infiniteWidth.kernel(
                    architecture, network, problem.points,
                    console.progress("kernels of infinite width", of: 1, unit: "pairs of points"))
            }
            try Interruption.check()
            let trained = try KernelRegression(kernel: kernel.tangentKernel, trained: problem.trained, problem.training)
            let posterior = try KernelRegression(
                kernel: kernel.nngp, trained: problem.trained, .init(points: problem.trained, scale: scale, ridge: ridge))
            omitted = max(trained.omitted, posterior.omitted)
            let (outputs, square) = ([problem.asked, problem.outputs], [problem.asked, problem.asked])
            let arrays = [
                ("ntkMean", outputs, trained.mean(targets: problem.targets)),
                ("ntkCovariance", square, trained.covariance(initial: kernel.nngp)),
                ("nngpMean", outputs, posterior.mean(targets: problem.targets)),
                ("nngpCovariance", square, posterior.posterior(prior: kernel.nngp)),
            ]
            try write(arrays, provenance)
        }
        try finish(problem, omitted: omitted, network: "infinitely wide", provenance, console)
    }

    private func predictFinite(_ problem: Problem, _ architecture: Architecture, _ weights: Weights, _ console: Console) throws {
        let engine = try device.engine(console)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        let ensemble = try Ensemble(
            architecture: architecture, members: [.init(source: .weights(weights), sigmaW: network.sigmaW, sigmaB: network.sigmaB)],
            inputs: [problem.points])
        let request = Linearisation.Request(method: .gram, jacobian: false, spectrum: false)
        let plan = try Linearisation.plan(ensemble, request, on: engine)
        var omitted = 0
        if !common.dryRun {
            let result = try Linearisation.evaluate(ensemble, request, on: engine, within: plan, proceed: Interruption.check)
            let count = problem.outputs
            let regression = try KernelRegression(
                kernel: result.kernel.elements, trained: problem.trained * count, problem.training)
            omitted = regression.omitted
            let initial = Self.separate(
                try infiniteWidth.kernel(architecture, network, problem.points).nngp, points: problem.points.points, outputs: count)
            try Interruption.check()
            let covariance = try TangentKernel(
                points: problem.asked, outputs: count, elements: regression.covariance(initial: initial)
            ).blocks
            let shape = [problem.asked, count]
            try write(
                [
                    ("mean", shape, regression.outputs(from: result.outputs.elements, targets: problem.targets)),
                    ("outputs", shape, Array(result.outputs.elements.suffix(problem.asked * count))),
                    ("ensembleMean", shape, regression.mean(targets: problem.targets)),
                    ("covariance", covariance.shape, covariance.elements),
                ], provenance)
        }
        let widths = ([architecture.inputs] + architecture.widths + [architecture.outputs]).map { "\($0)" }.joined(separator: " → ")
        try finish(problem, omitted: omitted, network: widths, provenance, console)
    }

    /// The kernel of several outputs that have nothing to do with each other, rows n·C + c.
    private static func separate(_ kernel: [Double], points: Int, outputs: Int) -> [Double] {
        guard outputs > 1 else { return kernel }
        let order = points * outputs
        var elements = [Double](repeating: 0, count: order * order)
        for n in 0..<points {
            for m in 0..<points {
                for c in 0..<outputs { elements[(n * outputs + c) * order + m * outputs + c] = kernel[n * points + m] }
            }
        }
        return elements
    }

    private func write(_ arrays: [(name: String, shape: [Int], elements: [Double])], _ provenance: Provenance) throws {
        try NumericArchive.write(
            arrays.map { (name: $0.name, array: try NumericArray(shape: $0.shape, elements: $0.elements), type: ElementType.float64) },
            texts: [("provenance", provenance.text)], to: output, overwrite: common.force)
    }

    private func finish(_ problem: Problem, omitted: Int, network: String, _ provenance: Provenance, _ console: Console) throws {
        if omitted > 0 {
            console.warn(
                "\(omitted.number(of: "mode")) of the kernel on the training points \(omitted == 1 ? "is 0 to rounding, and was" : "are 0 to rounding, and were") left out: training does not move the outputs "
                    + "along them; points that coincide have such modes, and --ridge removes them")
        }
        let summary = Summary(
            trainingPoints: problem.trained, points: problem.asked, outputCount: problem.outputs, omittedModes: omitted, ridge: ridge,
            time: time, scale: scale)
        var listing = Listing()
        listing.add(
            "network", "\(network), \(self.network.activation.name), \(self.network.parameterisation.rawValue)")
        listing.add(
            "trained on",
            "\(problem.trained.number(of: "point")), \(time.isFinite ? "for a time of \(time.plainText)" : "to the end"), ridge \(ridge.plainText)"
        )
        listing.add("predicted", "\(problem.asked.number(of: "point")), \(problem.outputs.number(of: "output"))")
        listing.add(outputs: [output], isWritten: !common.dryRun)
        try console.finish(
            "predict", provenance: provenance, outputs: [output], dryRun: common.dryRun, result: summary, text: listing.text)
    }

    private struct Summary: Encodable {
        let trainingPoints, points, outputCount, omittedModes: Int
        let ridge, time, scale: Double
    }

    private var parameters: [String: String] {
        [
            "infinite": "\(infiniteWidth.infinite)", "weights": files.count == 4 ? files[0] : "none", "inputs": files[files.count - 3],
            "targets": files[files.count - 2], "points": files[files.count - 1],
            "depth": infiniteWidth.depth.map { "\($0)" } ?? "that of the weights",
            "time": "\(time)", "scale": "\(scale)", "ridge": "\(ridge)", "output": output,
        ].merging(network.parameters) { $1 }.merging(device.parameters) { $1 }
    }
}
