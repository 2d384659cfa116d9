import Foundation

extension Activation {
    /// max(z, 0), with slope 0 at z = 0.
    ///
    /// Written as a product with its slope, so that a NaN stays a NaN: `fmax(NaN, 0)` would be 0 and hide it.
    public static let relu = Activation(
        name: "relu",
        value: { $0 > 0 ? $0 : $0 * 0 },
        slope: { $0 > 0 ? 1 : 0 },
        kernelValue: "(z * ((REALV)(1) - step(z, (REALV)(0))))",
        kernelSlope: "((REALV)(1) - step(z, (REALV)(0)))",
        lipschitzBound: 1,
        dual: DualActivation(value: reluExpectation, slope: stepExpectation, gap: reluGap))

    /// √(ab) (sin θ + (π − θ) cos θ)/2π with θ the angle of the pair: the arc-cosine kernel of degree 1, halved (Y. Cho & L. K. Saul,
    /// Kernel methods for deep learning, 2009, eq. 6).
    private static func reluExpectation(_ pair: GaussianPair) -> Double {
        (pair.determinant.squareRoot() + pair.supplement * pair.covariance) / (2 * .pi)
    }

    /// (π − θ)/2π, the probability that both are positive: degree 0 of the same family. The slope at 0 is 0, and so is this where a
    /// variance is 0.
    private static func stepExpectation(_ pair: GaussianPair) -> Double {
        pair.firstVariance > 0 && pair.secondVariance > 0 ? pair.supplement / (2 * .pi) : 0
    }

    /// √(ab)/2 less the expectation: √(ab)/2π (2π sin²(θ/2) − (sin θ − θ cos θ)). The bracket's second term, ∫_0^θ t sin t dt, is
    /// summed as a power series for small angles, where both parts of it cancel; nine terms leave less than 2^-53 of it up to θ = 1.
    private static func reluGap(_ pair: GaussianPair) -> Double {
        let angle = pair.angle
        let half = Foundation.sin(angle / 2)
        var correction = Foundation.sin(angle) - angle * cos(angle)
        if angle < 1 {
            // Σ_k (−1)^(k+1) 2k θ^(2k+1)/(2k+1)!
            var power = angle
            correction = 0
            for k in 1...9 {
                power *= angle * angle / Double(2 * k * (2 * k + 1))
                correction += (k % 2 == 1 ? 1 : -1) * Double(2 * k) * power
            }
        }
        return pair.scale / (2 * .pi) * (2 * .pi * half * half - correction)
    }
}
