import ArgumentParser
import Arrays
import Checks
import Compute
import Engines
import Foundation
import Networks

struct BenchCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Time of every kernel and stage, its rate, and the fraction of the device's floor that it reaches.",
        discussion: """
            The device's peak and bandwidth are measured first. The floor of a stage is the larger of its operations over the peak and \
            its bytes over the bandwidth; both are counted, not measured. A fraction above 1 means that a cache held the data. Times are \
            the device's, from the first kernel to the last; 'host' is the host's, from weights on the device to results in memory.
            """)

    @Argument(help: "\(KernelFamilies.stages.map(\.name).joined(separator: ", ")). Default: all.")
    var stages: [BenchmarkStage] = []

    @Option(parsing: .unconditional, help: "Units of each hidden layer.")
    var width = BenchmarkProblem().width

    @Option(parsing: .unconditional, help: "Hidden layers.")
    var depth = BenchmarkProblem().depth

    @Option(parsing: .unconditional, help: "Training points N.")
    var points = BenchmarkProblem().points

    @Option(parsing: .unconditional, help: "Networks of the ensemble.")
    var members = BenchmarkProblem().members

    @Option(parsing: .unconditional, help: "Outputs C of a network.")
    var outputs = BenchmarkProblem().outputs

    @Option(parsing: .unconditional, help: "Inputs d of a network.")
    var inputs = BenchmarkProblem().inputs

    @Option(parsing: .unconditional, help: "Updates of a training.")
    var steps = BenchmarkProblem().steps

    @Option(help: "The nonlinearity between layers.")
    var activation: Activation = BenchmarkProblem().activation

    @Option(parsing: .unconditional, help: "Runs of which the median is taken, after one that warms up.")
    var repeats = 7

    @Flag(
        help: ArgumentHelp(
            "Every launch of the jobs ntk, train (one step) and jacobian, with its median time on the device.",
            discussion: "Below the stages, and with --json as the array 'launches'."))
    var launches = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "An .npz file for the networks and what was computed for them; with one of ntk and train.",
            discussion: "X, the initial weights W1, b1, … with the networks as first axis, the parameters of the training, ntk or outputs.")
    )
    var output: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --dry-run: plan for a GPU with so many GiB of memory, not for the device.",
            discussion: "Its largest allocation is taken to be a quarter of them, the least that OpenCL allows."))
    var assumeMemory: Double?

    @OptionGroup var device: DeviceOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        let limits = [
            ("width", width, 1...1 << 24), ("depth", depth, 0...10_000), ("points", points, 1...1 << 24), ("members", members, 1...1 << 20),
            ("outputs", outputs, 1...1 << 20), ("inputs", inputs, 1...1 << 24), ("steps", steps, 1...1 << 24),
            ("repeats", repeats, 1...1 << 20),
        ]
        for (name, value, range) in limits where !range.contains(value) {
            throw ValidationError("--\(name) is \(value), but a benchmark takes from \(range.lowerBound) to \(range.upperBound).")
        }
        if let assumeMemory, !common.dryRun || !(assumeMemory > 0 && assumeMemory <= 0x1p20) {
            throw ValidationError(
                "--assume-memory is \(assumeMemory), but goes with --dry-run and takes GiB above 0 and up to \(1 << 20); leave it out to plan "
                    + "for the device.")
        }
        if launches, !stages.isEmpty, !stages.contains(where: KernelBenchmark.listed.contains) {
            let listed = KernelBenchmark.listed.map(\.name).joined(separator: ", ")
            throw ValidationError("--launches goes with one of \(listed), whose launches it lists; name one of them, or no workload.")
        }
        if output != nil, stages.count != 1 || !BenchmarkRecord.holds(stages[0]) {
            throw ValidationError("--output goes with one workload, ntk or train; the others keep no results.")
        }
    }

    var usedFiles: CommandFiles { .init(writes: outputFiles) }

    func run() throws {
        let console = common.console
        Interruption.listen()
        let problem = BenchmarkProblem(
            width: width, depth: depth, points: points, members: members, outputs: outputs, inputs: inputs, steps: steps,
            activation: activation)
        let chosen = stages.isEmpty ? KernelFamilies.stages : stages
        let ofNetworks = chosen.filter(BenchmarkStage.networks.contains)
        if !ofNetworks.contains(where: { [.training, .layeredTraining].contains($0.work) }) {
            console.warnOfUnused(["--steps"], because: "no stage that trains is timed")
        }
        let benchmark = try KernelBenchmark(device.engine(console))
        let engine = benchmark.engine.description
        let provenance = Provenance(parameters: parameters, engine: engine)
        if let output { try AtomicFile.check(output, overwrite: common.force) }
        let profile = assumeMemory.map { DeviceProfile(gpuWith: Int($0 * 0x1p30)) }
        let memory = try Set(ofNetworks.map(\.work)).map { work in
            let (shape, job) = (try work.problem(problem).ensemble().shape, work.job(problem))
            return try profile.map { try OpenCLEngine.plan(shape, job, precision: engine.precision, on: $0) }
                ?? benchmark.engine.plan(shape, job)
        }
        guard !common.dryRun else {
            let names = chosen.map(\.name).joined(separator: ", "), bytes = memory.map(\.bytesPerBatch).max() ?? 0
            let target = assumeMemory.map { "a GPU with \(NumberText.rounded($0)) GiB" } ?? engine.device
            return try console.finish(
                "bench", provenance: provenance, outputs: outputFiles, dryRun: true,
                result: BenchmarkSummary(problem: problem, repeats: repeats, ceiling: nil, stages: [], deviceBytes: bytes),
                text: "would time \(names) on \(target), with \(NumberText.bytes(bytes)) of device memory")
        }
        let ceiling = try benchmark.engine.measureCeiling()
        let measured = try benchmark.measure(problem, chosen, repeats: repeats, ceiling: ceiling, proceed: Interruption.check)
        if let output { try BenchmarkRecord(benchmark, chosen[0], problem).write(to: output, overwrite: common.force) }
        var summary = BenchmarkSummary(problem: problem, repeats: repeats, ceiling: ceiling, stages: measured)
        if launches { summary.launches = try benchmark.launches(problem, chosen, repeats: repeats, proceed: Interruption.check) }
        try console.finish(
            "bench", provenance: provenance, outputs: outputFiles, result: summary, text: summary.text(engine: engine, repeats: repeats))
    }

    private var outputFiles: [String] { output.map { [$0] } ?? [] }

    private var parameters: [String: String] {
        [
            "stages": stages.map(\.name).joined(separator: " "), "width": "\(width)", "depth": "\(depth)", "points": "\(points)",
            "members": "\(members)", "outputs": "\(outputs)", "inputs": "\(inputs)", "steps": "\(steps)", "activation": activation.name,
            "repeats": "\(repeats)", "launches": "\(launches)", "output": output ?? "",
        ].merging(device.parameters) { $1 }
    }
}

