import Foundation

extension Activation {
    /// sin(z); slope cos(z).
    public static let sin = Activation(
        name: "sin",
        value: { Foundation.sin($0) },
        slope: { cos($0) },
        higherSlopes: { (-Foundation.sin($0), -cos($0)) },
        kernelValue: "sin(z)",
        kernelSlope: "cos(z)",
        lipschitzBound: 1,
        dual: DualActivation(value: sinExpectation, slope: cosExpectation))

    /// E[sin u sin v] = ½ (E[cos(u − v)] − E[cos(u + v)]) with E[cos z] = e^(−E[z²]/2), the normal distribution's characteristic
    /// function: e^(−(a+b)/2) sinh c, written so that neither factor overflows and no large exponents are subtracted.
    private static func sinExpectation(_ pair: GaussianPair) -> Double {
        let magnitude = -0.5 * exp(-pair.halfSquaredDifference) * expm1(-2 * abs(pair.covariance))
        return pair.covariance < 0 ? -magnitude : magnitude
    }

    /// E[cos u cos v] = e^(−(a+b)/2) cosh c, likewise.
    private static func cosExpectation(_ pair: GaussianPair) -> Double {
        0.5 * exp(-pair.halfSquaredDifference) * (1 + exp(-2 * abs(pair.covariance)))
    }
}
