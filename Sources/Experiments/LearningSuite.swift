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

    init(quick: Bool, seed: UInt64) { options = LearningOptions(quick: quick, seed: seed) }

    /// Its ensembles are no runs of a scan.
    public var runs: any RunSource { RunList([]) }
    public var figures: [String] { LearningRegistry.written(options) }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        try report(on: LearningDevice(nil))
    }

    public func report(
        known: (Run) throws -> RunResult?, engine: any Engine, proceed: @escaping @Sendable (_ next: String) throws -> Void
    ) throws -> ExperimentReport {
        try report(on: LearningDevice((engine as? OpenCLEngine)?.context, proceed: proceed))
    }

    private func report(on device: LearningDevice) throws -> ExperimentReport {
        let (figures, claims) = try LearningRegistry.all(options, on: device)
        return ExperimentReport(figures: figures, claims: claims)
    }
}
