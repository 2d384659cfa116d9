/// Whether vacuum energy dominates the universe, so that its expansion is as steady as the friction of heavy ball.
///
/// It is a condition on the universe only: the network follows constant friction regardless. With full Friedmann friction the
/// field differs by 0.04 to 0.16 times [Θ₀ l(f₀)/V₀] |f₀ − f_min|, so that κ = 10 keeps it within 1.6 %.
public enum VacuumDomination {
    /// Θ₀ l(f₀), the potential without V₀: of one field its kernel times its loss, of several L₁ ⟨Σ_c l(f_c)⟩.
    public static func potential(leadingEigenvalue: Double, meanLoss: Double) -> Double { leadingEigenvalue * meanLoss }

    /// Θ₀ l(f₀)/V₀, to be small; started from rest the energy only falls. Infinite where V₀ = 0 (γ = 1) and the potential is not.
    public static func ratio(potential: Double, vacuumEnergy: Double) -> Double {
        potential == 0 ? 0 : potential / vacuumEnergy
    }

    /// The largest learning rate with V₀ ≥ κ Θ₀ l(f₀): M²(1 − γ)²/(3κ Θ₀ l₀) with the paper's dictionary (KS fig. 2), 2/(1 + γ)
    /// times as much with the corrected one. Infinite where the potential is 0, and 0 at γ = 1.
    ///
    /// The bound of stability, η < 2(1 + γ)/(L₁ l″), is another one (`RegimeBounds`); it is often the smaller.
    /// - Parameters:
    ///   - dictionary: `paper` or `corrected` (default); `exact` states V₀ mode by mode, and is refused.
    ///   - potential: Θ₀ l(f₀) ≥ 0.
    ///   - dominance: κ > 0. Default 10.
    /// - Throws: `DualityError`.
    public static func largestLearningRate(
        _ dictionary: DualityDictionary = .standard, potential: Double, momentum: Double, planckMass: Double = 1,
        dominance: Double = 10
    ) throws(DualityError) -> Double {
        guard potential >= 0, potential.isFinite else {
            throw .outOfRange(
                what: "the potential Θ₀ l(f₀)", value: potential, limit: "at least 0 and finite", remedy: "check the loss and its scale")
        }
        guard dominance > 0, dominance.isFinite else {
            throw .outOfRange(what: "the dominance κ", value: dominance, limit: "positive and finite", remedy: "use 10")
        }
        // V₀ goes with 1/η in every dictionary whose friction goes with 1/√η.
        let unit = try dictionary.terms(learningRate: 1, momentum: momentum, planckMass: planckMass)
        guard potential > 0 else { return .infinity }
        return (unit.vacuumEnergy ?? 0) / (dominance * potential)
    }
}
