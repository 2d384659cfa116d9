import Foundation

/// The expectations of an activation over two jointly normal pre-activations, which the kernels of infinitely wide networks are
/// made of.
///
/// By Price's theorem `slope` is the derivative of `value` with respect to the covariance.
public struct DualActivation: Sendable {
    /// E[φ(u) φ(v)].
    public let value: @Sendable (GaussianPair) throws(NetworkError) -> Double
    /// E[φ′(u) φ′(v)].
    public let slope: @Sendable (GaussianPair) throws(NetworkError) -> Double
    /// 1 − E[φ(u) φ(v)]/√(E[φ(u)²] E[φ(v)²]) to full relative accuracy, where the next layer needs its angle so; else nil.
    let gap: (@Sendable (GaussianPair) -> Double)?
    /// The accuracy of both, relative to the geometric mean of the two variances of φ or φ′: 0 for closed forms, which leave rounding.
    public let accuracy: Double

    /// Closed forms.
    /// - Parameter gap: only needed where `slope` is not smooth in the covariance at a correlation of ±1. Default: none.
    init(
        value: @escaping @Sendable (GaussianPair) throws(NetworkError) -> Double,
        slope: @escaping @Sendable (GaussianPair) throws(NetworkError) -> Double, gap: (@Sendable (GaussianPair) -> Double)? = nil,
        accuracy: Double = 0
    ) {
        self.value = value
        self.slope = slope
        self.gap = gap
        self.accuracy = accuracy
    }

    /// Both by ``GaussianQuadrature``: for an activation without a closed form that is analytic but for a kink at 0.
    public static func quadrature(
        value: @escaping @Sendable (Double) -> Double, slope: @escaping @Sendable (Double) -> Double
    ) -> DualActivation {
        DualActivation(
            value: { (pair) throws(NetworkError) in try GaussianQuadrature.expectation(of: value, over: pair) },
            slope: { (pair) throws(NetworkError) in try GaussianQuadrature.expectation(of: slope, over: pair) },
            accuracy: GaussianQuadrature.tolerance)
    }
}
