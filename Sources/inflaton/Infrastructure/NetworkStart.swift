import ArgumentParser
import Arrays
import Engines
import Networks

/// The network that a command starts from: weights of a file, or drawn ones of a width and a depth.
struct NetworkStart: ParsableArguments {
    @Option(help: "The initial weights: an .npz file as for ntk. Default: drawn from --seed.")
    var weights: String?

    @Option(help: "The points: an .npy file (N, d). Default: one point, all coordinates 1.")
    var inputs: String?

    @Option(parsing: .unconditional, help: "Units of a hidden layer, where no weights are given.")
    var width = 512

    @Option(parsing: .unconditional, help: "Hidden layers, where no weights are given.")
    var depth = 1

    @OptionGroup var seed: SeedOptions
    @OptionGroup var network: NetworkOptions

    /// What is read.
    var files: [String] { [weights, inputs].compactMap { $0 } }

    /// A network on its points.
    struct Network {
        let architecture: Architecture
        let source: Ensemble.Member.Source
        let points: Inputs
    }

    /// Reads the files.
    /// - Parameters:
    ///   - outputs: C of a drawn network.
    ///   - kernels: how many kernels of all points the host has to hold.
    /// - Throws: the errors of the files, `ValidationError`, `NetworkError`, `EngineError.doesNotFit`.
    func read(outputs: Int, kernels: Int = 2) throws -> Network {
        let given = try inputs.map {
            try NumericArray(contentsOfNPY: $0) { shape in
                let rows = shape.first ?? 0
                try HostMemory.require(
                    doubles: [[kernels, rows, rows]], for: "the tangent kernel of \(rows) rows", remedy: "use fewer points")
            }
        }
        let architecture: Architecture, source: Ensemble.Member.Source
        if let weights {
            let (found, values) = try Weights.read(
                NumericArchive(path: weights), activation: network.activation, parameterisation: network.parameterisation)
            (architecture, source) = (found, .weights(values))
        } else {
            guard 0...10_000 ~= depth else { throw ValidationError("--depth is \(depth), but must be from 0 to 10000.") }
            architecture = try Architecture(
                inputs: given.map { $0.shape.count == 2 ? $0.shape[1] : 1 } ?? 1, widths: Array(repeating: width, count: depth),
                outputs: outputs, activation: network.activation, parameterisation: network.parameterisation)
            source = .seed(seed.seed)
        }
        let points =
            try given.map { array in
                do { return try Inputs(array) } catch { throw FileError.malformed(path: inputs ?? "", reason: "\(error)") }
            }
            ?? Inputs(points: 1, dimension: architecture.inputs, values: Array(repeating: 1, count: architecture.inputs))
        try architecture.check(points)
        return Network(architecture: architecture, source: source, points: points)
    }

    /// Warns of options that the weights leave nothing to decide.
    /// - Parameter isInfinite: whether what is wanted of the network is its kernel of infinite width.
    func warnOfUnused(_ architecture: Architecture, isInfinite: Bool, _ console: Console) {
        guard let weights else { return }
        console.warnOfUnused(["--width", "--depth", "--seed"], because: "the network is that of \(weights.printable)")
        network.warnOfUnused(architecture, isInfinite: isInfinite, console)
    }

    /// For the provenance.
    var parameters: [String: String] {
        [
            "weights": weights ?? "drawn", "inputs": inputs ?? "one point, x = 1", "width": "\(width)", "depth": "\(depth)",
        ].merging(seed.parameters) { $1 }.merging(network.parameters) { $1 }
    }
}
