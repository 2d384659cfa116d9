import Figures

/// σ_b and the points from −α to α, which decide how the modes of a kernel compare. With the paper's dictionary η = 1/9, γ = 0 gives
/// H = 1, so that α is in Hubble lengths.
struct IntervalSetting: Hashable, Sendable {
    let sigmaB: Double
    let alpha: Double
    var label: String { "σ_b = \(Claim.number(sigmaB)), α = \(Claim.number(alpha))" }
}
