import Cosmology

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Parametric resonance of the modes of a quartic loss at momentum 1: Lamé's equation d″ + 3 r X² d = 0 on X″ + X³ = 0, X(0) = 1,
/// X′(0) = 0.
///
/// For l = s (f − f_min)⁴ the mean field released at rest at f_min ± A is A X(ωt) with ω = √(4 s L₁) A, and mode i obeys Lamé's
/// equation with r = λ_i/λ₁ in the time ωt. Of the modes with r ≤ 1, those with 1/3 < r < 1 grow as e^{μωt} and
/// the others are bounded (further bands lie above r = 2, where no mode of a network is). It takes
/// modes without a mean, u_i = 0, as their source would swamp the growth.
public enum Floquet {
    /// Γ(1/4)²/√π, the period of X; that of X² is half of it.
    public static let period: Double = {
        let quarter = tgamma(0.25)
        return quarter * quarter / Double.pi.squareRoot()
    }()

    /// The band of r in which modes grow.
    public static let unstableBand = (lower: 1.0 / 3, upper: 1.0)

    /// μ(r), the growth exponent per unit of the time ωt; 0 where the mode is bounded.
    ///
    /// From the trace of the monodromy over half a period, 2 cosh(μT/2) in magnitude, integrated to 1e-13. Bounded modes have a
    /// trace within ±2; exponents below 1e-6 at the edges of the band are lost in the rounding of it.
    /// - Parameter massRatio: r ≥ 0 and finite.
    /// - Throws: `DualityError.outOfRange` and `.integration`.
    public static func exponent(massRatio: Double) throws(DualityError) -> Double {
        guard massRatio >= 0, massRatio.isFinite else {
            throw .outOfRange(
                what: "the mass ratio λ_i/λ₁", value: massRatio, limit: "at least 0 and finite", remedy: "give one from 0 to 1")
        }
        // X, X′, then the two solutions that start as (1, 0) and (0, 1), each with its rate.
        let initial: [Double] = [1, 0, 1, 0, 0, 1]
        let end: [[Double]]
        do {
            end = try DormandPrince853(relativeTolerance: 1e-13, absoluteTolerance: 1e-15)
                .solve(from: 0, initial: initial, at: [period / 2]) { _, state, rate in
                    let spring = 3 * massRatio * state[0] * state[0]
                    rate[0] = state[1]
                    rate[1] = -state[0] * state[0] * state[0]
                    rate[2] = state[3]
                    rate[3] = -spring * state[2]
                    rate[4] = state[5]
                    rate[5] = -spring * state[4]
                }
        } catch {
            throw .integration(prediction: .paper, reason: error)
        }
        let half = abs(end[0][2] + end[0][5]) / 2
        // Beyond rounding: the trace is good to some 1e-12, so that μ is, where it is not 0, to 1e-12/sinh.
        return half > 1 + 1e-12 ? acosh(half) * 2 / period : 0
    }

    /// ω = √(4 s L₁) A, the unit of `exponent` in the time t = k√η.
    /// - Parameters:
    ///   - scale: s > 0 of the loss s (f − f_min)⁴.
    ///   - leadingEigenvalue: L₁ > 0.
    ///   - amplitude: A = |f̄(0) − f_min| > 0.
    public static func frequency(scale: Double, leadingEigenvalue: Double, amplitude: Double) -> Double {
        (4 * scale * leadingEigenvalue).squareRoot() * abs(amplitude)
    }
}
