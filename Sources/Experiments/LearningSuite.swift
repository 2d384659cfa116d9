import Engines
import Figures
import Learning
import Runs

/// All experiments on the theory of learning (arXiv:2111.00903), with the table of its claims.
public struct LearningSuite: Experiment {
    /// `learning`.
    public let id = "learning"
    public let title = "Learning as quantum mechanics and gravity"
    private let options: LearningOptions
    private let ensembles: [Run]
    private let processes: [Run]

    init(quick: Bool, seed: UInt64) throws {
        options = LearningOptions(quick: quick, seed: seed)
        let all = try LearningRegistry.processes(options).map { try Run($0) }
        (ensembles, processes) = (all.filter { $0.ensemble != nil }, all.filter { $0.ensemble == nil })
    }

    /// Its ensembles that obey Fokker and Planck or are asked for χ.
    public var runs: any RunSource { RunList(ensembles) }
    public var figures: [String] { LearningRegistry.written(options) }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        try report(on: ProcessResults(ensembles, known: known).device(nil))
    }

    public func report(
        known: (Run) throws -> RunResult?, engine: any Engine, proceed: @escaping @Sendable (_ next: String) throws -> Void
    ) throws -> ExperimentReport {
        // Other processes are none of its runs, but a store may have them.
        let others = try processes.filter { try known($0) != nil }
        return try report(on: ProcessResults(ensembles + others, known: known).device(engine, proceed: proceed))
    }

    private func report(on device: LearningDevice) throws -> ExperimentReport {
        let (figures, claims) = try LearningRegistry.all(options, on: device)
        return ExperimentReport(figures: figures, claims: claims)
    }
}

/// What became of processes, by the runs that they are.
public struct ProcessResults: Sendable {
    private let ensembles: [EnsembleTraining: EnsembleRecord]
    private let others: [LearningProcess: ProcessRecord]

    /// - Throws: `ExperimentError.missingResults` where a run was not computed, or its counts were not kept; what `known` throws.
    public init(_ runs: [Run], known: (Run) throws -> RunResult?) throws {
        var ensembles: [EnsembleTraining: EnsembleRecord] = [:], others: [LearningProcess: ProcessRecord] = [:], missing = 0
        for run in runs {
            guard let process = run.process else { continue }
            if case .ensemble(let training) = process {
                guard ensembles[training] == nil else { continue }
                if let record = try known(run)?.ensembleRecord { ensembles[training] = record } else { missing += 1 }
            } else if others[process] == nil {
                if let record = try known(run)?.processRecord { others[process] = record } else { missing += 1 }
            }
        }
        guard missing == 0 else { throw ExperimentError.missingResults(experiment: "learning", count: missing) }
        self.ensembles = ensembles
        self.others = others
    }

    /// Where an engine computes what is none of the runs.
    /// - Parameter proceed: Default: goes on.
    public func device(
        _ engine: (any Engine)?, proceed: @escaping @Sendable (_ next: String) throws -> Void = { _ in }
    ) -> LearningDevice {
        var device = LearningDevice((engine as? OpenCLEngine)?.context, source: record(of:), processes: { others[$0] }, proceed: proceed)
        if let engine { device.precision = engine.description.precision }
        return device
    }

    /// - Throws: `ExperimentError.missingResults` for an ensemble that is none of the runs.
    public func record(of training: EnsembleTraining) throws -> EnsembleRecord {
        guard let record = ensembles[training] else { throw ExperimentError.missingResults(experiment: "learning", count: 1) }
        return record
    }
}
