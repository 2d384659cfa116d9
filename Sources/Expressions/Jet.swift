import Foundation

/// A number that depends on one variable, with its first three derivatives.
///
/// It is kept as the coefficients f, f′, f″/2, f‴/6 of its Taylor series, whose products and chains are short.
public struct Jet: Sendable, Equatable {
    /// f.
    public let value: Double
    let c1, c2, c3: Double

    /// f′.
    public var first: Double { c1 }
    /// f″.
    public var second: Double { 2 * c2 }
    /// f‴.
    public var third: Double { 6 * c3 }

    init(_ value: Double, _ c1: Double, _ c2: Double, _ c3: Double) { (self.value, self.c1, self.c2, self.c3) = (value, c1, c2, c3) }

    /// A number that does not depend on the variable.
    public init(constant: Double) { self.init(constant, 0, 0, 0) }

    /// The variable itself.
    public init(variable: Double) { self.init(variable, 1, 0, 0) }

    /// A number that grows evenly with the variable.
    public init(value: Double, slope: Double) { self.init(value, slope, 0, 0) }

    /// Whether it is as good as a constant: nothing changes with the variable.
    private var isConstant: Bool { c1 == 0 && c2 == 0 && c3 == 0 }

    /// f(self) from the Taylor coefficients of f at the value. What does not depend on the variable has no derivatives, also where f has
    /// none.
    private func chained(_ f: Double, _ f1: Double, _ f2: Double, _ f3: Double) -> Jet {
        if isConstant { return Jet(constant: f) }
        return Jet(f, f1 * c1, f1 * c2 + f2 * c1 * c1, f1 * c3 + 2 * f2 * c1 * c2 + f3 * c1 * c1 * c1)
    }

    static func * (a: Jet, b: Jet) -> Jet {
        Jet(
            a.value * b.value, a.value * b.c1 + a.c1 * b.value, a.value * b.c2 + a.c1 * b.c1 + a.c2 * b.value,
            a.value * b.c3 + a.c1 * b.c2 + a.c2 * b.c1 + a.c3 * b.value)
    }

    static func / (a: Jet, b: Jet) -> Jet {
        let q = a.value / b.value
        let q1 = (a.c1 - q * b.c1) / b.value
        let q2 = (a.c2 - q * b.c2 - q1 * b.c1) / b.value
        return Jet(q, q1, q2, (a.c3 - q * b.c3 - q1 * b.c2 - q2 * b.c1) / b.value)
    }

    /// A power, of a constant exponent r by its binomial coefficients r(r − 1)…/k!, which end where r is a whole number.
    private func raised(to exponent: Jet) -> Jet {
        let (x, r) = (value, exponent.value)
        guard exponent.isConstant else {
            let power = (exponent * applying(.log)).applying(.exp)
            return Jet(pow(x, r), power.c1, power.c2, power.c3)
        }
        func coefficient(_ binomial: Double, _ order: Double) -> Double { binomial == 0 ? 0 : binomial * pow(x, r - order) }
        return chained(
            pow(x, r), coefficient(r, 1), coefficient(r * (r - 1) / 2, 2), coefficient(r * (r - 1) * (r - 2) / 6, 3))
    }
}

extension Jet: ExpressionValue {
    var number: Double { value }

    static prefix func - (a: Jet) -> Jet { Jet(-a.value, -a.c1, -a.c2, -a.c3) }

    func combined(with other: Jet, by operation: ExpressionInstruction) -> Jet {
        switch operation {
        case .add: Jet(value + other.value, c1 + other.c1, c2 + other.c2, c3 + other.c3)
        case .subtract: Jet(value - other.value, c1 - other.c1, c2 - other.c2, c3 - other.c3)
        case .multiply: self * other
        case .divide: self / other
        case .power: raised(to: other)
        case .minimum: value < other.value || value.isNaN ? self : other
        case .maximum: value > other.value || value.isNaN ? self : other
        default: Jet(constant: operation.value(value, other.value))
        }
    }

    func applying(_ function: ExpressionFunction) -> Jet {
        let (x, f) = (value, function.value(value))
        switch function {
        case .abs: return x < 0 ? -self : self
        case .sqrt:
            let slope = 0.5 / f
            return chained(f, slope, -slope / (4 * x), slope / (8 * x * x))
        case .exp: return chained(f, f, f / 2, f / 6)
        case .log: return chained(f, 1 / x, -0.5 / (x * x), 1 / (3 * x * x * x))
        case .log10:
            let scale = M_LOG10E
            return chained(f, scale / x, -0.5 * scale / (x * x), scale / (3 * x * x * x))
        case .floor, .round: return Jet(constant: f)
        case .sin:
            let slope = Foundation.cos(x)
            return chained(f, slope, -f / 2, -slope / 6)
        case .cos:
            let slope = -Foundation.sin(x)
            return chained(f, slope, -f / 2, -slope / 6)
        case .tan:
            let slope = 1 + f * f
            return chained(f, slope, f * slope, slope * (1 + 3 * f * f) / 3)
        case .sinh:
            let slope = Foundation.cosh(x)
            return chained(f, slope, f / 2, slope / 6)
        case .cosh:
            let slope = Foundation.sinh(x)
            return chained(f, slope, f / 2, slope / 6)
        case .tanh:
            // 1 − tanh², without the difference of equal numbers.
            let cosh = Foundation.cosh(x), slope = 1 / (cosh * cosh)
            return chained(f, slope, -f * slope, slope * (3 * f * f - 1) / 3)
        }
    }
}
