import Arrays
import Duality
import Networks
import Runs

/// An advised training beside a lattice of others.
public struct AdviceVerdict: Sendable {
    let problem: AdvisedNetwork
    let advice: Advice
    /// The losses of the advised training at each step that it may take.
    let losses: [Double]
    /// The final losses of the lattice, infinite where a training diverged.
    public let lattice: [Double]

    /// - Parameter lattice: in the order of ``Advice/lattice(side:curvature:)``.
    init(_ problem: AdvisedNetwork, _ advice: Advice, _ advised: RunResult, lattice: [Double]) {
        (self.problem, self.advice, self.lattice) = (problem, advice, lattice)
        losses = advised.losses.map { $0.orInfinite }
    }

    /// L_K of the best of the lattice.
    public var best: Double { lattice.min() ?? .infinity }
    /// L_K of the advised training.
    public var advisedLoss: Double { losses.count > problem.steps ? losses[problem.steps] : .infinity }

    /// A loss of 10⁻⁴ of the first, below which all has been learned to 1 %.
    var learned: Double { Advice.learnedLoss * advice.initialLoss }

    /// The steps until the advised training reached what the best of the lattice has after K, over K; nil where it does not in 1.1 K.
    /// - Parameter floor: losses below this count as equal.
    func steps(floor: Double) -> Double? {
        losses.firstIndex { $0 <= max(best, floor) }.map { Double($0) / Double(problem.steps) }
    }

    /// Whether it did as well as the best of the lattice, as far as there was something left to learn.
    public var isGood: Bool { steps(floor: learned) != nil }
    /// Whether it did so however little was left.
    public var isBest: Bool { steps(floor: 0) != nil }
    /// The loss of outputs that are off by four units in the last place of float64, of themselves at the start or of the targets: where both
    /// trainings are there, rounding decides which is lower.
    var rounding: Double {
        let network = advice.forecasts[0].network, unit = 4 * Double.ulpOfOne
        let sum = zip(network.outputs, network.anchors).reduce(0.0) { $0 + max($1.0 * $1.0, $1.1 * $1.1) }
        return network.loss.scale * unit * unit * sum / Double(network.points)
    }
    /// Whether it had been said that it might not.
    var wasWarned: Bool { advice.trust.word != .sure }
}
