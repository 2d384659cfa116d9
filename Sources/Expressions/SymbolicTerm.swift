/// An expression as a tree, so that it can be differentiated and written down in another language: of numbers, arguments, + − × ÷,
/// powers and smooth functions.
indirect enum SymbolicTerm: Sendable, Equatable {
    case number(Double)
    /// An argument, by its place.
    case argument(Int)
    case sum(SymbolicTerm, SymbolicTerm)
    case difference(SymbolicTerm, SymbolicTerm)
    case product(SymbolicTerm, SymbolicTerm)
    case quotient(SymbolicTerm, SymbolicTerm)
    case power(SymbolicTerm, SymbolicTerm)
    case negative(SymbolicTerm)
    case call(ExpressionFunction, SymbolicTerm)

    /// Why an expression has no such tree: what is in it.
    struct Unsupported: Error, Equatable {
        let what: String
    }

    /// The tree of a function, its parameters as numbers.
    init(_ function: ScalarFunction) throws(Unsupported) {
        var stack: [SymbolicTerm] = []
        for instruction in function.expression.code {
            switch instruction {
            case .number(let value): stack.append(.number(value))
            case .name(let name):
                let place = function.places[name]
                stack.append(place < 0 ? .number(function.numbers[name]) : .argument(place))
            case .negate:
                guard let last = stack.popLast() else { break }
                stack.append(-last)
            case .call(let called):
                switch called {
                case .abs, .floor, .round: throw Unsupported(what: "\(called.rawValue), which has no derivative everywhere")
                default: break
                }
                guard let last = stack.popLast() else { break }
                stack.append(.applying(called, last))
            case .add, .subtract, .multiply, .divide, .power:
                guard let right = stack.popLast(), let left = stack.popLast() else { break }
                switch instruction {
                case .add: stack.append(left + right)
                case .subtract: stack.append(left - right)
                case .multiply: stack.append(left * right)
                case .divide: stack.append(left / right)
                default: stack.append(.raised(left, to: right))
                }
            default: throw Unsupported(what: "comparisons, and, or, not, min or max, which have no derivative everywhere")
            }
        }
        self = stack.last ?? .number(0)
    }

    // What is known to be 0 or 1 is left out, and numbers are computed.

    static func + (a: Self, b: Self) -> Self {
        switch (a, b) {
        case (.number(let x), .number(let y)): .number(x + y)
        case (.number(0), _): b
        case (_, .number(0)): a
        default: .sum(a, b)
        }
    }

    static func - (a: Self, b: Self) -> Self {
        switch (a, b) {
        case (.number(let x), .number(let y)): .number(x - y)
        case (.number(0), _): -b
        case (_, .number(0)): a
        default: .difference(a, b)
        }
    }

    static func * (a: Self, b: Self) -> Self {
        switch (a, b) {
        case (.number(let x), .number(let y)): .number(x * y)
        case (.number(0), _), (_, .number(0)): .number(0)
        case (.number(1), _): b
        case (_, .number(1)): a
        default: .product(a, b)
        }
    }

    static func / (a: Self, b: Self) -> Self {
        switch (a, b) {
        case (.number(let x), .number(let y)): .number(x / y)
        case (.number(0), _): .number(0)
        case (_, .number(1)): a
        default: .quotient(a, b)
        }
    }

    static prefix func - (a: Self) -> Self {
        switch a {
        case .number(let x): .number(-x)
        case .negative(let b): b
        default: .negative(a)
        }
    }

    static func raised(_ base: Self, to exponent: Self) -> Self {
        switch (base, exponent) {
        case (.number(let x), .number(let y)): .number(ExpressionInstruction.power.value(x, y))
        case (_, .number(0)): .number(1)
        case (_, .number(1)): base
        default: .power(base, exponent)
        }
    }

    static func applying(_ function: ExpressionFunction, _ argument: Self) -> Self {
        if case .number(let x) = argument { .number(function.value(x)) } else { .call(function, argument) }
    }

    /// Its derivative by an argument.
    func derivative(by place: Int) -> SymbolicTerm {
        switch self {
        case .number: return .number(0)
        case .argument(let own): return .number(own == place ? 1 : 0)
        case .sum(let a, let b): return a.derivative(by: place) + b.derivative(by: place)
        case .difference(let a, let b): return a.derivative(by: place) - b.derivative(by: place)
        case .product(let a, let b): return a.derivative(by: place) * b + a * b.derivative(by: place)
        case .quotient(let a, let b): return a.derivative(by: place) / b - a * b.derivative(by: place) / (b * b)
        case .negative(let a): return -a.derivative(by: place)
        case .power(let a, let b):
            let inner = a.derivative(by: place), outer = b.derivative(by: place)
            let byBase = inner == .number(0) ? .number(0) : b * .raised(a, to: b - .number(1)) * inner
            return outer == .number(0) ? byBase : byBase + self * .applying(.log, a) * outer
        case .call(let function, let a):
            let inner = a.derivative(by: place)
            return inner == .number(0) ? inner : Self.slope(function, a, self) * inner
        }
    }

    /// f′(a), where `value` is f(a).
    private static func slope(_ function: ExpressionFunction, _ a: SymbolicTerm, _ value: SymbolicTerm) -> SymbolicTerm {
        switch function {
        case .sqrt: .number(0.5) / value
        case .exp: value
        case .log: .number(1) / a
        case .log10: .number(ExpressionFunction.log10.value(ExpressionFunction.exp.value(1))) / a
        case .sin: .call(.cos, a)
        case .cos: -.call(.sin, a)
        case .tan: .number(1) + value * value
        case .sinh: .call(.cosh, a)
        case .cosh: .call(.sinh, a)
        case .tanh: .number(1) / (.call(.cosh, a) * .call(.cosh, a))
        case .abs, .floor, .round: .number(0)
        }
    }

    /// The term in OpenCL C, numbers of type REAL, for which the argument with place c is `argument(c)`.
    func code(_ argument: (Int) -> String) -> String {
        func pair(_ a: SymbolicTerm, _ sign: String, _ b: SymbolicTerm) -> String {
            "(\(a.code(argument)) \(sign) \(b.code(argument)))"
        }
        switch self {
        case .number(let value): return Self.literal(value)
        case .argument(let place): return argument(place)
        case .sum(let a, let b): return pair(a, "+", b)
        case .difference(let a, let b): return pair(a, "-", b)
        case .product(let a, let b): return pair(a, "*", b)
        case .quotient(let a, let b): return pair(a, "/", b)
        case .negative(let a): return "(-\(a.code(argument)))"
        case .call(let function, let a): return "\(function.rawValue)(\(a.code(argument)))"
        case .power(let a, .number(let exponent)) where (2...16).contains(exponent) && exponent == exponent.rounded():
            let factor = a.code(argument), count = Int(exponent)  // bounded: from 2 to 16
            // Powers of powers, written out, would grow exponentially.
            return factor.utf8.count <= Self.longestFactor
                ? "(" + Array(repeating: factor, count: count).joined(separator: " * ") + ")" : "pown(\(factor), \(count))"
        case .power(let a, let b): return "pow(\(a.code(argument)), \(b.code(argument)))"
        }
    }

    /// Characters of a factor that is written out as often as its power says.
    private static let longestFactor = 100

    /// A number, exact in double.
    private static func literal(_ value: Double) -> String {
        if !value.isFinite { return "(REAL)NAN" }
        return value == value.rounded() && abs(value) < 1e6 ? "(REAL)(\(Int(value)))" : "(REAL)(\(value))"  // bounded: below 1e6
    }
}

extension ScalarFunction {
    /// The function and its derivatives by each argument as OpenCL C expressions of numbers of type REAL.
    ///
    /// - Parameter argument: how an argument is written there, by its place.
    /// - Throws: `NoCode` for what has no derivative everywhere: comparisons, `min`, `max`, `abs`, `floor`, `round`, `and`, `or`, `not`.
    public func code(_ argument: (_ place: Int) -> String) throws(NoCode) -> (value: String, derivatives: [String]) {
        do {
            let term = try SymbolicTerm(self)
            return (term.code(argument), arguments.indices.map { term.derivative(by: $0).code(argument) })
        } catch { throw NoCode(what: error.what) }
    }

    /// Why a function cannot be written down with its derivatives.
    public struct NoCode: Error, Equatable, Sendable {
        /// What is in it.
        public let what: String
    }
}
