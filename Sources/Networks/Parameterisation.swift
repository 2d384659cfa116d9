/// Where σ_w and σ_b enter: at every evaluation, or only in the distribution of the initial weights.
public enum Parameterisation: String, Sendable, Codable, Hashable, CaseIterable {
    /// z = σ_w/√n h W + σ_b b with W, b ~ N(0, 1) (KS eq. 1): the tangent kernel stays finite as the width grows.
    case ntk
    /// z = h W + b with W ~ N(0, σ_w²/n), b ~ N(0, σ_b²).
    case standard

    /// The factors (α, β) of z = α h W + β b in a layer with `fanIn` inputs.
    public func forwardScales(sigmaW: Double, sigmaB: Double, fanIn: Int) -> (weight: Double, bias: Double) {
        switch self {
        case .ntk: (sigmaW / Double(fanIn).squareRoot(), sigmaB)
        case .standard: (1, 1)
        }
    }

    /// The standard deviations of the initial weights and biases of a layer with `fanIn` inputs.
    public func initialScales(sigmaW: Double, sigmaB: Double, fanIn: Int) -> (weight: Double, bias: Double) {
        switch self {
        case .ntk: (1, 1)
        case .standard: (sigmaW / Double(fanIn).squareRoot(), sigmaB)
        }
    }
}
