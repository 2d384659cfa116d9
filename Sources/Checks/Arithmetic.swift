import Compute
import Engines

/// The standard model of floating-point arithmetic: every operation gives fl(a ∘ b) = (a ∘ b)(1 + δ) + ε with |δ| ≤ u, the unit
/// roundoff, and |ε| at most the smallest normal number, which covers devices that flush subnormal numbers to zero.
struct Arithmetic: Sendable {
    /// u of weights, activations and sensitivities.
    let unitRoundoff: Double
    /// u of Gram sums.
    let gramUnitRoundoff: Double
    /// The smallest normal number of weights and activations.
    let smallest: Double
    /// How many roundings lie between a given weight and the one that is used: 1 if Doubles are rounded to float.
    let weightRoundings: Int

    init(_ precision: Precision) {
        unitRoundoff = precision.unitRoundoff
        gramUnitRoundoff = precision.gramUnitRoundoff
        smallest = precision == .float64 ? 0x1p-1022 : 0x1p-126
        weightRoundings = precision == .float64 ? 0 : 1
    }

    /// γ_n = n u / (1 − n u), the bound on the relative effect of n roundings (Higham, Accuracy and Stability of Numerical
    /// Algorithms, 2nd ed., lemma 3.1). A sum of n products, in any order and with or without fused operations, is off by at most
    /// γ_n Σ |a_i b_i| (sec. 3.1).
    func gamma(_ roundings: Int) -> Double { Self.gamma(roundings, unitRoundoff) }

    /// The same for Gram sums.
    func gramGamma(_ roundings: Int) -> Double { Self.gamma(roundings, gramUnitRoundoff) }

    private static func gamma(_ roundings: Int, _ unit: Double) -> Double {
        let product = Double(roundings) * unit
        return product < 0.5 ? product / (1 - product) : .infinity
    }
}
