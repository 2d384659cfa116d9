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
            + z * (REALV)((REAL)0.39894228040143268) * exp((REALV)((REAL)-0.5) * z * z))
            """,
        lipschitzBound: 1.13)

    private static func gaussianCumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }
}
