import Foundation

extension Activation {
    /// The plain error function erf(z), without scaling; slope 2/√π e^(−z²).
    public static let erf = Activation(
        name: "erf",
        value: { Foundation.erf($0) },
        slope: { 2 / Double.pi.squareRoot() * exp(-$0 * $0) },
        kernelValue: "erf(z)",
        kernelSlope: "((REALV)((REAL)1.1283791670955126) * exp(-z * z))",
        lipschitzBound: 1.1283791670955126)
}
