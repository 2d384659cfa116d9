import ArgumentParser
import Arrays
import Duality
import Foundation
import Networks
import Runs
import ScanFiles

/// A scan file of one run, with the options that override its keys.
struct EvolveFile {
    let path: String
    let file: ScanFile
    /// What the file asks to be set beside the training, if it is one prediction.
    let prediction: Prediction?
    /// The steps of the kernels that the file records, if these are more than the first and the last.
    let kernels: StepSelection?

    /// Reads a file.
    /// - Throws: `ScanFileError`, also for a file of several runs, or of none.
    init(_ path: String, overrides: [String]) throws {
        self.path = path
        file = try ScanFile(contentsOf: path, overrides: overrides)
        guard file.count == 1, let scan = file.scans.first else {
            let axes = file.scans.flatMap(\.axes).filter { $0.count > 1 }.flatMap(\.names)
            let which = axes.isEmpty ? "" : ", its axes being \(axes.map { "'\($0)'" }.joined(separator: ", "))"
            throw ScanFileError(
                source: path,
                problem: "the file describes \(file.count) runs\(which), but evolve shows one; use inflaton scan, or override each axis "
                    + "with one value, such as --width 64")
        }
        kernels = scan.tangentKernel == nil || scan.recording.kernels == .ends ? nil : scan.recording.kernels
        prediction = scan.recording.predictions.count == 1 ? scan.recording.predictions.first : nil
    }

    /// The run, with all that evolve shows of it.
    /// - Parameter measure: computes a network at its start, on which values of the file may depend.
    func run(_ measure: (Run) throws -> RunResult) throws -> Run {
        func refusal(_ problem: String) -> ScanFileError { ScanFileError(source: path, problem: problem) }
        var known: [Run: RunResult] = [:]
        while true {
            switch try file.candidate(at: 0, known: { known[$0] }) {
            case .needs(let network):
                guard known[network] == nil else { throw ScanError.noProgress(waiting: 1, first: 0) }
                known[network] = try measure(network)
            case .excluded: throw refusal("the run is left out by 'where'; remove the filter")
            case .refused(let reason): throw refusal(reason)
            case .run(let run):
                guard let training = run.training else {
                    throw refusal("the file trains nothing: it has no learningRate; add the key, or give --learning-rate")
                }
                return Run(
                    architecture: run.architecture, source: run.source, sigmaW: run.sigmaW, sigmaB: run.sigmaB, inputs: run.inputs,
                    training: training)
            }
        }
    }
}

extension EvolveCommand {
    /// The file with the options that override it. What some of them mean depends on the optimiser and the learning rate, which the file may say,
    /// so that it may be read twice.
    func readFile(_ path: String) throws -> EvolveFile {
        /// The run depends on what is measured, but nothing can be measured yet.
        struct Unmeasured: Error {}
        func file(_ rule: UpdateRule?, like first: EvolveFile? = nil, _ training: Run.Training? = nil) throws -> EvolveFile {
            let dictionary = (self.dictionary ?? first?.prediction ?? .standard).dictionary ?? .standard
            return try EvolveFile(
                path,
                overrides: overrides(
                    rule: training?.schedule.rule ?? rule, learningRate: training?.schedule.learningRate(at: 0), dictionary: dictionary))
        }
        func training(_ file: EvolveFile) throws -> Run.Training? { try file.run { _ in throw Unmeasured() }.training }
        let given = CommandLineText.gives("--optimiser") ? optimisation.optimiser.rule : nil
        let hasHubble = optimisation.optimiser.hubble != nil
        guard hasHubble || CommandLineText.gives("--planck-mass") else { return try file(given) }
        if hasHubble, let file = try? file(.deSitter), let found = try? training(file), found.schedule.rule == .deSitter { return file }
        do {
            let first = try file(given)
            guard let found = try training(first) else { return first }
            return try file(given, like: first, found)
        } catch is Unmeasured {
            // Friedmann's kernel is measured unless it is given; nothing else that is needed here depends on it.
            let known = try EvolveFile(
                path, overrides: overrides(rule: given, learningRate: nil, dictionary: dictionaryOfHubble) + ["fieldKernel=1"])
            do {
                guard let found = try training(known) else { return known }
                return try file(given, like: known, found)
            } catch is Unmeasured {
                throw ScanFileError(
                    source: path,
                    problem: "the training depends on what the network measures, so that --hubble and --planck-mass cannot be translated; "
                        + "give keys of the file in their place")
            }
        }
    }

