import Foundation

extension Activation {
    /// The exact Gaussian error linear unit z Φ(z) (not its tanh approximation); slope Φ(z) + z φ(z).
    ///
    /// Φ is taken from `erfc`, which keeps its relative accuracy in the negative tail where 1 + erf cancels.
    public static let gelu = Activation(
        name: "gelu",
        value: { $0 * gaussianCumulative($0) },
        slope: { gaussianCumulative($0) + $0 * exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot() },
        kernelValue: "(z * (REALV)((REAL)0.5) * erfc(z * (REALV)((REAL)-0.70710678118654752)))",
        kernelSlope: """
            ((REALV)((REAL)0.5) * erfc(z * (REALV)((REAL)-0.70710678118654752)) \
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
    private static func geluExpectation(_ pair: GaussianPair) -> Double {
        let moments = GeluMoments(pair)
        let ab = pair.firstVariance * pair.secondVariance, c = pair.covariance
        return c * moments.quadrant + (ab * moments.root + c * c / moments.root) / (2 * .pi * moments.product)
    }

    /// The derivative with respect to c, by dP/dc = 1/(2π√Δ): P + c (3 + a + b + c²/Δ)/(2π αβ √Δ).
    private static func geluSlopeExpectation(_ pair: GaussianPair) -> Double {
        let moments = GeluMoments(pair)
        let c = pair.covariance, ratio = c / moments.root
        let bracket = 3 + pair.firstVariance + pair.secondVariance + ratio * ratio
        return moments.quadrant + ratio * bracket / (2 * .pi * moments.product)
    }

    /// √Δ, αβ and P.
    private struct GeluMoments {
        let root, product, quadrant: Double

        init(_ pair: GaussianPair) {
            root = (1 + pair.firstVariance + pair.secondVariance + pair.determinant).squareRoot()
            product = (1 + pair.firstVariance) * (1 + pair.secondVariance)
            quadrant = atan2(root, -pair.covariance) / (2 * .pi)
        }
    }

    private static func gaussianCumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
}
