import Foundation

extension Activation {
    /// The plain error function erf(z), without scaling; slope 2/√π e^(−z²).
    public static let erf = Activation(
        name: "erf",
        value: { Foundation.erf($0) },
        slope: { 2 / Double.pi.squareRoot() * exp(-$0 * $0) },
        higherSlopes: {
            let slope = 2 / Double.pi.squareRoot() * exp(-$0 * $0)
            return (-2 * $0 * slope, (4 * $0 * $0 - 2) * slope)
        },
        kernelValue: "ERF(z)",
        kernelSlope: "((REALV)((REAL)1.1283791670955126) * EXP_NEGATIVE(-z * z))",
        lipschitzBound: 1.1283791670955126,
        dual: DualActivation(value: erfExpectation, slope: erfSlopeExpectation))

    /// C. K. I. Williams, Computing with infinite networks (1997): (2/π) arcsin(2c/√((1 + 2a)(1 + 2b))), the arcsine of a correlation
    /// under noise of variance 1/2. With the complement it is an arctangent, accurate for large variances as well.
    private static func erfExpectation(_ pair: GaussianPair) -> Double {
        let noisy = NoisyPair(pair, noise: 0.5)
        return 2 / Double.pi * atan2(pair.correlation * noisy.share, noisy.complement.squareRoot())
    }

    /// Its derivative with respect to c: (4/π)/√((1 + 2a)(1 + 2b) − 4c²).
    private static func erfSlopeExpectation(_ pair: GaussianPair) -> Double {
        let noisy = NoisyPair(pair, noise: 0.5)
        return 4 / Double.pi * noisy.p.squareRoot() * (noisy.q.squareRoot() / noisy.complement.squareRoot())
    }
}
