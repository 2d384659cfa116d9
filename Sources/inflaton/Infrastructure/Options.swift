import ArgumentParser
import Arrays
import Compute
import Cosmology
import Engines
import Foundation
import Networks

/// How a command speaks, and whether it works at all.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print one JSON object on standard output and nothing else there.")
    var json = false

    @Flag(help: "Leave out notes and progress; warnings and errors stay.")
    var quiet = false

    @Flag(help: "Say what would be done, with its memory, and do nothing.")
    var dryRun = false

    @Flag(help: "Replace outputs that exist.")
    var force = false

    /// The console that these options describe.
    var console: Console { Console(json: json, quiet: quiet) }
}

/// `--threads`.
struct ThreadOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The most threads of the host's linear algebra and of OpenCL on the CPU. Default: all.")
    var threads: Int?

    func validate() throws {
        if let threads, !(1...4096 ~= threads) {
            throw ValidationError("--threads is \(threads), but must be from 1 to 4096; leave it out to use all.")
        }
    }

    /// Must come before the first look for devices: PoCL reads its variable (the second name since its version 4) when it starts.
    func limit() {
        guard let threads else { return }
        HostThreads.limit(to: threads)
        for variable in ["POCL_MAX_PTHREAD_COUNT", "POCL_CPU_MAX_CU_COUNT"] { setenv(variable, "\(threads)", 1) }
    }

    /// For the provenance.
    var parameters: [String: String] { ["threads": threads.map { "\($0)" } ?? "all"] }
}

/// `--device`, `--precision` and `--threads`.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "reference, opencl, gpu, cpu, a driver (pocl, nvidia, intel), or the index or part of the name of a device (see doctor).",
            discussion: "Default: INFLATON_DEVICE, else the best OpenCL device, GPUs first, else the reference engine."))
    var device: String?

    @Option(help: "float32, mixed (float64 Gram sums) or float64. Default: float32 on a GPU, float64 elsewhere.")
    var precision: Precision?

    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if device == "" { throw ValidationError("--device is empty; name a device (see inflaton doctor), or leave the option out.") }
    }

    /// The engine asked for, named on the console; warns where the reference engine had to step in.
    /// - Throws: `OpenCLError.noSuchDevice`, `EngineError.unsupported`.
    func engine(_ console: Console) throws -> any Engine {
        threads.limit()
        let choice = try EngineChoice.select(device, precision: precision)
        console.attend([choice.engine])
        if let note = choice.note { console.warn(note) }
        console.note("engine: \(choice.engine.description)")
        return choice.engine
    }

    /// For the provenance.
    var parameters: [String: String] { threads.parameters }
}

/// What a weights file does not tell of a network.
struct NetworkOptions: ParsableArguments {
    @Option(help: "The nonlinearity between layers.")
    var activation: Activation = .erf

    @Option(parsing: .unconditional, help: "Standard deviation σ_w of the weights.")
    var sigmaW: Double = 1

    @Option(parsing: .unconditional, help: "Standard deviation σ_b of the biases.")
    var sigmaB: Double = 0.1

    @Option(help: "ntk: z = σ_w/√n hW + σ_b b. standard: z = hW + b, σ only in the initial weights.")
    var parameterisation: Parameterisation = .ntk

    func validate() throws {
        for (name, value) in [("σ_w", sigmaW), ("σ_b", sigmaB)] where !(value >= 0 && value.isFinite) {
            throw ValidationError("\(name) is \(value), but must be zero or more, and finite; give a standard deviation.")
        }
    }

    /// For the provenance.
    var parameters: [String: String] {
        [
            "activation": activation.name, "sigmaW": "\(sigmaW)", "sigmaB": "\(sigmaB)", "parameterisation": parameterisation.rawValue,
        ]
    }
}

extension NetworkOptions {
    /// Warns of the options that given weights leave nothing to decide.
    /// - Parameter isInfinite: whether the kernel of infinite width is wanted, for which σ_w and σ_b are those of the initial weights.
    func warnOfUnused(_ architecture: Architecture, isInfinite: Bool, _ console: Console) {
        if parameterisation == .standard, !isInfinite {
            console.warnOfUnused(
                ["--sigma-w", "--sigma-b"], because: "in the parameterisation 'standard' they describe initial weights, and these are given"
            )
        } else if !architecture.hasBias {
            console.warnOfUnused(["--sigma-b"], because: "the weights have no biases")
        }
    }
}

extension NetworkOptions {
    /// Warns that activation or parameterisation of given weights were not stated: the file does not tell, and with others its numbers are
    /// those of another network.
    func warnOfUnstated(_ console: Console) {
        let assumed = [("--activation", activation.name), ("--parameterisation", parameterisation.rawValue)]
            .filter { !CommandLineText.gives($0.0) }
        guard !assumed.isEmpty else { return }
        let options = assumed.map { "\($0.0) \($0.1)" }.joined(separator: " and ")
        console.warn(
            "\(options) \(assumed.count == 1 ? "is" : "are") assumed, as the weights file does not tell: state what the network was trained "
                + "with (PyTorch's layers are --parameterisation standard)")
    }
}

/// `--seed`.
struct SeedOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The key of the random initial weights: the same seed gives the same network on every device.")
    var seed: UInt64 = 0

    /// For the provenance.
    var parameters: [String: String] { ["seed": "\(seed)"] }
}
