import Foundation

extension ExpressionInstruction {
    /// What an operation on two numbers gives; comparisons give 1 or 0, and 0 wherever one of them is NaN.
    @inline(__always)
    func value(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .power: pow(a, b)
        case .less: a < b ? 1 : 0
        case .lessOrEqual: a <= b ? 1 : 0
        case .greater: a > b ? 1 : 0
        case .greaterOrEqual: a >= b ? 1 : 0
        case .equal: a == b ? 1 : 0
        case .unequal: a < b || a > b ? 1 : 0
        // NaN if either is.
        case .minimum: a < b || a.isNaN ? a : b
        case .maximum: a > b || a.isNaN ? a : b
        default: .nan
        }
    }
}

extension ExpressionFunction {
    @inline(__always)
    func value(_ x: Double) -> Double {
        switch self {
        case .abs: x.magnitude
        case .sqrt: x.squareRoot()
        case .exp: Foundation.exp(x)
        case .log: Foundation.log(x)
        case .log10: Foundation.log10(x)
        case .floor: x.rounded(.down)
        case .round: x.rounded()
        case .sin: Foundation.sin(x)
        case .cos: Foundation.cos(x)
        case .tan: Foundation.tan(x)
        case .sinh: Foundation.sinh(x)
        case .cosh: Foundation.cosh(x)
        case .tanh: Foundation.tanh(x)
        }
    }
}
