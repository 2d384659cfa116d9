/// Parses by precedence climbing and compiles on the way.
struct ExpressionParser {
    private let text: String
    private let tokens: [ExpressionToken]
    private var position = 0
    private var depth = 0
    private var names: [String] = []
    private var numbers: [String: Int] = [:]
    private var code: [ExpressionInstruction] = []
    private var stack = 0
    private var deepestStack = 0

    /// Nested parentheses, signs, powers and calls at the most, so that no text overflows the stack of a thread.
    static let deepest = 100

    /// A larger precedence binds tighter.
    private enum Precedence {
        static let or = 1, and = 2, not = 3, comparison = 4, sum = 5, product = 6, sign = 7, power = 8
    }

    private static let binary: [String: (precedence: Int, instruction: ExpressionInstruction)] = [
        "<": (Precedence.comparison, .less), "<=": (Precedence.comparison, .lessOrEqual), ">": (Precedence.comparison, .greater),
        ">=": (Precedence.comparison, .greaterOrEqual), "==": (Precedence.comparison, .equal), "!=": (Precedence.comparison, .unequal),
        "+": (Precedence.sum, .add), "-": (Precedence.sum, .subtract), "*": (Precedence.product, .multiply),
        "/": (Precedence.product, .divide), "^": (Precedence.power, .power),
    ]

    init(_ text: String, _ tokens: [ExpressionToken]) {
        self.text = text
        self.tokens = tokens
    }

    /// The names in alphabetical order, the code with names as indices of them, and how many numbers its stack needs.
    var compiled: (names: [String], code: [ExpressionInstruction], stackDepth: Int) {
        let sorted = names.sorted()
        let places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) })
        let code = code.map { instruction in
            if case .name(let number) = instruction { ExpressionInstruction.name(places[names[number]] ?? 0) } else { instruction }
        }
        return (sorted, code, deepestStack)
    }

    mutating func parse() throws(ExpressionError) {
        try expression(Precedence.or)
        guard case .end = token.kind else { throw failure("an operator or the end") }
    }

    private var token: ExpressionToken { tokens[position] }

    private func failure(_ expected: String) -> ExpressionError {
        ExpressionError(text: text, position: token.start + 1, expected: expected)
    }

    private mutating func emit(_ instruction: ExpressionInstruction) {
        code.append(instruction)
        stack += instruction.growth
        deepestStack = max(deepestStack, stack)
    }

    /// An operand and the operators behind it that bind at least that tight.
    private mutating func expression(_ least: Int) throws(ExpressionError) {
        depth += 1
        guard depth <= Self.deepest else { throw failure("an expression of at most \(Self.deepest) levels") }
        defer { depth -= 1 }
        try operand(least)
        while case .symbol(let symbol) = token.kind {
            if symbol == "and" || symbol == "or" {
                let precedence = symbol == "and" ? Precedence.and : Precedence.or
                guard precedence >= least else { return }
                try lazily(precedence, symbol == "and" ? ExpressionInstruction.skipIfFalse : ExpressionInstruction.skipIfTrue)
            } else {
                guard let (precedence, instruction) = Self.binary[symbol], precedence >= least else { return }
                position += 1
                if precedence == Precedence.power {
                    // From the right, and 2^-1 has a sign in its exponent.
                    try expression(Precedence.sign)
                } else {
                    try expression(precedence + 1)
                }
                emit(instruction)
                if precedence == Precedence.comparison, isComparison { throw failure("'and' between two comparisons") }
            }
        }
    }

    private var isComparison: Bool {
        if case .symbol(let symbol) = token.kind { Self.binary[symbol]?.precedence == Precedence.comparison } else { false }
    }

    /// The right side of `and` or `or`, skipped where the left decides.
    private mutating func lazily(_ precedence: Int, _ skip: (Int) -> ExpressionInstruction) throws(ExpressionError) {
        position += 1
        let place = code.count
        emit(skip(0))
        try expression(precedence + 1)
        emit(.truth)
        code[place] = skip(code.count - place - 1)
    }

    /// A sign or `not` with what it applies to, or a number, name, call or parenthesis.
    private mutating func operand(_ least: Int) throws(ExpressionError) {
        switch token.kind {
        case .number(let value):
            position += 1
            emit(.number(value))
        case .name(let name): try word(name)
        case .symbol("("):
            position += 1
            try expression(Precedence.or)
            try close("an operator or ')'")
        case .symbol("-"), .symbol("+"):
            let isMinus = token.kind == .symbol("-")
            position += 1
            try expression(Precedence.sign)
            if isMinus { emit(.negate) }
        case .symbol("not") where least <= Precedence.not:
            position += 1
            try expression(Precedence.not)
            emit(.not)
        case .symbol("not"): throw failure("a '(' before 'not'")
        default: throw failure("a number, a name or '('")
        }
    }

    private mutating func close(_ expected: String) throws(ExpressionError) {
        guard token.kind == .symbol(")") else { throw failure(expected) }
        position += 1
    }

    private mutating func word(_ name: String) throws(ExpressionError) {
        let isCall = tokens[position + 1].kind == .symbol("(")
        let reduction: ExpressionInstruction? = name == "min" ? .minimum : name == "max" ? .maximum : nil
        let function = ExpressionFunction(rawValue: name)
        guard isCall ? reduction != nil || function != nil : reduction == nil && function?.isAlsoAName != false else {
            if isCall {
                throw failure("a function (\(ExpressionFunction.allCases.map(\.rawValue).joined(separator: ", ")), min or max)")
            }
            position += 1
            throw failure("'(' after '\(name)'")
        }
        position += 1
        guard isCall else { return emit(Self.constants[name] ?? variable(name)) }
        position += 1
        try expression(Precedence.or)
        if let function {
            try close("an operator or ')'")
            emit(.call(function))
        } else if let reduction {
            while token.kind == .symbol(",") {
                position += 1
                try expression(Precedence.or)
                emit(reduction)
            }
            try close("an operator, ',' or ')'")
        }
    }

    static let constants: [String: ExpressionInstruction] = ["pi": .number(.pi), "true": .flag(true), "false": .flag(false)]

    private mutating func variable(_ name: String) -> ExpressionInstruction {
        if let number = numbers[name] { return .name(number) }
        numbers[name] = names.count
        names.append(name)
        return .name(names.count - 1)
    }
}
