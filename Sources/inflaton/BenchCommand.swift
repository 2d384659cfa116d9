import ArgumentParser
import Checks
import Engines
import Foundation
import Networks

/// `inflaton bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Time of every kernel and stage, its rate, and the fraction of the device's floor that it reaches.",
        discussion: """
            The device's peak and bandwidth are measured first. The floor of a stage is the larger of its operations over the peak and \
            its bytes over the bandwidth; both are counted, not measured. A fraction above 1 means that a cache held the data.
            """)

    @Argument(help: "\(BenchmarkStage.allCases.map(\.rawValue).joined(separator: ", ")). Default: all.")
    var stages: [BenchmarkStage] = []

    @Option(help: "Units of each hidden layer.")
    var width = BenchmarkProblem().width

    @Option(help: "Hidden layers.")
    var depth = BenchmarkProblem().depth

    @Option(help: "Training points N.")
    var points = BenchmarkProblem().points

    @Option(help: "Networks of the ensemble.")
    var members = BenchmarkProblem().members

    @Option(help: "Outputs C of a network.")
    var outputs = BenchmarkProblem().outputs

    @Option(help: "Inputs d of a network.")
    var inputs = BenchmarkProblem().inputs

    @Option(help: "Updates of a training.")
    var steps = BenchmarkProblem().steps

    @Option(help: "The nonlinearity between layers.")
    var activation: Activation = BenchmarkProblem().activation

    @Option(help: "Runs of which the median is taken, after one that warms up.")
    var repeats = 7

    @OptionGroup var device: DeviceOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        let limits = [
            ("width", width, 1 << 24), ("depth", depth, 10_000), ("points", points, 1 << 24), ("members", members, 1 << 20),
            ("outputs", outputs, 1 << 20), ("inputs", inputs, 1 << 24), ("steps", steps, 1 << 24), ("repeats", repeats, 1 << 20),
        ]
        for (name, value, limit) in limits where value > limit {
            throw ValidationError("--\(name) is \(value), but a benchmark takes at most \(limit).")
        }
    }

    func run() throws {
        let console = common.console
        Interruption.listen()
        let problem = BenchmarkProblem(
            width: width, depth: depth, points: points, members: members, outputs: outputs, inputs: inputs, steps: steps,
            activation: activation)
        let chosen = stages.isEmpty ? BenchmarkStage.allCases : stages
        let benchmark = try KernelBenchmark(device.engine(console))
        let engine = benchmark.engine.description
        let provenance = Provenance(parameters: parameters, engine: engine)
        let shape = try problem.ensemble().shape
        for work in Set(chosen.map(\.work)) { _ = try benchmark.engine.plan(shape, work.job(problem)) }
        guard !common.dryRun else {
            let names = chosen.map(\.rawValue).joined(separator: ", ")
            return try console.finish(
                "bench", provenance: provenance, dryRun: true, result: BenchmarkSummary(problem: problem, ceiling: nil, stages: []),
                text: "would time \(names) on \(engine.device)")
        }
        let ceiling = try benchmark.engine.measureCeiling()
        let measured = try benchmark.measure(problem, chosen, repeats: repeats, ceiling: ceiling, proceed: Interruption.check)
        let summary = BenchmarkSummary(problem: problem, ceiling: ceiling, stages: measured)
        try console.finish("bench", provenance: provenance, result: summary, text: summary.text(engine: engine, repeats: repeats))
    }

    private var parameters: [String: String] {
        [
            "stages": stages.map(\.rawValue).joined(separator: " "), "width": "\(width)", "depth": "\(depth)", "points": "\(points)",
            "members": "\(members)", "outputs": "\(outputs)", "inputs": "\(inputs)", "steps": "\(steps)", "activation": activation.name,
            "repeats": "\(repeats)",
        ].merging(device.parameters) { $1 }
    }
}

extension BenchmarkStage: ExpressibleByArgument {}

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
    let ceiling: DeviceCeiling?
    let stages: [BenchmarkMeasurement]

    private enum CodingKeys: String, CodingKey { case problem, ceiling, stages }

    func encode(to encoder: any Encoder) throws {
        if stages.count == 1 { try stages[0].encode(to: encoder) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(problem, forKey: .problem)
        try container.encode(ceiling, forKey: .ceiling)
        try container.encode(stages, forKey: .stages)
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
            listing.add("peak", "float32 \(NumberText.scaled(ceiling.float32Rate, "flop/s"))\(double)")
            listing.add("bandwidth", NumberText.scaled(ceiling.bandwidth, "byte/s"))
        }
        listing.add("times", "medians of \(repeats)")
        let header = ["stage", "median", "min", "floor", "of floor", "rate", "operations", "bytes"]
        let rows = [header] + stages.map(Self.row)
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let table = rows.map { row in
            let cells = zip(row, widths).enumerated().map { index, cell in
                let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 ? cell.0 + blanks : blanks + cell.0
            }
            return cells.joined(separator: "  ") + "\n"
        }
        return listing.text + "\n" + table.joined()
    }

    private static func row(_ stage: BenchmarkMeasurement) -> [String] {
        let times = [stage.medianSeconds, stage.minimumSeconds, stage.floorSeconds].map { NumberText.scaled($0, "s") }
        return [stage.stage.rawValue] + times + [
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
