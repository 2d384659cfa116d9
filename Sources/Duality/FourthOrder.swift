#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The numbers of the fourth-order dictionary, and the motion of a mode under it.
///
/// A step of heavy ball is, up to a shift by half a step, T(h/2) B(h) T(h/2), h = √η: half a drift q += hp/2, friction and force at a
/// fixed place, p ← γp − …, and half a drift again. B is the flow of p′ = −cp − F g(q) with e^(−ch) = γ and F (1 − γ)/(ch) = 1, exactly.
/// The Baker–Campbell–Hausdorff series of the symmetric product has even powers of h only; with its h² term, and g = Θ l′/N,
///
///     q′ = p + h² [c (cp + F g) − F g′p]/12,
///     p′ = −cp − F g + h² [F g″(p, p)/24 − (cF g′p + 2F² g′g)/12],
///
/// from q = f₀, p = 0 half a step before the start, and f = q + hp/2 half a step later. What is left out is of order h⁴ at fixed c. Without
/// momentum c is infinite, and training is the flow f′ = −√η (g + η g′g/2), which follows it to second order in η.
struct FourthOrder {
    /// h = √η.
    let timeStep: Double
    /// c = −ln γ/√η; infinite for γ = 0.
    let friction: Double
    /// F = −ln γ/(1 − γ), 1 for γ = 1; infinite for γ = 0.
    let forceFactor: Double

    init(learningRate: Double, momentum: Double) {
        timeStep = learningRate.squareRoot()
        friction = momentum < 1 ? -log(momentum) / timeStep : 0
        forceFactor = momentum < 1 ? -log(momentum) / (1 - momentum) : 1
    }

    /// Whether there is momentum, without which training is a flow of first order.
    var isSecondOrder: Bool { friction.isFinite }

    /// The equation that a mode of a quadratic loss obeys, g = λf: the friction is c, and what is left is F times 1 or more.
    func mode(curvature: Double) -> DictionaryTerms.Dynamics {
        let (h, c, force) = (timeStep, friction, forceFactor * curvature)
        guard isSecondOrder else { return .firstOrder(rate: h * curvature * (1 + 0.5 * h * h * curvature)) }
        let q = h * h * force
        // Trace and determinant of the two linear equations; the trace is −c.
        let springFactor = 1 + q / 12 - q * q / 72 + h * h * c * c * q / 144
        return .secondOrder(
            friction: c, forceFactor: forceFactor * springFactor,
            initialVelocityFactor: forceFactor * (0.5 * h * (1 + q / 6) - h * h * c / 12))
    }

    /// The equation without its terms of order h² but the first kick, which is the same for all losses up to order h³.
    var leading: DictionaryTerms.Dynamics {
        .secondOrder(
            friction: friction, forceFactor: forceFactor,
            initialVelocityFactor: forceFactor * (0.5 * timeStep - timeStep * timeStep * friction / 12))
    }
}
