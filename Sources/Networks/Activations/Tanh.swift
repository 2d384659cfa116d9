import Foundation

extension Activation {
    /// tanh(z); slope 1/cosh²(z), as 4e/(1 + e)² with e = e^(−2|z|).
    ///
    /// 1 − tanh²(z) is no way to have it: where tanh rounds to the number below 1 (some devices' float tanh stays there for all large
    /// z), that gives 1.2e-7 for a slope that is 0, and no correct digit of small slopes anyhow.
    public static let tanh = Activation(
        name: "tanh",
        value: tanhValue,
        slope: tanhSlope,
        higherSlopes: {
            let value = tanhValue($0), slope = tanhSlope($0)
            return (-2 * value * slope, (4 * value * value - 2 * slope) * slope)
        },
        kernelValue: "tanh(z)",
        kernelSlope: "TANH_SLOPE(z)",
        lipschitzBound: 1,
        // No closed form is known.
        dual: .quadrature(value: tanhValue, slope: tanhSlope))

    private static let tanhValue: @Sendable (Double) -> Double = { Foundation.tanh($0) }
    private static let tanhSlope: @Sendable (Double) -> Double = {
        let e = exp(-2 * abs($0))
        return 4 * e / ((1 + e) * (1 + e))
    }
}
