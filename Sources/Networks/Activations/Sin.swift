import Foundation

extension Activation {
    /// sin(z); slope cos(z).
    public static let sin = Activation(
        name: "sin",
        value: { Foundation.sin($0) },
        slope: { cos($0) },
        kernelValue: "sin(z)",
        kernelSlope: "cos(z)",
        lipschitzBound: 1)
}
