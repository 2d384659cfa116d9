/// What expressions compute with: numbers, or numbers with their derivatives.
protocol ExpressionValue {
    init(constant: Double)
    /// The number, by which truth is judged.
    var number: Double { get }
    static prefix func - (value: Self) -> Self
    func combined(with other: Self, by operation: ExpressionInstruction) -> Self
    func applying(_ function: ExpressionFunction) -> Self
}

extension Double: ExpressionValue {
    @inline(__always)
    init(constant: Double) { self = constant }

    @inline(__always)
    var number: Double { self }

    @inline(__always)
    func combined(with other: Double, by operation: ExpressionInstruction) -> Double { operation.value(self, other) }

    @inline(__always)
    func applying(_ function: ExpressionFunction) -> Double { function.value(self) }
}
