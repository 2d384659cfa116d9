import ArgumentParser
import Arrays
import Compute
import Duality
import Engines
import Experiments
import Figures
import Foundation
import Networks
import Report
import Runs

/// `inflaton advise`.
struct AdviseCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "advise", abstract: "Which learning rate and momentum to train with, from the kernel at the start: no training.",
        discussion: """
            Predicts the loss of heavy ball for any learning rate η and momentum γ from the tangent kernel of the network at its start and where \
            training would end, and says which to take for a budget of --steps, which are stable, when each mode of the kernel will have been \
            learned, and how sure that is. Writes advise.csv (the predicted final loss over the plane), curves.csv, advise.svg, .png and \
            .pdf, claims.csv and summary.json; with --check, which trains 8 × 8 pairs beside the advised one, also check.csv, check.svg, .png and \
            .pdf.
            """)

    @OptionGroup var start: NetworkStart

    @Option(parsing: .unconditional, help: "K, the budget: the number of updates.")
    var steps: Int = 500

    @OptionGroup var objective: LossOptions

    @Option(parsing: .unconditional, help: "η of a pair whose losses are predicted as well. Default: none.")
    var learningRate: Double?

    @Option(parsing: .unconditional, help: "γ of that pair. Default: 0.9.")
    var momentum: Double?

    @Option(parsing: .unconditional, help: "The least η that may be advised. Default: any.")
    var leastLearningRate: Double?

    @Option(parsing: .unconditional, help: "The largest η that may be advised. Default: any that is stable.")
    var largestLearningRate: Double?

    @Option(parsing: .unconditional, help: "The largest γ that may be advised.")
    var largestMomentum: Double = 0.99

    @Option(parsing: .unconditional, help: "M, the reduced Planck mass in units of the output.")
    var planckMass: Double = 1

    @Flag(help: "Train a lattice of 8 × 8 pairs and the advised one, and draw both.")
    var check = false

    @OptionGroup var device: DeviceOptions

    @Option(name: .shortAndLong, help: "The folder to write.")
    var output: String

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles {
        .init(reads: start.files + [objective.targets].compactMap { $0 }, writes: names.map(OutputFolder(output).file))
    }

    /// The files to write: data first, then figures, then the summary.
    private var names: [String] {
        ["advise.csv", "curves.csv"] + (check ? ["check.csv"] : [])
            + (check ? ["advise", "check"] : ["advise"]).flatMap { ["\($0).svg", "\($0).png", "\($0).pdf"] }
            + ["claims.csv", "summary.json"]
    }

    /// The lattice and the curves are held at once.
    private static let mostSteps = 10_000_000

    func validate() throws {
        guard 1...Self.mostSteps ~= steps else {
            throw ValidationError("--steps is \(steps), but must be from 1 to \(Self.mostSteps): the budget of the training; use 500.")
        }
        guard planckMass > 0, planckMass.isFinite else {
            throw ValidationError("--planck-mass is \(planckMass), but the Planck mass must be positive and finite; use 1.")
        }
        if objective.loss == .coupled {
            throw ValidationError("--loss coupled has no advice: its outputs belong together; use power or squared.")
        }
        try objective.check()
        if momentum != nil, learningRate == nil {
            throw ValidationError("--momentum goes with --learning-rate: both are of a pair to predict; give both, or neither.")
        }
        do {
            _ = try range
            if let asked { _ = try Schedule(learningRate: asked.learningRate, momentum: asked.momentum) }
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private var range: AdviceRange {
        get throws {
            try AdviceRange(
                leastLearningRate: leastLearningRate, largestLearningRate: largestLearningRate, largestMomentum: largestMomentum)
        }
    }

    private var asked: (learningRate: Double, momentum: Double)? { learningRate.map { ($0, momentum ?? 0.9) } }

    func run() throws {
        let console = common.console
        Interruption.listen()
        objective.warnOfUnused(console)
        let targets = try objective.readTargets(), found = try start.read(outputs: objective.outputCount(targets), kernels: 6)
        start.warnOfUnused(found.architecture, isInfinite: false, console)
        if start.weights != nil { start.network.warnOfUnstated(console) }
        let rows = found.points.points.times(found.architecture.outputs)
        try HostMemory.require(
            doubles: [[steps, 4, max(1, rows)]], for: "a trajectory of \(steps) steps",
            remedy: "reduce --steps or the number of points")
        let network = AdvisedNetwork(
            architecture: found.architecture, source: found.source, sigmaW: start.network.sigmaW, sigmaB: start.network.sigmaB,
            inputs: found.points,
            loss: try objective.loss(points: found.points.points, outputs: found.architecture.outputs, targets: targets), steps: steps,
            range: try range)
        let folder = OutputFolder(output), files = names.map(folder.file)
        try folder.check(names, overwrite: common.force)
        let engine = try device.engine(console)
        let provenance = Provenance(parameters: parameters, engine: engine.description)
        let scheduler = Scheduler(engine: engine, store: MemoryStore())
        let round = try scheduler.firstRound(RunList([network.start]))
        guard !common.dryRun else {
            return try console.finish(
                "advise", provenance: provenance, outputs: files, dryRun: true, result: ["deviceBytes": round.memory[0].bytesPerBatch],
                text: """
                    \(found.architecture.parameterCount) parameters, \(found.points.points) points, a budget of \(steps) steps, \
                    \(NumberText.bytes(round.memory[0].bytesPerBatch)) of device memory\(check ? ", and 65 trainings" : "")
                    would write \(output)
                    """)
        }
        let measured = try compute([network.start], scheduler, console)[0], draft = try network.draft(measured)
        let end = try compute([try network.probe(draft, measured)], scheduler, console)[0]
        let advice = try network.advice(draft, end)
        var trained: (advised: RunResult, lattice: [RunResult])?
        if check {
            let results = try compute(network.lattice(measured) + [network.training(advice)], scheduler, console)
            trained = (results[results.count - 1], Array(results.dropLast()))
        }
        // A budget of millions of steps takes a while in each of these.
        try Interruption.check()
        let report = try AdviceReport(network, advice, planckMass: planckMass, asked: asked, trained: trained)
        let summary = try AdviceSummary(
            advice, report, momenta: Set([0, 0.9, advice.momentum]).sorted(), planckMass: planckMass, asked: asked)
        try Interruption.check()
        if advice.trust.word != .sure { console.warn(summary.warning) }
        try write(report, summary, provenance, into: folder, console)
        try console.finish(
            "advise", provenance: provenance, outputs: files, result: summary,
            text: "engine: \(engine.description)\n\n\(summary.text)\nwrote \(output)")
    }

    private func write(
        _ report: AdviceReport, _ summary: AdviceSummary, _ provenance: Provenance, into folder: OutputFolder, _ console: Console
    ) throws {
        let curves = try report.curves()
        try Interruption.check()
        let figures = try [report.figure(), report.checkFigure()].compactMap { $0 }
        // From here on all is written, which is what a first signal waits for.
        try Interruption.check()
        try folder.fill(names) {
            try curves.write(to: folder.file("curves.csv"), overwrite: common.force)
            for figure in figures {
                try figure.data?.write(to: folder.file("\(figure.id).csv"), overwrite: common.force)
                _ = try console.write(
                    SVGRenderer().render(figure), to: ["svg", "png", "pdf"].map { folder.file("\(figure.id).\($0)") },
                    calling: "\(figure.id).png or \(figure.id).pdf", overwrite: common.force)
            }
            try ClaimsTable.csv(report.claims()).write(to: folder.file("claims.csv"), overwrite: common.force)
            try AtomicFile.write(
                Console.json(Document(summary: summary, provenance: provenance)), to: folder.file("summary.json"), overwrite: common.force)
        }
    }

    /// The results of runs, in their order.
    private func compute(_ runs: [Run], _ scheduler: Scheduler, _ console: Console) throws -> [RunResult] {
        let progress = console.progress("training", of: runs.count, unit: "networks")
        defer { progress.finish() }
        try scheduler.execute(
            runs,
            progress: {
                if runs.count > 1 { progress.update($0.done, of: $0.total) }
                return true
            }, proceed: { _ in try Interruption.check() })
        return try runs.map { run in
            guard let result = try scheduler.result(for: run) else { throw ExperimentError.missingResults(experiment: "advise", count: 1) }
            return result
        }
    }

    private var parameters: [String: String] {
        func given(_ value: Double?, otherwise word: String) -> String { value.map { "\($0)" } ?? word }
        let own: [String: String] = [
            "steps": "\(steps)", "learningRate": given(learningRate, otherwise: "none"),
            "momentum": given(asked?.momentum, otherwise: "none"),
            "leastLearningRate": given(leastLearningRate, otherwise: "any"),
            "largestLearningRate": given(largestLearningRate, otherwise: "any stable"), "largestMomentum": "\(largestMomentum)",
            "planckMass": "\(planckMass)", "check": "\(check)", "output": output,
        ]
        return own.merging(start.parameters) { $1 }.merging(objective.parameters) { $1 }.merging(device.parameters) { $1 }
    }

    /// `summary.json`.
    private struct Document: Encodable {
        let summary: AdviceSummary
        let provenance: Provenance
    }
}
