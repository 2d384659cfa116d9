/// One operation of the stack machine that expressions are compiled to. Operands are taken from the top of the stack.
enum ExpressionInstruction: Sendable, Equatable {
    /// Pushes a number.
    case number(Double)
    /// Pushes 1 or 0, written as `true` or `false`.
    case flag(Bool)
    /// Pushes the value of a name, by its index among the expression's names.
    case name(Int)
    case add, subtract, multiply, divide, power
    case less, lessOrEqual, greater, greaterOrEqual, equal, unequal
    case minimum, maximum
    case negate, not
    case call(ExpressionFunction)
    /// 1 or 0 for true or false.
    case truth
    /// Where the top is false it becomes 0 and the next `count` operations are skipped; otherwise it is taken away.
    case skipIfFalse(count: Int)
    /// Where the top is true it becomes 1 and the next `count` operations are skipped; otherwise it is taken away.
    case skipIfTrue(count: Int)

    /// How many numbers the stack gains.
    var growth: Int {
        switch self {
        case .number, .flag, .name: 1
        case .negate, .not, .call, .truth: 0
        default: -1
        }
    }
}

/// A function of one number.
enum ExpressionFunction: String, Sendable, Equatable, CaseIterable {
    case abs, sqrt, exp, log, log10, floor, round
    case sin, cos, tan, sinh, cosh, tanh

    /// Whether it is a function only before a parenthesis, and a name elsewhere: activations are called `sin` and `tanh`.
    var isAlsoAName: Bool {
        switch self {
        case .sin, .cos, .tan, .sinh, .cosh, .tanh: true
        case .abs, .sqrt, .exp, .log, .log10, .floor, .round: false
        }
    }
}

extension Bool {
    /// 1 or 0.
    fileprivate var number: Double { self ? 1 : 0 }
}

extension Double {
    /// Neither 0 nor NaN.
    fileprivate var isTrue: Bool { self < 0 || self > 0 }
}

extension Expression {
    /// Runs the code on a stack that is deep enough.
    func run<Value: ExpressionValue>(on stack: UnsafeMutableBufferPointer<Value>, _ lookup: (Int) throws -> Value) rethrows -> Value {
        var top = -1, index = 0
        while index < code.count {
            switch code[index] {
            case .number(let value):
                top += 1
                stack[top] = Value(constant: value)
            case .flag(let value):
                top += 1
                stack[top] = Value(constant: value.number)
            case .name(let name):
                top += 1
                stack[top] = try lookup(name)
            case .negate: stack[top] = -stack[top]
            case .not: stack[top] = Value(constant: (!stack[top].number.isTrue).number)
            case .truth: stack[top] = Value(constant: stack[top].number.isTrue.number)
            case .call(let function): stack[top] = stack[top].applying(function)
            case .skipIfFalse(let count):
                if stack[top].number.isTrue { top -= 1 } else { (stack[top], index) = (Value(constant: 0), index + count) }
            case .skipIfTrue(let count):
                if stack[top].number.isTrue { (stack[top], index) = (Value(constant: 1), index + count) } else { top -= 1 }
            case let operation:
                top -= 1
                stack[top] = stack[top].combined(with: stack[top + 1], by: operation)
            }
            index += 1
        }
        return stack[0]
    }
}