extension BenchmarkStage: ExpressibleByArgument {
    /// The stage of that name.
    public init?(argument: String) {
        guard let stage = KernelFamilies.stages.first(where: { $0.name == argument }) else { return nil }
        self = stage
    }

    /// The names.
    public static var allValueStrings: [String] { KernelFamilies.stages.map(\.name) }
}

extension KernelBenchmark.Failure: StatusBearing {
    var exitStatus: ExitStatus {
        switch self {
        case .noKernels: .deviceUnavailable
        case .nothingToDo: .usage
        }
    }
}

/// What `inflaton bench` says. With a single stage its members stand in the JSON object as well as in `stages`.
private struct BenchmarkSummary: Encodable {
    let problem: BenchmarkProblem
    let repeats: Int
    let ceiling: DeviceCeiling?
    let stages: [BenchmarkMeasurement]
    /// Of the largest batch, where nothing was computed.
    var deviceBytes: Int?
    /// Nil where they are not asked for.
    var launches: [BenchmarkLaunch]?

    private enum CodingKeys: String, CodingKey { case problem, repeats, ceiling, stages, deviceBytes, launches }

    func encode(to encoder: any Encoder) throws {
        if stages.count == 1 { try stages[0].encode(to: encoder) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(problem, forKey: .problem)
        try container.encode(repeats, forKey: .repeats)
        try container.encode(ceiling, forKey: .ceiling)
        try container.encode(stages, forKey: .stages)
        try container.encodeIfPresent(deviceBytes, forKey: .deviceBytes)
        try container.encodeIfPresent(launches, forKey: .launches)
    }

    func text(engine: EngineDescription, repeats: Int) -> String {
        var listing = Listing()
        listing.add("engine", engine.description)
        listing.add(
            "network",
            "width \(problem.width), depth \(problem.depth), d \(problem.inputs), C \(problem.outputs), \(problem.activation), "
                + "N \(problem.points), \(problem.members) members, \(problem.steps) steps")
        if let ceiling {
            let double = ceiling.float64Rate.map { ", float64 \(NumberText.scaled($0, "flop/s"))" } ?? ""
            let typical = NumberText.scaled(ceiling.typicalFloat32Rate, "flop/s")
            listing.add("peak", "float32 \(NumberText.scaled(ceiling.float32Rate, "flop/s")), in the median launch \(typical)\(double)")
            let copy = NumberText.scaled(ceiling.typicalBandwidth, "byte/s")
            listing.add("bandwidth", "\(NumberText.scaled(ceiling.bandwidth, "byte/s")), in the median copy \(copy)")
        }
        listing.add("times", "medians of \(repeats)")
        let header = ["stage", "median", "min", "host", "floor", "of floor", "rate", "operations", "bytes"]
        let tables = [[header] + stages.map(Self.row)] + (launches.map { [[Self.launchHeader] + $0.map(Self.row)] } ?? [])
        return listing.text + "\n" + tables.map { TextTable.text($0) }.joined(separator: "\n")
    }

    private static let launchHeader = ["launch of", "kernel", "global", "local", "groups", "median"]

    private static func row(_ launch: BenchmarkLaunch) -> [String] {
        func sizes(_ sizes: [Int]) -> String { sizes.map { "\($0)" }.joined(separator: " × ") }
        return [
            launch.stage.name, launch.kernel, sizes(launch.global), sizes(launch.local), "\(launch.groups)",
            NumberText.scaled(launch.medianSeconds, "s"),
        ]
    }

    private static func row(_ stage: BenchmarkMeasurement) -> [String] {
        let times = [stage.medianSeconds, stage.minimumSeconds, stage.hostMedianSeconds, stage.floorSeconds].map {
            $0.map { NumberText.scaled($0, "s") } ?? ""
        }
        return [stage.stage.name] + times + [
            NumberText.rounded(100 * stage.fractionOfFloor) + " %", NumberText.scaled(stage.rate, stage.unit),
            NumberText.scaled(stage.operations, "flop"), NumberText.scaled(stage.bytes, "byte"),
        ]
    }
}

extension NumberText {
    /// With three digits and a decimal prefix, such as `2.05 Gflop/s`.
    fileprivate static func scaled(_ value: Double, _ unit: String) -> String {
        let prefixes = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n")]
        guard value > 0, let (scale, prefix) = prefixes.first(where: { value >= $0.0 }) ?? prefixes.last else { return "0 \(unit)" }
        let number = value / scale, format = number >= 99.95 ? "%.0f" : number >= 9.995 ? "%.1f" : "%.2f"
        return "\(String(format: format, number)) \(prefix)\(unit)"
    }
}
