import Foundation

/// The covariance of two jointly normal variables (u, v) of mean 0, as the pre-activations of a wide layer at two points are.
///
/// Beside the covariances it keeps the sine of the angle between the two points: as the correlation nears ±1 the sine cannot be had from
/// them, and the angle, which relu's kernels depend on, would lose half of its digits. No product of variances is formed, which would
/// leave the numbers of 64 bits long before the variances do.
public struct GaussianPair: Sendable, Hashable {
    /// a = E[u²].
    public let firstVariance: Double
    /// b = E[v²].
    public let secondVariance: Double
    /// c = E[uv], at most √(ab) in magnitude.
    public let covariance: Double
    /// ρ = c/√(ab), the cosine of the angle; 1 where a variance is 0.
    public let correlation: Double
    /// √(1 − ρ²); 0 where a variance is 0.
    public let sine: Double

    /// A pair, with the sine that its covariances tell: its square is accurate to 4 ulp of 1.
    /// - Throws: `NetworkError.outOfRange` for variances that are negative or not finite, or a covariance beyond √(ab) by more than
    ///   rounding (a factor 1 + 1e-12); within it, it is taken to be √(ab).
    public init(firstVariance: Double, secondVariance: Double, covariance: Double) throws(NetworkError) {
        for variance in [firstVariance, secondVariance] where !(variance >= 0 && variance.isFinite) {
            throw .outOfRange(
                what: "a variance", value: "\(variance)", limit: "zero or more, and finite",
                remedy: "give the variance of a pre-activation")
        }
        let limit = firstVariance.squareRoot() * secondVariance.squareRoot()
        guard abs(covariance) <= limit * (1 + 1e-12) else {
            throw .outOfRange(
                what: "a covariance", value: "\(covariance)", limit: "at most \(limit) in magnitude, the root of the variances' product",
                remedy: "give the entries of a positive semidefinite matrix")
        }
        guard firstVariance > 0, secondVariance > 0 else {
            self.init(firstVariance, secondVariance, 0, sine: 0)
            return
        }
        // Scaled by powers of 4, and the covariance by those of 2, so that products stay in range. Kahan's difference of products: the
        // rounding of c² is added back.
        let first = firstVariance.exponent / 2, second = secondVariance.exponent / 2
        let a = scalbn(firstVariance, -Int(2 * first)), b = scalbn(secondVariance, -Int(2 * second))
        let c = scalbn(covariance, -Int(first + second))
        let square = c * c, rounding = square.addingProduct(-c, c)
        let determinant = (-square).addingProduct(a, b) + rounding
        self.init(firstVariance, secondVariance, covariance, sine: max(0, determinant / (a * b)).squareRoot())
    }

    /// A pair whose sine is known better than its covariances tell.
    init(_ firstVariance: Double, _ secondVariance: Double, _ covariance: Double, sine: Double) {
        let limit = firstVariance.squareRoot() * secondVariance.squareRoot()
        self.firstVariance = firstVariance
        self.secondVariance = secondVariance
        self.covariance = min(limit, max(-limit, covariance))
        let correlation = covariance / firstVariance.squareRoot() / secondVariance.squareRoot()
        let isDegenerate = firstVariance == 0 || secondVariance == 0
        self.correlation = isDegenerate ? 1 : min(1, max(-1, correlation))
        self.sine = isDegenerate ? 0 : min(1, max(0, sine))
    }

    /// The pair (u, u) of a variable with itself.
    init(variance: Double) { self.init(variance, variance, variance, sine: 0) }

    /// √(ab).
    var scale: Double { firstVariance.squareRoot() * secondVariance.squareRoot() }

    /// θ = arccos ρ, 0 for parallel and π for opposite points. The arctangent keeps its accuracy where arccos has none.
    var angle: Double { atan2(sine, correlation) }

    /// π − θ, without its cancellation for opposite points; 2π times the probability that u and v are both positive.
    var supplement: Double { atan2(sine, -correlation) }

    /// (a + b)/2 − |c|, without its cancellation.
    var halfSquaredDifference: Double {
        let difference = firstVariance.squareRoot() - secondVariance.squareRoot()
        return difference * difference / 2 + scale * (sine / (1 + abs(correlation)) * sine)
    }
}

/// A pair beside independent noise: how much of the variances k + a and k + b is the pair's.
///
/// With p = k/(k + a), q = k/(k + b) and A = 1 − p, B = 1 − q the correlation under noise is ρ√(AB), and its complement, the determinant
/// over (k + a)(k + b), is pq + Aq + Bp + AB(1 − ρ²): sums of terms that are not negative, and none beyond 1.
struct NoisyPair {
    let p, q: Double
    /// √(AB).
    let share: Double
    /// 1 − ρ²AB.
    let complement: Double

    /// - Parameter noise: k.
    init(_ pair: GaussianPair, noise k: Double) {
        p = k / (k + pair.firstVariance)
        q = k / (k + pair.secondVariance)
        let a = pair.firstVariance / (k + pair.firstVariance), b = pair.secondVariance / (k + pair.secondVariance)
        share = a.squareRoot() * b.squareRoot()
        let sine = share * pair.sine
        complement = p * q + a * q + b * p + sine * sine
    }
}

/// x − arctan x, to full relative accuracy.
func arctangentGap(_ x: Double) -> Double {
    guard abs(x) < 0.5 else { return x - atan(x) }
    var term = x, sum = 0.0, k = 3.0
    while true {
        // x³/3 − x⁵/5 + …
        term *= -x * x
        let next = sum - term / k
        guard next != sum else { return sum }
        (sum, k) = (next, k + 2)
    }
}

/// sin x − x cos x = ∫_0^x t sin t dt for 0 ≤ x ≤ π, to full relative accuracy.
func sineGap(_ x: Double) -> Double {
    guard x < 1 else { return sin(x) - x * cos(x) }
    // Σ_k (−1)^(k+1) 2k x^(2k+1)/(2k+1)!; nine terms leave less than 2^-53 of it.
    var power = x, sum = 0.0
    for k in 1...9 {
        power *= x * x / Double(2 * k * (2 * k + 1))
        sum += (k % 2 == 1 ? 1 : -1) * Double(2 * k) * power
    }
    return sum
}
