import Arrays
import Duality
import Engines
import Foundation
import Networks
import Runs

/// KS figure 2: the largest learning rate at which vacuum energy still dominates, drawn, and tried on networks.
///
/// Each network is trained at its own η_max and at ten times that, from its measured Θ₀ and f₀ towards a minimum one unit away, so
/// that Θ₀ l(f₀)/V₀ is 0.1 and 1 by construction (κ = 10). The condition is one on the universe: the full Friedmann equation is compared
/// with constant H there, and both with the network. Learning rates that break the stability bound η L₁ l″ < 2(1 + γ) are left out.
public struct LargestLearningRate: Experiment {
    /// `figure2`.
    public let id = "figure2"
    public let title = "The largest learning rate with vacuum domination"
    private let scan: EmbeddedScan
    private let seed: UInt64

    /// κ: V₀ = κ Θ₀ l(f₀).
    static let dominance = 10.0
    static let momenta = [0, 0.5, 0.9, 0.99]

    /// The full set trains up to 648 networks; the quick one a third of the seeds at two of three scales.
    init(quick: Bool, seed: UInt64) throws {
        scan = try EmbeddedScan("figure2", quick: quick, seed: seed)
        self.seed = seed
    }

    /// The networks, and once their kernels are known their trainings.
    public var runs: any RunSource { scan }

    /// A training beside both universes.
    struct Tried: Sendable {
        let field: HomogeneousField
        /// Which network; all trainings of one start from the same weights.
        let network: Int
        /// η/η_max.
        let factor: Double
        /// max over t |full Friedmann − constant H| / travel: the cosmology side alone. In units of the Hubble time it depends on the
        /// network through Θ₀ l(f₀)/V₀ only, which is 0.1 or 1 for all: networks of one degree, momentum and factor share it.
        let expansionEffect: Double

        /// Θ₀ l(f₀): the minimum is one unit away, where l is s whatever the degree.
        var potential: Double { field.kernels.start * field.training.loss.scale }
        var degree: Int { field.result.run.degree }

        /// The greatest error of a prediction over the travel.
        func error(_ prediction: Prediction) -> Double { field.comparisons[prediction]!.greatestErrorOverTravel }
    }

    /// Lines of the formula with the networks on them, and what ten times the rate does.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try scan.results(known: known, experiment: id)
        // In the order of the networks, whose seeds are counted from the user's.
        let seeds = results.distinct(\.run.seed).sorted { $0 &- seed < $1 &- seed }
        let ordered = seeds.enumerated().flatMap { network, seed in results.filter { $0.run.seed == seed }.map { (network, $0) } }
        let tried = try ordered.parallelMap { network, result in
            let field = try HomogeneousField(result, predictions: [.paper, .friedmann, .corrected])
            let constant = try Prediction.paper.trajectory(of: field.frozen), full = try Prediction.friedmann.trajectory(of: field.frozen)
            let difference = zip(constant.values, full.values).map { abs($0 - $1) }.max() ?? 0
            let travel = constant.values.map { abs($0 - constant.values[0]) }.max() ?? 0
            return Tried(
                field: field, network: network, factor: (Self.dominance * (try field.vacuumRatio())).rounded(),
                expansionEffect: difference / travel)
        }
        // What is left out only after its network was measured is beyond the bound of stability.
        let named = try (0..<scan.count).count { if case .needs = try scan.candidate(at: $0, known: { _ in nil }) { true } else { false } }
        return ExperimentReport(figures: [try figure(tried)], claims: try judge(tried, excluded: named - results.count))
    }
}