    /// The options that were given, as overrides of the keys of a scan file. Keys that say the same in another way are removed.
    func overrides(rule: UpdateRule?, learningRate: Double?, dictionary: DualityDictionary) throws -> [String] {
        var overrides: [String] = []
        func take(_ option: String, _ pairs: @autoclosure () throws -> [String]) throws {
            if CommandLineText.gives(option) { overrides += try pairs() }
        }
        // A text of JSON is one of YAML.
        func quoted(_ text: String) throws -> String { try Console.json(text, formatting: []).trimmingCharacters(in: .newlines) }
        func file(_ path: String?) throws -> String {
            "{file: \(try quoted(PathParts.resolve(path ?? "", in: FileManager.default.currentDirectoryPath)))}"
        }
        try take("--width", ["width=\(start.width)", "widths=null"])
        try take("--depth", ["depth=\(start.depth)", "widths=null"])
        try take("--seed", ["seed=\(start.seed.seed)"])
        try take(
            "--weights",
            ["weights=\(try file(start.weights))"] + ["width", "depth", "widths", "outputs", "bias", "seed"].map { "\($0)=null" })
        try take("--activation", ["activation=\(start.network.activation.name)"])
        try take("--sigma-w", ["sigmaW=\(start.network.sigmaW)"])
        try take("--sigma-b", ["sigmaB=\(start.network.sigmaB)"])
        try take("--parameterisation", ["parameterisation=\(start.network.parameterisation.rawValue)"])
        try take("--inputs", ["inputs=\(try file(start.inputs))"])
        try take("--learning-rate", ["learningRate=\(optimisation.learningRate)", "learningRates=null"])
        try take("--momentum", ["momentum=\(optimisation.momentum)", "momenta=null"])
        try take("--steps", ["steps=\(optimisation.steps)"])
        switch optimisation.objective.loss {
        case .squared: try take("--loss", ["loss=power", "degree=2", "coupling=null"])
        case .doubleWell: try take("--loss", ["loss=doubleWell", "degree=null", "coupling=null"])
        case .power: try take("--loss", ["loss=power", "coupling=null"])
        case .coupled: try take("--loss", ["loss=coupled", "degree=null"])
        }
        if let scale = optimisation.objective.scale { try take("--scale", ["scale=\(scale)"]) }
        let minima = optimisation.objective.minimum.values
        try take(
            "--minimum",
            (minima.count == 1 ? ["minimum=\(minima[0])"] : ["minimum=[[\(optimisation.objective.minimum)]]", "outputs=\(minima.count)"])
                + ["targets=null"])
        try take("--degree", ["degree=\(optimisation.objective.degree)"])
        if let coupling = optimisation.coupling { try take("--coupling", ["coupling=\(try quoted(coupling))"]) }
        try take("--targets", ["targets=\(try file(optimisation.objective.targets))", "minimum=null"])
        try take(
            "--optimiser",
            ["optimiser=\(optimisation.optimiser.rule.name)"]
                + (optimisation.optimiser.rule == .heavyBall ? [] : ["momentum=null", "momenta=null"]))
        if let asked = self.dictionary { try take("--dictionary", ["record.predictions=[\(asked.rawValue)]"]) }
        for (name, value) in optimisation.optimiser.given.sorted(by: { $0.key < $1.key }) where name != "hubble" {
            overrides.append("\(name)=\(value)")
        }
        // What these mean depends on the optimiser, which the file may say.
        if rule == .friedmann { try take("--planck-mass", ["planckMass=\(planckMass)"]) }
        if let hubble = optimisation.optimiser.hubble {
            if rule == .deSitter {
                overrides.append("hubble=\(hubble)")
            } else if rule == .heavyBall, let learningRate {
                overrides += ["momentum=\(try dictionary.momentum(hubble: hubble, learningRate: learningRate))", "momenta=null"]
            } else if let rule {
                throw ValidationError("--hubble is that of heavy-ball or de-sitter, but the optimiser is \(rule.name); leave it out.")
            }
        }
        return overrides
    }
}
