import Foundation

extension Activation {
    /// tanh(z); slope 1 − tanh²(z).
    public static let tanh = Activation(
        name: "tanh",
        value: { Foundation.tanh($0) },
        slope: {
            let t = Foundation.tanh($0); return 1 - t * t
        },
        kernelValue: "tanh(z)",
        kernelSlope: "((REALV)(1) - tanh(z) * tanh(z))",
        lipschitzBound: 1)
}
