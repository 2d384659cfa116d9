import ArgumentParser
import Arrays
import Compute
import Engines
import Experiments
import Figures
import Foundation
import Report
import Runs

struct ReproduceCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "The paper's figures on real networks, and its claims, each with a measured number and a verdict.",
        discussion: """
            Writes report.html, one page with everything that opens in any browser; for each figure an SVG, a PNG, a PDF and the CSV behind it; \
            claims.csv and provenance.json. A claim that does not hold is a result: the command still ends with 0.
            """)

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A figure of the paper: 1 to 6; may be repeated or listed with commas. Default: all.", valueName: "number"))
    var figure: [FigureList] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Experiments beyond the paper: \(ExperimentRegistry.names.joined(separator: ", ")), or all; may be repeated or listed with commas. Default: none.",
            valueName: "name"), completion: .list(ExperimentRegistry.names + ["all"]))
    var experiment: [String] = []

    @Flag(help: "A subset of each grid, stated in the criteria.")
    var quick = false

    @Flag(help: "Print every claim, with criterion, number and control, and not only how they came out.")
    var verbose = false

    @OptionGroup var seed: SeedOptions
    @OptionGroup var device: DeviceOptions
    @OptionGroup var ensembles: EnsembleStoreOptions

    @Option(name: .shortAndLong, help: "The folder to write.")
    var output = "inflaton-reproduction"

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init(writes: ensembles.files) }

    func run() throws {
        let console = common.console
        Interruption.listen()
        let experiments =
            try figures.map { number in
                guard let experiment = try ExperimentRegistry.figure(number, quick: quick, seed: seed.seed) else {
                    throw ValidationError("--figure is \(number), but must be one of \(Self.known).")
                }
                return experiment
            }
            + names.map { name in
                guard let experiment = try ExperimentRegistry.named(name, quick: quick, seed: seed.seed) else {
                    let all = ExperimentRegistry.names
                    throw ValidationError(
                        "--experiment is '\(name)', which is none"
                            + CommandNames.suggestion(name, among: all, "choose one of \(all.joined(separator: ", "))."))
                }
                return experiment
            }
        let writer = ReportWriter(), folder = URL(filePath: output)
        // A URL of no name is the current folder.
        try OutputFolder(output).check([], overwrite: common.force)
        try writer.check(identifiers: experiments.flatMap(\.figures), in: folder, overwrite: common.force)
        let targets = writer.targets(identifiers: experiments.flatMap(\.figures), in: folder).map { $0.path(percentEncoded: false) }
        let engine = try device.engine(console)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        if common.dryRun {
            let scheduler = Scheduler(engine: engine, store: MemoryStore())
            let plans = try experiments.map { try ReproductionPlan($0, scheduler) }
            return try console.finish(
                "reproduce", provenance: provenance, outputs: targets, dryRun: true, result: ["experiments": plans],
                text: plans.map(\.text).joined(separator: "\n") + "\nwould write \(output)")
        }
        let scheduler = Scheduler(engine: engine, store: try ensembles.open(provenance, engine.description))
        var figures: [Figure] = [], claims: [Claim] = []
        for experiment in experiments {
            try compute(experiment, on: scheduler, console)
            let report = try experiment.report(known: scheduler.result(for:), engine: engine) { next in
                try Interruption.check()
                console.note(next)
            }
            figures += report.figures
            claims += report.claims
            try Interruption.check()
        }
        let outcome = try console.during("drawing the report") {
            try writer.write(figures: figures, claims: claims, provenance: provenance.entries, to: folder, overwrite: common.force)
        }
        for omitted in outcome.omitted { console.warn("no \(omitted)") }
        try console.finish(
            "reproduce", provenance: provenance, outputs: outcome.written.map { $0.path(percentEncoded: false) },
            result: ["claims": claims],
            text: """
                engine: \(engine.description)
                \(verbose ? Self.tables(claims, of: figures) : "")\(ClaimsSummary().render(claims))\
                open \(PathParts.resolve("report.html", in: output)), which says why; every claim is there, in claims.csv, and printed by --verbose
                """)
    }

    /// A table for each theory, as its words mean other things in the other.
    private static func tables(_ claims: [Claim], of figures: [Figure]) -> String {
        let theories = Dictionary(figures.map { ($0.id, $0.theory) }) { first, _ in first }
        return Theory.allCases.map { theory in
            let table = ClaimsTable(width: 120, theory: theory).render(claims.filter { theories[$0.figure, default: .duality] == theory })
            return table.isEmpty ? "" : table + "\n"
        }.joined()
    }

    private func compute(_ experiment: any Experiment, on scheduler: Scheduler, _ console: Console) throws {
        console.note("\(experiment.id): \(experiment.title)")
        let display = console.progress(experiment.id, of: 0, unit: "networks")
        defer { display.finish() }
        let isComplete = try scheduler.execute(
            experiment.runs,
            progress: { progress in
                display.update(progress.done, of: progress.total)
                do { try Interruption.check() } catch { return false }
                return true
            }, proceed: { _ in try Interruption.checkPatience() })
        guard isComplete else { throw Interrupted() }
    }

    private static let known = ExperimentRegistry.figures.map { "\($0)" }.joined(separator: ", ")

    /// Each figure once, in the order asked for; all where nothing is asked for.
    private var figures: [Int] {
        guard !figure.isEmpty else { return experiment.isEmpty ? ExperimentRegistry.figures : [] }
        var seen: Set<Int> = []
        return figure.flatMap(\.numbers).filter { seen.insert($0).inserted }
    }

    /// Each experiment once, in the order asked for.
    private var names: [String] {
        let asked: [Substring] = experiment.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let named: [String] = asked.flatMap { $0 == "all" ? ExperimentRegistry.names : [String($0)] }
        var seen: Set<String> = []
        return named.filter { seen.insert($0).inserted }
    }

    private var parameters: [String: String] {
        [
            "figures": figures.map { "\($0)" }.joined(separator: ","), "experiments": names.joined(separator: ","), "quick": "\(quick)",
            "output": output,
        ]
        .merging(seed.parameters) { $1 }.merging(device.parameters) { $1 }.merging(ensembles.parameters) { $1 }
    }
}

/// Figures separated by commas.
struct FigureList: ExpressibleByArgument {
    let numbers: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard !parts.isEmpty, !parts.contains(nil) else { return nil }
        numbers = parts.map { $0! }
    }
}

/// What a dry run says of an experiment.
private struct ReproductionPlan: Encodable {
    let experiment: String
    let firstRuns: Int
    let batches: Int
    let largestBatchBytes: Int

    init(_ experiment: any Experiment, _ scheduler: Scheduler) throws {
        let round = try scheduler.firstRound(experiment.runs), plans = round.memory
        self.experiment = experiment.id
        firstRuns = round.plan.runs
        batches = plans.count
        largestBatchBytes = plans.map(\.bytesPerBatch).max() ?? 0
    }

    var text: String {
        "\(experiment): \(firstRuns.number(of: "network")) to begin with, \(batches.number(of: "batch", "batches")), at most \(NumberText.bytes(largestBatchBytes)) of device memory"
    }
}
