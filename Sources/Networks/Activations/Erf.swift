import Foundation

extension Activation {
    /// The plain error function erf(z), without scaling; slope 2/√π e^(−z²).
    public static let erf = Activation(
        name: "erf",
        value: { Foundation.erf($0) },
        slope: { 2 / Double.pi.squareRoot() * exp(-$0 * $0) },
        kernelValue: "ERF(z)",
        kernelSlope: "((REALV)((REAL)1.1283791670955126) * EXP_NEGATIVE(-z * z))",
        lipschitzBound: 1.1283791670955126,
        dual: DualActivation(
            // C. K. I. Williams, Computing with infinite networks (1997): (2/π) arcsin(2c/√((1 + 2a)(1 + 2b))). The cathetus of that
            // right triangle, √((1 + 2a)(1 + 2b) − 4c²), makes it an arctangent, accurate for large variances as well.
            value: { 2 / Double.pi * atan2(2 * $0.covariance, erfDeterminant($0).squareRoot()) },
            // Its derivative with respect to c.
            slope: { 4 / (Double.pi * erfDeterminant($0).squareRoot()) }))

    /// (1 + 2a)(1 + 2b) − 4c².
    private static func erfDeterminant(_ pair: GaussianPair) -> Double {
        1 + 2 * (pair.firstVariance + pair.secondVariance) + 4 * pair.determinant
    }
}
