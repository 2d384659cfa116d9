import Foundation

extension Activation {
    /// max(z, 0), with slope 0 at z = 0.
    ///
    /// Written as a product with its slope, so that a NaN stays a NaN: `fmax(NaN, 0)` would be 0 and hide it.
    public static let relu = Activation(
        name: "relu",
        value: { $0 > 0 ? $0 : $0 * 0 },
        slope: { $0 > 0 ? 1 : 0 },
        higherSlopes: nil,
        kernelValue: "(z * ((REALV)(1) - step(z, (REALV)(0))))",
        kernelSlope: "((REALV)(1) - step(z, (REALV)(0)))",
        lipschitzBound: 1,
        dual: DualActivation(value: reluExpectation, slope: stepExpectation, gap: reluGap))

    /// √(ab) (sin θ + (π − θ) cos θ)/2π with θ the angle of the pair: the arc-cosine kernel of degree 1, halved (Y. Cho & L. K. Saul,
    /// Kernel methods for deep learning, 2009, eq. 6). In φ = π − θ it is sin φ − φ cos φ, small for opposite points.
    private static func reluExpectation(_ pair: GaussianPair) -> Double {
        let supplement = pair.supplement
        return pair.scale * ((supplement < 1 ? sineGap(supplement) : pair.sine + supplement * pair.correlation) / (2 * .pi))
    }

    /// (π − θ)/2π, the probability that both are positive: degree 0 of the same family. The slope at 0 is 0, and so is this where a
    /// variance is 0.
    private static func stepExpectation(_ pair: GaussianPair) -> Double {
        pair.firstVariance > 0 && pair.secondVariance > 0 ? pair.supplement / (2 * .pi) : 0
    }

    /// 1 less the expectation over √(ab)/2: (2π sin²(θ/2) − (sin θ − θ cos θ))/π.
    private static func reluGap(_ pair: GaussianPair) -> Double {
        let half = Foundation.sin(pair.angle / 2)
        return 2 * half * half - sineGap(pair.angle) / .pi
    }
}
