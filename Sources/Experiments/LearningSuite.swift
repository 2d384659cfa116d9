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

    init(quick: Bool, seed: UInt64) throws {
        options = LearningOptions(quick: quick, seed: seed)
        ensembles = try LearningRegistry.ensembles(options).map { try Run($0) }
    }

    /// Its ensembles that obey Fokker and Planck or are asked for χ. What else it does is none of a scan.
    public var runs: any RunSource { RunList(ensembles) }
    public var figures: [String] { LearningRegistry.written(options) }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        try report(on: LearningDevice(nil, source: EnsembleResults(ensembles, known: known).record(of:)))
    }

    public func report(
        known: (Run) throws -> RunResult?, engine: any Engine, proceed: @escaping @Sendable (_ next: String) throws -> Void
    ) throws -> ExperimentReport {
        let results = try EnsembleResults(ensembles, known: known)
        return try report(on: LearningDevice((engine as? OpenCLEngine)?.context, source: results.record(of:), proceed: proceed))
    }

    private func report(on device: LearningDevice) throws -> ExperimentReport {
        let (figures, claims) = try LearningRegistry.all(options, on: device)
        return ExperimentReport(figures: figures, claims: claims)
    }
}

/// What was counted of ensembles, by the runs that they are.
public struct EnsembleResults: Sendable {
    private let records: [EnsembleTraining: EnsembleRecord]

    /// - Throws: `ExperimentError.missingResults` where a run was not computed, or its counts were not kept; what `known` throws.
    public init(_ runs: [Run], known: (Run) throws -> RunResult?) throws {
        var records: [EnsembleTraining: EnsembleRecord] = [:], missing = 0
        for run in runs {
            guard let training = run.ensemble, records[training] == nil else { continue }
            if let record = try known(run)?.ensembleRecord { records[training] = record } else { missing += 1 }
        }
        guard missing == 0 else { throw ExperimentError.missingResults(experiment: "learning", count: missing) }
        self.records = records
    }

    /// - Throws: `ExperimentError.missingResults` for an ensemble that is none of the runs.
    public func record(of training: EnsembleTraining) throws -> EnsembleRecord {
        guard let record = records[training] else { throw ExperimentError.missingResults(experiment: "learning", count: 1) }
        return record
    }
}
