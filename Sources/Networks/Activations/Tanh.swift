import Foundation

extension Activation {
    /// tanh(z); slope 1 − tanh²(z).
    public static let tanh = Activation(
        name: "tanh",
        value: tanhValue,
        slope: tanhSlope,
        kernelValue: "tanh(z)",
        kernelSlope: "((REALV)(1) - tanh(z) * tanh(z))",
        lipschitzBound: 1,
        // No closed form is known.
        dual: .quadrature(value: tanhValue, slope: tanhSlope))

    private static let tanhValue: @Sendable (Double) -> Double = { Foundation.tanh($0) }
    private static let tanhSlope: @Sendable (Double) -> Double = {
        let t = Foundation.tanh($0)
        return 1 - t * t
    }
}
