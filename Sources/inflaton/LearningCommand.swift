import ArgumentParser
import Arrays
import Engines
import Experiments
import Figures
import Foundation
import Learning
import Report
import Runs

struct LearningCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "learning",
        abstract: "The dynamics of learning as quantum mechanics and gravity (arXiv:2111.00903): each claim as a measurement.",
        discussion: """
            \(LearningRegistry.names.joined(separator: ", ")). Each says what is claimed, what is simulated, the measured number with its \
            standard error, its control and the verdict, and writes a figure with its CSV, claims.csv and one HTML page. A claim that \
            fails is a result: the command still ends with 0.
            """)

    @Argument(help: "The experiment: \(LearningRegistry.names.joined(separator: ", ")).")
    var name: String

    @Flag(help: "Fewer networks, stated in the criteria.")
    var quick = false

    @Flag(help: "Also run what is known to break down: the closed loop of schrodinger.")
    var experimental = false

    @Option(parsing: .unconditional, help: "Networks of an ensemble. Default: the experiment's.")
    var networks: Int?

    @Option(parsing: .unconditional, help: "The learning rate η. Default: the experiment's.")
    var learningRate: Double?

    @Option(parsing: .unconditional, help: "λ of the loss λw²/2. Default: the experiment's.")
    var weightDecay: Double?

    @Option(parsing: .unconditional, help: "A of networks on lattices, the square of the speed of their waves. Default: the experiment's.")
    var coupling: Double?

    @Option(parsing: .unconditional, help: "M of networks on lattices, the square of the mass of their waves. Default: the experiment's.")
    var massSquared: Double?

    @Option(parsing: .unconditional, help: "Width of the source or packet on a lattice, in sites. Default: the experiment's.")
    var width: Double?

    @OptionGroup var seed: SeedOptions
    @OptionGroup var device: DeviceOptions
    @OptionGroup var ensembles: EnsembleStoreOptions

    @Option(name: .shortAndLong, help: "The folder to write. Default: inflaton-learning-NAME.")
    var output: String?

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles { .init(writes: ensembles.files) }

    func run() throws {
        let console = common.console, folder = URL(filePath: output ?? "inflaton-learning-\(name)")
        Interruption.listen()
        let options = LearningOptions(
            quick: quick, seed: seed.seed, networks: networks, learningRate: learningRate, weightDecay: weightDecay,
            experimental: experimental, coupling: coupling, massSquared: massSquared, width: width)
        guard let experiment = try LearningRegistry.named(name, options) else {
            let all = LearningRegistry.names
            throw ValidationError(
                "'\(name)' is no experiment"
                    + CommandNames.suggestion(name, among: all, "choose one of \(all.joined(separator: ", "))."))
        }
        let writer = ReportWriter()
        try OutputFolder(output ?? folder.lastPathComponent).check([], overwrite: common.force)
        try writer.check(identifiers: [name], in: folder, overwrite: common.force)
        let engine = try device.engine(console)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        if common.dryRun {
            return try console.finish(
                "learning", provenance: provenance, outputs: writer.targets(identifiers: [name], in: folder).map(\.plainPath), dryRun: true,
                result: Summary(experiment, claims: [], notes: []), text: "\(experiment.title)\nwould write \(folder.plainPath)")
        }
        let runs = try experiment.processes().map { try Run($0) }
        let scheduler = Scheduler(engine: engine, store: try ensembles.open(provenance, engine.description))
        try compute(runs, on: scheduler, console)
        let results = try ProcessResults(runs, known: scheduler.result(for:))
        let report = try experiment.report(
            on: results.device(engine) { next in
                try Interruption.check()
                console.note(next)
            })
        let outcome = try console.during("drawing the report") {
            try writer.write(
                figures: [report.figure], claims: report.claims, provenance: provenance.entries,
                subject: ReportSubject(
                    title: experiment.title, text: "Claimed: \(experiment.claimed)\n\nSimulated: \(experiment.simulated)",
                    notes: report.notes, theory: .learning), to: folder, overwrite: common.force)
        }
        for omitted in outcome.omitted { console.warn("no \(omitted)") }
        try console.finish(
            "learning", provenance: provenance, outputs: outcome.written.map(\.plainPath),
            result: Summary(experiment, claims: report.claims, notes: report.notes),
            text: """
                claimed: \(experiment.claimed)
                simulated: \(experiment.simulated)
                \(report.notes.map { $0 + "\n" }.joined())
                \(ClaimsTable(width: 120, theory: .learning).render(report.claims))
                wrote \(folder.plainPath)
                """)
    }

    /// Computes the ensembles that are not stored, one after another.
    private func compute(_ runs: [Run], on scheduler: Scheduler, _ console: Console) throws {
        guard !runs.isEmpty else { return }
        let isOfLattices = runs.allSatisfy { if case .lattice = $0.process { true } else { false } }
        let display = console.progress(name, of: 0, unit: isOfLattices ? "lattices" : "ensembles")
        defer { display.finish() }
        let isComplete = try scheduler.execute(
            runs,
            progress: { progress in
                display.update(progress.done, of: progress.total)
                return !Interruption.isPending
            }, proceed: { _ in try Interruption.checkPatience() })
        guard isComplete else { throw Interrupted() }
    }

    private var parameters: [String: String] {
        func given<Value>(_ value: Value?) -> String { value.map { "\($0)" } ?? "own" }
        let own: [String: String] = [
            "experiment": name, "quick": "\(quick)", "experimental": "\(experimental)", "networks": given(networks),
            "learningRate": given(learningRate), "weightDecay": given(weightDecay), "coupling": given(coupling),
            "massSquared": given(massSquared), "width": given(width),
        ]
        return own.merging(seed.parameters) { $1 }.merging(device.parameters) { $1 }.merging(ensembles.parameters) { $1 }
    }

    private struct Summary: Encodable {
        let experiment: String
        let title: String
        let claimed: String
        let simulated: String
        let notes: [String]
        let claims: [Row]

        init(_ experiment: any LearningExperiment, claims: [Claim], notes: [String]) {
            self.experiment = experiment.name
            title = experiment.title
            claimed = experiment.claimed
            simulated = experiment.simulated
            self.notes = notes
            self.claims = claims.map(Row.init)
        }
    }

    /// A claim whose every column is there, null where it has no value.
    private struct Row: Encodable {
        let claim: Claim

        init(_ claim: Claim) { self.claim = claim }

        private enum CodingKeys: String, CodingKey {
            case claim, criterion, measured, standardError, control, verdict, controlModel, measuredText, reason
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(claim.claim, forKey: .claim)
            try container.encode(claim.criterion, forKey: .criterion)
            try container.encode(claim.measured, forKey: .measured)
            try container.encode(claim.standardError, forKey: .standardError)
            try container.encode(claim.control?.value, forKey: .control)
            try container.encode(claim.verdictText, forKey: .verdict)
            try container.encode(claim.control?.model, forKey: .controlModel)
            try container.encode(claim.measuredText, forKey: .measuredText)
            try container.encode(claim.reason, forKey: .reason)
        }
    }
}

extension URL {
    fileprivate var plainPath: String { path(percentEncoded: false) }
}
