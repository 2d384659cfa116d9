import Engines
import Figures
import Runs

/// A scan file with a judgement: runs, and the figures and claims that follow from their results.
public protocol Experiment: Sendable {
    /// Names its files, such as `figure3`.
    var id: String { get }
    /// One line.
    var title: String { get }
    /// The ids of its figures, which name files.
    var figures: [String] { get }
    /// The runs, those of a scan file or a list; a later run may depend on what an earlier one measured.
    var runs: any RunSource { get }
    /// What follows from the results of all runs.
    func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport
    /// The same with an engine at hand, for experiments that are more than runs.
    /// - Parameter proceed: heard between two pieces of work, with what comes next; throws to stop.
    func report(
        known: (Run) throws -> RunResult?, engine: any Engine, proceed: @escaping @Sendable (_ next: String) throws -> Void
    ) throws -> ExperimentReport
}

/// What an experiment has to show.
public struct ExperimentReport: Sendable {
    /// The figures, each with its data.
    public var figures: [Figure]
    /// The claims, each with its verdict.
    public var claims: [Claim]

    public init(figures: [Figure], claims: [Claim]) {
        self.figures = figures
        self.claims = claims
    }
}

/// The experiments that can be asked for by name.
public enum ExperimentRegistry {
    /// The numbers of the paper's figures, in order.
    public static let figures = [1, 2, 3, 4, 5, 6]
    /// The names of the experiments beyond the paper, in order.
    public static let names = [
        "double-well", "resonance", "friedmann", "fluids", "higher-order", "many-fields", "perturbations", "optimisers", "spectra",
        "lattice", "outside-numbers", "learning",
    ]

    /// The experiment behind that figure of the paper; nil if there is none.
    /// - Parameters:
    ///   - quick: a subset of the grid, stated in the claims.
    ///   - seed: the first of the seeds that the networks are drawn from.
    public static func figure(_ number: Int, quick: Bool, seed: UInt64) throws -> (any Experiment)? {
        switch number {
        case 1: try KernelDistribution(quick: quick, seed: seed)
        case 2: try LargestLearningRate(quick: quick, seed: seed)
        case 3: try HomogeneousPrediction(quick: quick, seed: seed)
        case 4: try SpectrumDistribution(quick: quick, seed: seed)
        case 5: try MeanFieldPrediction(quick: quick, seed: seed)
        case 6: try MeanKernelPrediction(quick: quick, seed: seed)
        default: nil
        }
    }

    /// The experiment of that name, one of `names`; nil if there is none.
    /// - Parameters:
    ///   - quick: a subset of the grid, stated in the claims.
    ///   - seed: the first of the seeds that the networks are drawn from.
    public static func named(_ name: String, quick: Bool, seed: UInt64) throws -> (any Experiment)? {
        switch name {
        case "double-well": try DoubleWell(quick: quick, seed: seed)
        case "resonance": Resonance(quick: quick, seed: seed)
        case "fluids": try FluidUniverses(quick: quick, seed: seed)
        case "friedmann": try SelfExpanding(quick: quick, seed: seed)
        case "perturbations": Perturbations(quick: quick)
        case "higher-order": try HigherOrder(quick: quick, seed: seed)
        case "optimisers": try OptimiserFriction(quick: quick, seed: seed)
        case "lattice": try LatticeComparison(quick: quick, seed: seed)
        case "outside-numbers": try OutsideNumbers(quick: quick, seed: seed)
        case "spectra": try SpectraOnDemand(quick: quick, seed: seed)
        case "learning": try LearningSuite(quick: quick, seed: seed)
        case "many-fields": try ManyFields(quick: quick, seed: seed)
        default: nil
        }
    }
}

extension Experiment {
    /// One figure, named as the experiment.
    public var figures: [String] { [id] }

    /// Runs are all that there is.
    public func report(
        known: (Run) throws -> RunResult?, engine: any Engine, proceed: @escaping @Sendable (_ next: String) throws -> Void
    ) throws -> ExperimentReport { try report(known: known) }
}

/// A result that an experiment needs and does not have.
public enum ExperimentError: Error, Sendable, CustomStringConvertible {
    /// Runs are missing: the experiment was not computed to its end.
    case missingResults(experiment: String, count: Int)
    /// Nothing is left to judge.
    case nothingToJudge(experiment: String, reason: String)

    /// One sentence.
    public var description: String {
        switch self {
        case .missingResults(let experiment, let count): "\(experiment) lacks the results of \(count) runs; compute them first"
        case .nothingToJudge(let experiment, let reason): "\(experiment) has nothing to judge: \(reason)"
        }
    }
}
