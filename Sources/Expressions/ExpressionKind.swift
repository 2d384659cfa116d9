import Arrays

/// What a value in an expression is. To the stack machine all are doubles; to people a word is not its number.
package enum ExpressionKind: Sendable {
    case number
    /// True or false, of a key or as written. What comparisons, `and`, `or` and `not` give is a number, 1 or 0.
    case flag
    /// One of a key's words, such as an activation.
    case word
}

/// A word or a flag where a number must stand.
package struct ExpressionMisuse: Error, CustomStringConvertible {
    let expression: String
    /// What stands there, as it is written.
    let name: String
    let kind: ExpressionKind

    /// Completes "key: ".
    package var description: String {
        let what = kind == .word ? "a word" : "true or false"
        let remedy =
            kind == .word
            ? "words stand in comparisons only, such as activation == relu; give a number"
            : "compare it, such as bias == true, or give a number"
        return expression == name
            ? "'\(name)' is \(what), but a number must stand there; \(remedy)"
            : "'\(name)' in '\(Excerpt.of(expression))' is \(what), but a number must stand there; \(remedy)"
    }
}

extension Expression {
    /// Refuses words and flags where numbers must stand, the whole of it among them.
    /// - Parameter kinds: of the names in ``variables``, by their index.
    package func requireNumber(_ kinds: (_ index: Int) -> ExpressionKind) throws(ExpressionMisuse) {
        let result = try checked(kinds)
        guard result.kind == .number else { throw misuse(result) }
    }

    /// Refuses words and flags where numbers must stand; the whole may be true or false.
    package func requireTruth(_ kinds: (_ index: Int) -> ExpressionKind) throws(ExpressionMisuse) {
        let result = try checked(kinds)
        guard result.kind != .word else { throw misuse(result) }
    }

    /// A value with the name that it came by.
    private typealias Operand = (kind: ExpressionKind, name: String)

    private func misuse(_ operand: Operand) -> ExpressionMisuse {
        ExpressionMisuse(expression: text, name: Excerpt.of(operand.name, longest: 40), kind: operand.kind)
    }

    /// Goes through the code as ``run(on:_:)`` would if nothing were skipped.
    private func checked(_ kinds: (Int) -> ExpressionKind) throws(ExpressionMisuse) -> Operand {
        var stack: [Operand] = []
        let number: Operand = (.number, "")
        for instruction in code {
            switch instruction {
            case .number: stack.append(number)
            case .flag(let value): stack.append((.flag, "\(value)"))
            case .name(let index): stack.append((kinds(index), variables[index]))
            case .negate, .call:
                guard let last = stack.popLast() else { break }
                guard last.kind == .number else { throw misuse(last) }
                stack.append(number)
            case .not, .truth:
                guard let last = stack.popLast() else { break }
                guard last.kind != .word else { throw misuse(last) }
                stack.append(number)
            case .skipIfFalse, .skipIfTrue:
                guard let last = stack.popLast() else { break }
                guard last.kind != .word else { throw misuse(last) }
            case .equal, .unequal:
                guard let right = stack.popLast(), let left = stack.popLast() else { break }
                if (left.kind == .word) != (right.kind == .word) { throw misuse(left.kind == .word ? left : right) }
                stack.append(number)
            case .add, .subtract, .multiply, .divide, .power, .less, .lessOrEqual, .greater, .greaterOrEqual, .minimum, .maximum:
                guard let right = stack.popLast(), let left = stack.popLast() else { break }
                for operand in [left, right] where operand.kind != .number { throw misuse(operand) }
                stack.append(number)
            }
        }
        return stack.last ?? number
    }
}
