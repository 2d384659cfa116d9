import ArgumentParser
import Arrays
import Compute
import Cosmology
import Duality
import Engines
import Experiments
import Figures
import Foundation
import Networks
import Report
import Runs
import ScanFiles

struct EvolveCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "evolve", abstract: "One network beside its universe: the dictionary, the agreement, a figure and a table.",
        discussion: """
            Trains a network by full-batch heavy ball, or another --optimiser, and predicts the training from its tangent kernel at the start. \
            Writes trajectory.npz (outputs and predicted (K+1, N, C), loss, time, and the universe's hubble, eFolds and scaleFactor (K+1)), \
            trajectory.csv, evolve.svg, evolve.png, evolve.pdf and summary.json; with --optimiser friedmann, whose friction is 3H of the \
            network's own energy, or --eras, also universe.svg, .png and .pdf, and with several outputs on one point, which are several \
            fields with the metric Θ⁻¹, fields.svg, .png and .pdf.

            With --kernels the tangent kernel is measured during the training: kernels.npz has steps (T), ntk (T, N, N) or (T, N, N, C, C), \
            eigenvalues (T, NC), outputs (T, N, C), and shares (T, NC), p_i = λ_i (v_i·g)²/gᵀΘg with the slopes g = ∂L/∂f: what each mode \
            contributes to the loss's decrease. Λ = gᵀΘg/gᵀg is the eigenvalue that drives the loss, Λ/λ₁ the spectral position.

            Several points are a field with perturbations, those of a test field: with --dictionary friedmann, too, the metric is not \
            perturbed.

            A FILE is a scan file of one run (Documentation/ScanFile.md); options that are given override its keys, \
            and what it leaves out has the default of scan files, such as momentum 0 where the option has 0.9. Numbers may be \
            expressions, such as --learning-rate 1/9. Where the predicted field has a universe that inflaton universe integrates, its command \
            line is printed.
            """)

    @Argument(help: ArgumentHelp("A scan file (YAML) of one run, in the place of the options for network and training.", valueName: "file"))
    var path: String?

    @OptionGroup var start: NetworkStart
    @OptionGroup var optimisation: OptimisationOptions

    @Option(help: "What predicts: paper, corrected (default), exact, friedmann, universe, frozen, null, fourthOrder or nlo.")
    var dictionary: Prediction?

    @Option(help: "What the figure's horizontal axis counts: time t = k√η, or e-folds of the universe.")
    var clock: Clock = .time

    @Option(help: "What is predicted from: the kernel measured at the start, or that of infinite width.")
    var kernel: KernelSource = .measured

    @Option(parsing: .unconditional, help: "M, the reduced Planck mass in units of the output.")
    var planckMass: Double = 1

    @OptionGroup var kernelSteps: KernelSteps
    @OptionGroup var device: DeviceOptions

    @Option(name: .shortAndLong, help: "The folder to write.")
    var output: String

    @OptionGroup var common: CommonOptions

    var usedFiles: CommandFiles {
        .init(
            reads: [path].compactMap { $0 } + start.files + [optimisation.objective.targets].compactMap { $0 },
            writes: Self.names(withUniverse: true, withFields: true, withKernels: true).map(OutputFolder(output).file))
    }

    /// The files to write: data first, then figures, then the summary.
    private static func names(withUniverse: Bool, withFields: Bool, withKernels: Bool) -> [String] {
        let figures = ["evolve"] + (withUniverse ? ["universe"] : []) + (withFields ? ["fields"] : []) + (withKernels ? ["kernels"] : [])
        return ["trajectory.npz", "trajectory.csv"] + (withKernels ? ["kernels.npz", "kernels.csv"] : [])
            + figures.flatMap { ["\($0).svg", "\($0).png", "\($0).pdf"] } + ["summary.json"]
    }

    func validate() throws {
        if path == nil {
            try optimisation.check()
        } else if optimisation.optimiser.eras != nil {
            throw ValidationError(
                "--eras stand in the file where there is one: eras: \(optimisation.optimiser.eras?.description ?? ""); leave the option out."
            )
        }
        guard planckMass > 0, planckMass.isFinite else {
            throw ValidationError("--planck-mass is \(planckMass), but the Planck mass must be positive and finite; use 1.")
        }
        guard dictionary != .nlo || kernel == .measured else {
            throw ValidationError(
                "--dictionary nlo corrects the measured kernel, but --kernel is infinite, which has no corrections; use --dictionary frozen."
            )
        }
    }

    func run() throws {
        let console = common.console
        Interruption.listen()
        let folder = OutputFolder(output)
        let plan: Plan
        let engine: any Engine, scheduler: Scheduler
        if let path {
            // What is read before any work; the run may depend on what is measured.
            let file = try readFile(path)
            if let weights = start.weights {
                console.warnOfUnused(["--width", "--depth", "--seed"], because: "the network is that of \(weights.printable)")
            }
            engine = try device.engine(console)
            scheduler = Scheduler(engine: engine, store: MemoryStore())
            plan = try self.plan(file, scheduler)
            try folder.check(plan.names, overwrite: common.force)
        } else {
            plan = try planOfOptions(console)
            try folder.check(plan.names, overwrite: common.force)
            engine = try device.engine(console)
            scheduler = Scheduler(engine: engine, store: MemoryStore())
        }
        var run = plan.run
        let dictionary = plan.prediction, names = plan.names, files = names.map(folder.file)
        let provenance = Provenance(parameters: plan.parameters, engine: engine.description)
        if let kernels = plan.kernels {
            try requireKernels(kernels, run)
            run.recording.kernels = kernels
        }
        var round = try scheduler.firstRound(RunList([run]))
        let memory = round.memory[0]
        guard !common.dryRun else {
            let text = """
                \(run.architecture.parameterCount) parameters, \(run.inputs.points) points, \(run.steps) steps, \
                \(NumberText.bytes(memory.bytesPerBatch)) of device memory
                would write \(output)
                """
            return try console.finish("evolve", provenance: provenance, outputs: files, dryRun: true, result: DryRun(memory), text: text)
        }
        if let training = plan.training {
            var start = run
            start.training = nil
            start.recording.kernels = .ends
            let measured = try compute(start, scheduler, scheduler.firstRound(RunList([start]))) { _ in }
            run.training = try training(QuantityValues(measured)[try .named("leadingEigenvalue")] ?? 0)
            if let training = run.training, let loss = measured.initialValue(of: training.loss) {
                try Expansion.check(training.schedule, loss: loss)
            }
            round = try scheduler.firstRound(RunList([run]))
        }
        let progress = console.progress("training", of: run.steps, unit: "steps")
        let result = try compute(run, scheduler, round) { progress.update($0) }
        progress.finish()
        // Where the start was not measured before the training, its loss is known only now.
        if let training = run.training, let loss = result.initialValue(of: training.loss) {
            try Expansion.check(training.schedule, loss: loss)
        }
        let predictedFrom = try console.during("computing the kernel of infinite width") { try self.predictedFrom(run) }
        let pair = try console.during("predicting the training and comparing") {
            try SideBySide(result, prediction: dictionary, planckMass: planckMass, kernel: predictedFrom)
        }
        let evolution = try plan.kernels == nil ? nil : measureKernels(result, console)
        var summary = try pair.summary()
        summary.kernels = evolution?.moments
        if clock == .eFolds, pair.expansion.map({ ($0.expansion.eFolds.last ?? 0) > 0 }) != true {
            console.warn("--clock is ignored: the universe of this training does not expand, so that there are no e-folds to count by")
        }
        for condition in pair.violations where condition.name == .smallCorrection {
            console.warn("outside the window of nlo: \(condition.sentence)")
        }
        let expands = summary.expansion.map { $0.eFolds > 0 } == true
        let figures = [
            pair.figure(clock: expands ? clock : .time), pair.universeFigure(), pair.erasFigure(), pair.fieldsFigure(),
            try evolution?.figure(),
        ].compactMap { $0 }
        let written = try folder.fill(names) {
            try NumericArchive.write(pair.arrays(), texts: [("provenance", provenance.text)], to: files[0], overwrite: common.force)
            try pair.table().write(to: files[1], overwrite: common.force)
            var written = [files[0], files[1]]
            if let evolution {
                written += [files[2], files[3]]
                try console.during("writing \(files[2])") {
                    try NumericArchive.write(
                        evolution.arrays(), texts: [("provenance", provenance.text)], to: files[2], overwrite: common.force)
                }
                try evolution.table().write(to: files[3], overwrite: common.force)
            }
            for figure in figures {
                guard let place = names.firstIndex(of: "\(figure.id).svg") else { continue }
                written += try console.write(
                    SVGRenderer().render(figure), to: files[place...place + 2], calling: "\(figure.id).png or .pdf",
                    overwrite: common.force)
            }
            let last = files[files.count - 1]
            written.append(last)
            try AtomicFile.write(Console.json(Document(summary: summary, provenance: provenance)), to: last, overwrite: common.force)
            return written
        }
        try console.finish(
            "evolve", provenance: provenance, outputs: written, result: summary,
            text: "engine: \(engine.description)\n\n\(SideBySideText(summary).text)\n"
                + (evolution.map { $0.text + "\n" } ?? "") + "wrote \(output)")
    }

    /// Refuses, before any work, kernels that no memory holds, or whose eigenvalues cannot be computed.
    private func requireKernels(_ selection: StepSelection, _ run: Run) throws {
        try KernelSteps.check(selection, steps: run.steps)
        let rows = run.inputs.points.times(run.architecture.outputs), count = selection.count(upTo: run.steps)
        guard rows <= SymmetricEigen.largestOrder else { throw TooManyEigenvalues(rows: rows) }
        // As they are delivered, as they are kept and as they are written, with an eigenproblem.
        try HostMemory.require(
            doubles: [[count, 3, rows, rows], [6, rows, rows]], for: "\(count) tangent kernels of \(rows) rows",
            remedy: count > 2 ? "name fewer steps with --kernels, or use fewer points" : "use fewer points or outputs")
    }

    private func measureKernels(_ result: RunResult, _ console: Console) throws -> KernelEvolution {
        let progress = console.progress("diagonalising kernels", of: result.run.kernelSteps.count, unit: "kernels")
        defer { progress.finish() }
        return try KernelEvolution(result) { done in
            progress.update(done)
            try Interruption.check()
        }
    }

    /// What is to be computed, and how it is predicted.
    private struct Plan {
        /// Of a field kernel that is not measured yet, with another.
        var run: Run
        let prediction: Prediction
        let names: [String]
        let parameters: [String: String]
        /// The steps of the kernels that are measured and written; nil for none.
        let kernels: StepSelection?
        /// The training with the field's kernel, where it has to be measured first.
        var training: ((_ fieldKernel: Double) throws -> Run.Training)?
    }

    private func planOfOptions(_ console: Console) throws -> Plan {
        optimisation.warnOfUnused(console)
        let targetArray = try optimisation.objective.readTargets()
        let found = try start.read(outputs: optimisation.objective.outputCount(targetArray))
        let (architecture, points) = (found.architecture, found.points)
        start.warnOfUnused(architecture, isInfinite: kernel == .infinite, console)
        if start.weights != nil { start.network.warnOfUnstated(console) }
        try requireTrajectory(steps: optimisation.updates, rows: points.points * architecture.outputs)
        let optimisation = optimisation, planckMass = planckMass, dictionary = dictionaryOfHubble
        let training: (Double) throws -> Run.Training = { fieldKernel in
            try optimisation.training(
                points: points.points, outputs: architecture.outputs, targets: targetArray, fieldKernel: fieldKernel,
                planckMass: planckMass, dictionary: dictionary)
        }
        let run = Run(
            architecture: architecture, source: found.source, sigmaW: start.network.sigmaW, sigmaB: start.network.sigmaB, inputs: points,
            training: try training(1))
        return Plan(
            run: run, prediction: try prediction(of: run, self.dictionary), names: try names(of: run, kernelSteps.selection),
            parameters: parameters,
            kernels: try kernelSteps.selection, training: optimisation.optimiser.measuresNetwork ? training : nil)
    }

    private func plan(_ file: EvolveFile, _ scheduler: Scheduler) throws -> Plan {
        let run = try file.run { try compute($0, scheduler, scheduler.firstRound(RunList([$0]))) { _ in } }
        try requireTrajectory(steps: run.steps, rows: run.inputs.points * run.architecture.outputs)
        let own: [String: String] = [
            "file": file.path, "scan": file.file.text, "dictionary": dictionary?.rawValue ?? "standard", "planckMass": "\(planckMass)",
            "kernel": kernel.rawValue, "clock": clock.rawValue, "output": output, "weights": start.weights ?? "drawn",
        ]
        let kernels = try kernelSteps.selection ?? file.kernels
        return Plan(
            run: run, prediction: try prediction(of: run, dictionary ?? file.prediction), names: names(of: run, kernels),
            parameters: own.merging(kernelSteps.parameters) { $1 }.merging(device.parameters) { $1 }, kernels: kernels)
    }

    /// The dictionary by which --hubble is a momentum.
    var dictionaryOfHubble: DualityDictionary { (dictionary ?? .standard).dictionary ?? .standard }

    private func names(of run: Run, _ kernels: StepSelection?) -> [String] {
        let schedule = run.training?.schedule
        return Self.names(
            withUniverse: schedule?.rule == .friedmann || schedule?.rule == .deSitter && schedule?.isConstant == false,
            withFields: run.architecture.outputs > 1 && run.inputs.points == 1, withKernels: kernels != nil)
    }

    /// Trained, predicted and their difference, each as numbers, as a table and as text.
    private func requireTrajectory(steps: Int, rows: Int) throws {
        try HostMemory.require(
            doubles: [[max(1, steps), 24, max(1, rows)]], for: "a trajectory of \(steps) steps",
            remedy: "reduce --steps or the number of points")
    }

    /// What predicts the training, if it can.
    private func prediction(of run: Run, _ asked: Prediction?) throws -> Prediction {
        guard let training = run.training else { return .standard }
        let prediction = asked ?? .standard(for: training.schedule)
        try prediction.check(training.schedule, training.loss.shape)
        try prediction.check(run.architecture, points: run.inputs.points)
        if prediction.needsCouplings {
            try HostMemory.require(
                doubles: [[FiniteWidthCouplings.arraysOfWeights, run.architecture.parameterCount]],
                for: "the derivatives of a network of \(run.architecture.parameterCount) weights", remedy: "use a smaller width")
        }
        return prediction
    }

    /// The result of a run that was planned.
    private func compute(
        _ run: Run, _ scheduler: Scheduler, _ round: Scheduler.FirstRound, progress: @escaping @Sendable (Int) -> Void
    ) throws -> RunResult {
        try scheduler.execute(
            round,
            proceed: { step in
                try Interruption.check()
                if let step { progress(step) }
            })
        guard let result = try scheduler.result(for: run) else { throw ExperimentError.missingResults(experiment: "evolve", count: 1) }
        return result
    }

    /// The kernel of infinite width; nil for the measured one.
    private func predictedFrom(_ run: Run) throws -> [Double]? {
        guard kernel == .infinite else { return nil }
        return try InfiniteWidthKernel(
            architecture: run.architecture, sigmaW: run.sigmaW, sigmaB: run.sigmaB, inputs: run.inputs,
            proceed: { _, _ in try Interruption.check() }
        ).tangentKernel(outputs: run.architecture.outputs)
    }

    private var parameters: [String: String] {
        [
            "dictionary": dictionary?.rawValue ?? "standard", "planckMass": "\(planckMass)", "kernel": kernel.rawValue,
            "clock": clock.rawValue, "output": output,
        ].merging(start.parameters) { $1 }.merging(optimisation.parameters) { $1 }.merging(kernelSteps.parameters) { $1 }
            .merging(device.parameters) { $1 }
    }

    private struct DryRun: Encodable {
        let deviceBytes: Int
        init(_ plan: MemoryPlan) { deviceBytes = plan.bytesPerBatch }
    }

    /// `summary.json`.
    private struct Document: Encodable {
        let summary: SideBySideSummary
        let provenance: Provenance
    }
}

/// `--kernel`.
enum KernelSource: String, ExpressibleByArgument, CaseIterable {
    case measured
    case infinite
}
