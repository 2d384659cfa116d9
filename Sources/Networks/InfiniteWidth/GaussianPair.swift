import Foundation

/// The covariance of two jointly normal variables (u, v) of mean 0, as the pre-activations of a wide layer at two points are.
///
/// The determinant is kept beside the covariances: as the correlation nears ±1 it cannot be had from them, and the angle between
/// the two points, which relu's kernels depend on, would lose half of its digits.
public struct GaussianPair: Sendable, Hashable {
    /// a = E[u²].
    public let firstVariance: Double
    /// b = E[v²].
    public let secondVariance: Double
    /// c = E[uv], at most √(ab) in magnitude.
    public let covariance: Double
    /// ab − c² ≥ 0.
    public let determinant: Double

    /// A pair, with the determinant that its covariances tell: accurate to 3 ulp of ab.
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
        // Kahan's difference of products: the rounding of c² is added back.
        let square = covariance * covariance
        let rounding = square.addingProduct(-covariance, covariance)
        self.init(
            firstVariance, secondVariance, covariance, determinant: (-square).addingProduct(firstVariance, secondVariance) + rounding)
    }

    /// A pair whose determinant is known better than its covariances tell.
    init(_ firstVariance: Double, _ secondVariance: Double, _ covariance: Double, determinant: Double) {
        let limit = firstVariance.squareRoot() * secondVariance.squareRoot()
        self.firstVariance = firstVariance
        self.secondVariance = secondVariance
        self.covariance = min(limit, max(-limit, covariance))
        self.determinant = max(0, determinant)
    }

    /// The pair (u, u) of a variable with itself.
    init(variance: Double) { self.init(variance, variance, variance, determinant: 0) }

    /// √(ab).
    var scale: Double { firstVariance.squareRoot() * secondVariance.squareRoot() }

    /// θ = arccos(c/√(ab)), 0 for parallel and π for opposite points. The arctangent keeps its accuracy where arccos has none.
    var angle: Double { atan2(determinant.squareRoot(), covariance) }

    /// π − θ, without its cancellation for opposite points; 2π times the probability that u and v are both positive.
    var supplement: Double { atan2(determinant.squareRoot(), -covariance) }
}
