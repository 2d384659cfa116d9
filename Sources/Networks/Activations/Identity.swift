extension Activation {
    /// z itself: a deep linear network.
    public static let identity = Activation(
        name: "identity",
        value: { $0 },
        slope: { _ in 1 },
        higherSlopes: { _ in (0, 0) },
        kernelValue: "z",
        kernelSlope: "((REALV)(1) + (REALV)(0) * z)",
        lipschitzBound: 1,
        dual: DualActivation(value: { $0.covariance }, slope: { _ in 1 }))
}
