/// How the tangent kernel of a network with one point and one output depends on its weights, at some weights: what the training of a wide
/// network feels of its finite width to first order in 1/width.
///
/// With g = ∂f/∂θ, the matrix H of second and the tensor T of third derivatives of f by the weights:
/// Θ = g·g, κ = g·Hg, μ = |Hg|² and τ = T[g, g, g]. Θ stays finite as the width n grows in the NTK parameterisation; the others fall as 1/n.
/// κ is half of the rate at which Θ changes along g.
public struct FiniteWidthCouplings: Sendable, Hashable, Codable {
    /// Θ, the tangent kernel.
    public let kernel: Double
    /// κ.
    public let kappa: Double
    /// μ.
    public let mu: Double
    /// τ.
    public let tau: Double

    /// How many arrays of all weights are on the host while couplings are computed: weights, gradient, and a copy in passing.
    public static let arraysOfWeights = 3

    public init(kernel: Double, kappa: Double, mu: Double, tau: Double) {
        (self.kernel, self.kappa, self.mu, self.tau) = (kernel, kappa, mu, tau)
    }

    /// The couplings of a network, in Double: f(θ + s g) to third order, and the rate of the gradient along g. They cost some ten
    /// products with each matrix of weights, and memory for as many numbers again as there are weights.
    /// - Returns: nil for an activation with a kink, which has no second derivatives.
    /// - Throws: `NetworkError` for several points or outputs, and for weights or inputs that do not fit.
    public init?(architecture: Architecture, weights: Weights, sigmaW: Double, sigmaB: Double, inputs: Inputs) throws(NetworkError) {
        try architecture.check(inputs)
        guard inputs.points * architecture.outputs == 1 else {
            throw .outOfRange(
                what: "the number of points times outputs", value: "\(inputs.points * architecture.outputs)",
                limit: "1 for finite-width couplings",
                remedy: "give one point and one output")
        }
        guard weights.values.count == architecture.parameterCount else {
            throw .shapeMismatch(
                what: "the list of weights", found: "(\(weights.values.count))", expected: "(\(architecture.parameterCount))",
                remedy: "give every layer's weights and biases")
        }
        guard architecture.activation.higherSlopes != nil else { return nil }
        let line = WeightLine(architecture: architecture, sigmaW: sigmaW, sigmaB: sigmaB)
        let start = line.forward(inputs.values, weights: weights.values)
        let sensitivities = line.sensitivities(start, weights: weights.values)
        var gradient = [Double](repeating: 0, count: weights.values.count)
        line.addGradient(1, start, sensitivities, to: &gradient)
        let pass = line.forward(inputs.values, weights: weights.values, direction: gradient, order: 3)
        let rates = line.sensitivityRates(pass, sensitivities, weights: weights.values, direction: gradient)
        kernel = pass.output[1]
        kappa = 2 * pass.output[2]
        tau = 6 * pass.output[3]
        mu = line.gradientRateSquared(pass, sensitivities, rates: rates)
    }
}
