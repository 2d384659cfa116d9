import Foundation

extension Activation {
    /// The exact Gaussian error linear unit z Φ(z) (not its tanh approximation); slope Φ(z) + z φ(z).
    ///
    /// Φ is taken from `erfc`, which keeps its relative accuracy in the negative tail where 1 + erf cancels.
    public static let gelu = Activation(
        name: "gelu",
        value: { $0 * gaussianCumulative($0) },
        slope: { gaussianCumulative($0) + $0 * exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot() },
        higherSlopes: {
            let density = exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot()
            return ((2 - $0 * $0) * density, ($0 * $0 - 4) * $0 * density)
        },
        kernelValue: "(z * (REALV)((REAL)0.5) * ERFC(z * (REALV)((REAL)-0.70710678118654752)))",
        kernelSlope: """
            ((REALV)((REAL)0.5) * ERFC(z * (REALV)((REAL)-0.70710678118654752)) \
            + z * (REALV)((REAL)0.39894228040143268) * EXP_NEGATIVE((REALV)((REAL)-0.5) * z * z))
            """,
        lipschitzBound: 1.13,
        dual: DualActivation(value: geluExpectation, slope: geluSlopeExpectation))

    /// With P the probability that p = u − ξ and q = v − η are both positive for independent standard normal ξ and η,
    ///
    ///     E[uΦ(u) vΦ(v)] = E[u v; p > 0, q > 0] = c P + (abΔ + c²)/(2π αβ √Δ),
    ///     α = 1 + a,   β = 1 + b,   Δ = αβ − c² = 1 + a + b + (ab − c²),   P = 1/4 + arcsin(c/√(αβ))/2π.
    ///
    /// Derivation: u and v are linear in p and q but for independent noise, so that second moments of (p, q) over the quadrant
    /// suffice: E[pq] = (√Δ + 2πPc)/2π, E[p²] = αP + c√Δ/(2πβ). Equal to the GELU kernel of R. Tsuchida et al., Avoiding kernel
    /// fixed points: computing with ELU and GELU infinite networks, 2021 (arXiv:2002.08517).
    ///
    /// With R = √(ab/αβ), D = Δ/αβ and t = √D/(ρR) this is √(ab) (ρ 2πP + R√D + Rρ²/(αβ√D))/2π. For opposite points, ρ < 0, with |t| < 1, the
    /// three cancel: 2πP is arctan|t| there, and of R√D − √D/R, which is −√D (1 − R²)/R, the small factor is 1 − R² = 1/α + (1 − 1/α)/β.
    private static func geluExpectation(_ pair: GaussianPair) -> Double {
        let noisy = NoisyPair(pair, noise: 1)
        let (rho, share, p, q) = (pair.correlation, noisy.share, noisy.p, noisy.q)
        guard pair.scale > 0 else { return 0 }
        let root = noisy.complement.squareRoot()
        let noise = share * rho * rho * (p / root * q)
        guard rho < 0, root < -rho * share else {
            return pair.scale * ((rho * quadrant(pair, noisy) + share * root + noise) / (2 * .pi))
        }
        let gap = -rho * arctangentGap(root / (-rho * share))
        return pair.scale * ((gap - root * (p + (1 - p) * q) / share + noise) / (2 * .pi))
    }

    /// The derivative with respect to c, by dP/dc = 1/(2π√Δ): P + c (3 + a + b + c²/Δ)/(2π αβ √Δ).
    private static func geluSlopeExpectation(_ pair: GaussianPair) -> Double {
        let noisy = NoisyPair(pair, noise: 1)
        let ratio = pair.correlation * noisy.share / noisy.complement.squareRoot()
        let (p, q) = (noisy.p, noisy.q)
        return (quadrant(pair, noisy) + ratio * (p + q + p * q + (ratio * p) * (ratio * q))) / (2 * .pi)
    }

    /// 2πP.
    private static func quadrant(_ pair: GaussianPair, _ noisy: NoisyPair) -> Double {
        atan2(noisy.complement.squareRoot(), -pair.correlation * noisy.share)
    }

    private static func gaussianCumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
}
