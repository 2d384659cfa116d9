import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

/// Single erf networks of width 512 with the same step in units of their own kernel, η Θ₀ l″/(1 − γ) = 0.1, and travel 1: how much
/// the correction of the dictionary buys.
struct SingleNetworks {
    let seed: UInt64
    static let optimisers = [(1.0 / 9, 0.0), (0.01, 0.9)]
    static let replicas = 12
    /// exp(−0.1 · 80) of the way is left at the end.
    static let steps = 80

    private func initial(_ replica: Int) throws -> Run {
        Run(
            architecture: try Architecture(widths: [512], activation: .erf), source: .seed(seed &+ 2_000_000 &+ UInt64(replica)),
            sigmaW: 1.2,
            sigmaB: 0.3, inputs: try Inputs([1]))
    }

    private func trained(_ initial: Run, after start: RunResult, learningRate: Double, momentum: Double) throws -> Run {
        var run = initial
        let scale = 0.1 * (1 - momentum) / (2 * learningRate * start.initialKernel[0])
        run.training = Run.Training(
            loss: try .power(scale: scale, minimum: start.outputs[0] + 1),
            schedule: try Schedule(learningRate: learningRate, momentum: momentum), steps: Self.steps)
        return run
    }

    func runs(known: (Run) throws -> RunResult?) throws -> [Run] {
        try (0..<Self.replicas).flatMap { replica -> [Run] in
            let start = try initial(replica)
            guard let result = try known(start) else { return [start] }
            return try [start] + Self.optimisers.map { try trained(start, after: result, learningRate: $0.0, momentum: $0.1) }
        }
    }

    func judge(known: (Run) throws -> RunResult?, figure: String) throws -> [Claim] {
        try Self.optimisers.map { learningRate, momentum in
            let pairs = try (0..<Self.replicas).map { replica -> (paper: Double, corrected: Double) in
                let start = try initial(replica)
                guard let known1 = try known(start),
                    let result = try known(trained(start, after: known1, learningRate: learningRate, momentum: momentum))
                else { throw ExperimentError.missingResults(experiment: "the single networks", count: 1) }
                let field = try HomogeneousField(result, predictions: [.paper, .corrected])
                return (field.comparisons[.paper]!.greatestErrorOverTravel, field.comparisons[.corrected]!.greatestErrorOverTravel)
            }
            let paper = try Statistics.median(pairs.map(\.paper)), corrected = try Statistics.median(pairs.map(\.corrected))
            return .judged(
                figure,
                "The corrected dictionary's error is a twentieth of the paper's (erf, width 512, η = \(Claim.number(learningRate)), γ = \(Claim.number(momentum)))",
                "median ratio of greatest errors, paper / corrected, ≥ 20; \(Self.replicas) networks, travel 1, η Θ_0 l″ = 0.1 (1 − γ)",
                try Estimate(median: pairs.map { $0.paper / $0.corrected }, .logarithmic), .atLeast(20),
                control: .init(1, "the paper's dictionary itself"), detail: "\(Claim.number(paper)) against \(Claim.number(corrected))")
        }
    }
}
