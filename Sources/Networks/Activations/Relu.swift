extension Activation {
    /// max(z, 0), with slope 0 at z = 0.
    ///
    /// Written as a product with its slope, so that a NaN stays a NaN: `fmax(NaN, 0)` would be 0 and hide it.
    public static let relu = Activation(
        name: "relu",
        value: { $0 > 0 ? $0 : $0 * 0 },
        slope: { $0 > 0 ? 1 : 0 },
        kernelValue: "(z * ((REALV)(1) - step(z, (REALV)(0))))",
        kernelSlope: "((REALV)(1) - step(z, (REALV)(0)))",
        lipschitzBound: 1)
}
