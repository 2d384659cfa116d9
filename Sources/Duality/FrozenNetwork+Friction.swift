import Networks

/// Steps whose friction is 3H of the optimiser's own universe.
///
/// With x = 3Hh/2, h = √η, the rule (1 + x) Δ_k = (1 − x) Δ_{k−1} − ηF rolls slowly by ηF/2x a step, as the field does, whatever x is. It begins
/// with half a kick, ηF/2, however, and what that is too much by goes with ((1 − x)/(1 + x))^k, which alternates in sign beyond x = 1 and hardly
/// dies for a large x. The field is off by ηF/4 for good where the field's own start from rest, ηF/4x², is accounted for, and by ηF/2 (1 − 1/x)
/// after the first step: over a slow roll of K steps, KηF/2x, by
///
///     max(x/2, x − 1)/K.
///
/// Runs of the rule in Double beside the field's equation (l ∝ f² and f⁴, η of 10⁻² and 10⁻⁴, K = 300, Hs over three decades) were off by 0.17,
/// 0.41, 1.37 and 16.3 % of the travel at 3Hh = 2, 4, 10 and 100, where this says 0.17, 0.33, 1.33 and 16.3 %. At
/// 1, 3 times this limit, and K from 30 to 3000, they were off by 1.0 to 1.3 and 3.1 to 5.1 %. Of the e-folds that is at most 0.001 % where
/// ηl″ = 2·10⁻⁵; but what the kinetic energy of the first steps is too large by enters the energy law times 1 − 3Hh, and where xηl″/2 comes near 1
/// H vanishes at every other step, and half of the e-folds with it (M = 10⁻⁶ and η = 0.01 with a loss of 0.01).
extension FrozenNetwork {
    /// 3H√η where it is greatest; nil without an H that is known beforehand, and of the universes of one fluid, whose friction is infinite at the
    /// beginning of time and which the steps follow there.
    func greatestFrictionPerStep() -> Double? {
        guard let expansion = try? Expansion(schedule) else { return nil }
        let step = schedule.learningRate(at: 0).squareRoot()
        switch expansion {
        // From rest the energy only falls.
        case .friedmann: return expansion.friction(at: 0) { outputs.withUnsafeBufferPointer { meanLoss(of: $0) } } * step
        case .constant(let hubble): return 3 * hubble * step
        case .listed(let rates, _): return rates.max().map { 3 * $0 * step }
        case .powerLaw: return nil
        }
    }

    /// 3H√η at which the field of a slow roll is off by a share of its travel.
    static func largestFrictionPerStep(error: Double, steps: Int) -> Double {
        let allowed = error * Double(steps)
        return 2 * min(2 * allowed, 1 + allowed)
    }
}
