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
    /// One line.
    public let title = "The largest learning rate with vacuum domination"
    let quick: Bool
    let seed: UInt64

    /// κ: V₀ = κ Θ₀ l(f₀).
    static let dominance = 10.0
    static let momenta = [0, 0.5, 0.9, 0.99]
    static let trainedMomenta = [0, 0.5, 0.9]
    static let factors = [1.0, 10]
    static let degrees = [2, 4]
    static let sigmaWs = [0.5, 1, 1.5]
    static let scales = [0.01, 0.1, 1]
    static let width = 512

    /// The full set trains up to 648 networks; the quick one a third of the seeds at two of three scales.
    init(quick: Bool, seed: UInt64) {
        self.quick = quick
        self.seed = seed
    }

    /// One network before it is trained.
    private func starts() throws -> [Run] {
        var starts: [Run] = []
        var number: UInt64 = 0
        for activation in [Activation.relu, .erf] {
            let architecture = try Architecture(widths: [Self.width], activation: activation)
            for sigmaW in Self.sigmaWs {
                for replica in 0..<3 {
                    number += 1
                    guard !quick || replica == 0 else { continue }
                    starts.append(
                        Run(
                            architecture: architecture, source: .seed(seed &+ 3_000_000 &+ number), sigmaW: sigmaW, sigmaB: 0.1,
                            inputs: try Inputs([1])))
                }
            }
        }
        return starts
    }

    /// One training of one network.
    struct Trial: Sendable {
        let run: Run
        /// Which network; all trainings of one start from the same weights.
        let network: Int
        let momentum: Double
        let factor: Double
        let degree: Int
        /// Θ₀ l(f₀).
        let potential: Double
        let learningRate: Double
        /// Whether η L₁ l″ < 2(1 + γ).
        let isStable: Bool
    }

    func trials(_ start: Run, _ result: RunResult, network: Int) throws -> [Trial] {
        let kernel = result.initialKernel[0]
        var trials: [Trial] = []
        for scale in quick ? [Self.scales[0], Self.scales[2]] : Self.scales {
            for degree in Self.degrees {
                // Travel 1: l(f₀) = s whatever the degree.
                let loss = try Loss.power(degree: degree, scale: scale, minimum: result.outputs[0] + 1)
                let curvature = loss.shape.curvature(result.outputs[0], anchor: result.outputs[0] + 1, scale: scale)
                for momentum in Self.trainedMomenta {
                    let largest = try VacuumDomination.largestLearningRate(
                        .paper, potential: kernel * scale, momentum: momentum, dominance: Self.dominance)
                    for factor in Self.factors {
                        let learningRate = factor * largest
                        let bound = try RegimeBounds(momentum: momentum).largestStableLearningRate(curvature: kernel * curvature)
                        var run = start
                        run.training = Run.Training(
                            loss: loss, schedule: try Schedule(learningRate: learningRate, momentum: momentum),
                            steps: Self.steps(degree: degree, momentum: momentum, factor: factor))
                        trials.append(
                            Trial(
                                run: run, network: network, momentum: momentum, factor: factor, degree: degree, potential: kernel * scale,
                                learningRate: learningRate, isStable: learningRate < bound))
                    }
                }
            }
        }
        return trials
    }

    /// Five relaxation times: with q = η Θ₀ l″ = factor n(n−1)(1−γ)²/(3κ), a step covers q/(1−γ) of one.
    static func steps(degree: Int, momentum: Double, factor: Double) -> Int {
        let rate = factor * Double(degree * (degree - 1)) * (1 - momentum) / (3 * dominance)
        return max(40, Int((5 / rate).rounded(.up)))
    }

    /// The networks, and once their kernels are known their trainings.
    public func runs(known: (Run) throws -> RunResult?) throws -> [Run] {
        try starts().enumerated().flatMap { network, start -> [Run] in
            guard let result = try known(start) else { return [start] }
            return try [start] + trials(start, result, network: network).filter(\.isStable).map(\.run)
        }
    }

    /// A training beside both universes.
    struct Tried: Sendable {
        let trial: Trial
        let field: HomogeneousField
        /// max over t |full Friedmann − constant H| / travel: the cosmology side alone. In units of the Hubble time it depends on the
        /// network through Θ₀ l(f₀)/V₀ only, which is 0.1 or 1 for all: networks of one degree, momentum and factor share it.
        let expansionEffect: Double

        /// The greatest error of a prediction over the travel.
        func error(_ prediction: Prediction) -> Double { field.comparisons[prediction]!.greatestErrorOverTravel }
    }

    /// Lines of the formula with the networks on them, and what ten times the rate does.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        var all: [Trial] = []
        for (network, start) in try starts().enumerated() {
            guard let result = try known(start) else { throw ExperimentError.missingResults(experiment: id, count: 1) }
            all += try trials(start, result, network: network)
        }
        let stable = all.filter(\.isStable)
        let results = try stable.compactMap { try known($0.run) }
        guard results.count == stable.count else {
            throw ExperimentError.missingResults(experiment: id, count: stable.count - results.count)
        }
        let tried = try Array(zip(stable, results)).parallelMap { trial, result in
            let field = try HomogeneousField(result, predictions: [.paper, .friedmann, .corrected])
            let constant = try Prediction.paper.trajectory(of: field.frozen), full = try Prediction.friedmann.trajectory(of: field.frozen)
            let difference = zip(constant.values, full.values).map { abs($0 - $1) }.max() ?? 0
            let travel = constant.values.map { abs($0 - constant.values[0]) }.max() ?? 0
            return Tried(trial: trial, field: field, expansionEffect: difference / travel)
        }
        return ExperimentReport(figures: [try figure(tried)], claims: try judge(tried, excluded: all.count - stable.count))
    }
}
