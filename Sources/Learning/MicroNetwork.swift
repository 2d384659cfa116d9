import Foundation
import Networks

/// A tied auto-encoder of one trainable weight w and N fast neurons, whose free energy is known in closed form (arXiv:2008.01540 and
/// 2111.00903: slow weights, fast neurons in equilibrium).
///
///     H = Σ_i κ/2 (x_i − tanh wa)² + ½ (a − w x̄)² + λw²/2
///
/// for a datum a. With K = κN and t = tanh wa, x̄ is Gaussian with mean (Kt + wa)/(K + w²) and variance 1/(β(K + w²)), so that
///
///     F(w) = −(1/β) ⟨log Z⟩ = ⟨Kt²/2 + a²/2 − (Kt + wa)²/2(K + w²)⟩ + log(K + w²)/2β + λw²/2
///
/// up to a constant, the mean being over the data: a double well with λ = 0.
public struct MicroNetwork: Sendable, Hashable {
    /// N.
    public private(set) var neurons: Int
    /// κ.
    public let stiffness: Double
    /// β.
    public let inverseTemperature: Double
    /// λ.
    public let weightDecay: Double
    /// a, numbers of single precision: standard normal ones cut at ±2.5, then scaled to a mean square of 1.2².
    public let data: [Double]

    /// A network.
    /// - Parameter count: how many data, drawn with the key `seed`.
    /// - Throws: `LearningError` for numbers with which the neurons or the weight have no equilibrium.
    public init(
        neurons: Int = 4, stiffness: Double = 1, inverseTemperature: Double = 4, weightDecay: Double = 0, data count: Int = 512,
        seed: UInt64 = 0
    ) throws(LearningError) {
        guard neurons > 0, stiffness > 0, stiffness.isFinite, inverseTemperature > 0, inverseTemperature.isFinite else {
            throw .divergentPartitionFunction(
                reason:
                    "of \(neurons) neurons with stiffness \(stiffness) at β = \(inverseTemperature) the integral over states has no bound",
                remedy: "all three must be positive")
        }
        guard weightDecay.isFinite, weightDecay >= 0 else {
            throw .divergentPartitionFunction(
                reason: "with λ = \(weightDecay) the free energy falls without bound at large weights",
                remedy: "use a --weight-decay of 0 or more")
        }
        self.neurons = neurons
        self.stiffness = stiffness
        self.inverseTemperature = inverseTemperature
        self.weightDecay = weightDecay
        let drawn = (0..<count).map { max(-2.5, min(2.5, WeightStream.normal(seed: seed, layer: 0, stream: .weight, index: $0))) }
        let scale = 1.2 / (drawn.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
        data = drawn.map { Double(Float($0 * scale)) }
    }

    /// The same with another number of neurons, and the same data.
    func with(neurons: Int) -> MicroNetwork {
        var other = self
        other.neurons = neurons
        return other
    }

    /// (N − 1)/2β, the energy of the neurons' motion against their mean.
    var idleEnergy: Double { Double(neurons - 1) / (2 * inverseTemperature) }

    /// K.
    public var totalStiffness: Double { stiffness * Double(neurons) }

    /// F up to a constant.
    public func freeEnergy(at w: Double) -> Double {
        let k = totalStiffness, d = k + w * w
        let mean = data.reduce(0.0) { sum, a in
            let t = tanh(w * a), m = k * t + w * a
            return sum + 0.5 * k * t * t + 0.5 * a * a - 0.5 * m * m / d
        }
        return mean / Double(data.count) + log(d) / (2 * inverseTemperature) + 0.5 * weightDecay * w * w
    }

    /// F′ = ⟨∂H/∂w⟩ and the variance of ∂H/∂w over data and neurons.
    ///
    /// ∂H/∂w = wS² − (c + a)S + ct with c = K(1 − t²)a is quadratic in the Gaussian S, which makes both exact.
    public func gradient(at w: Double) -> (mean: Double, variance: Double) {
        let k = totalStiffness, d = k + w * w, spread = 1 / (inverseTemperature * d).squareRoot()
        var sum = 0.0, squares = 0.0, own = 0.0
        for a in data {
            let t = tanh(w * a), c = k * (1 - t * t) * a, m = (k * t + w * a) / d
            let linear = spread * (2 * w * m - c - a), quadratic = w * spread * spread
            let mean = w * m * m - (c + a) * m + c * t + quadratic
            sum += mean
            squares += mean * mean
            own += linear * linear + 2 * quadratic * quadratic
        }
        let count = Double(data.count), mean = sum / count
        return (mean + weightDecay * w, own / count + squares / count - mean * mean)
    }

    /// What F′ would be if neurons were at the minimum of H: without the entropy of their fluctuations.
    public func coldGradient(at w: Double) -> Double {
        gradient(at: w).mean - w / (inverseTemperature * (totalStiffness + w * w))
    }

    /// The rate at which fast neurons relax under their own Langevin dynamics: that of the slowest, κ, or κ + w²/N for their mean.
    public var slowestRelaxation: Double { stiffness }

    /// Refuses a learning rate with which steps overshoot where F is steepest, η max F″ ≥ 2(1 + γ).
    /// - Throws: `LearningError.unstable`, `.outOfRange`.
    public func check(learningRate: Double, momentum: Double = 0, within range: ClosedRange<Double>) throws(LearningError) {
        guard learningRate > 0, learningRate.isFinite else {
            throw .outOfRange(name: "the learning rate", value: "\(learningRate)", limit: "positive and finite", remedy: "use 0.02")
        }
        let step = (range.upperBound - range.lowerBound) / 64
        var steepest = 0.0
        for i in 0..<64 {
            let w = range.lowerBound + (Double(i) + 0.5) * step
            steepest = max(steepest, (gradient(at: w + 1e-3).mean - gradient(at: w - 1e-3).mean) / 2e-3)
        }
        let most = 2 * (1 + momentum) / steepest
        guard learningRate < most else { throw .unstable(learningRate: learningRate, largest: most) }
    }
}
