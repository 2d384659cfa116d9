/// A word of an expression.
struct ExpressionToken: Equatable {
    enum Kind: Equatable {
        case number(Double)
        case name(String)
        /// An operator, a parenthesis or a comma; `and`, `or` and `not` under these names, however they are spelt.
        case symbol(String)
        case end
    }

    let kind: Kind
    /// The index of its first character.
    let start: Int
    /// Beyond its last character.
    let end: Int

    /// The words of a text, `.end` last.
    static func tokens(of text: String) throws(ExpressionError) -> [ExpressionToken] {
        let characters = Array(text)
        var tokens: [ExpressionToken] = [], index = 0
        while true {
            while index < characters.count, characters[index].isWhitespace { index += 1 }
            guard index < characters.count else { break }
            let start = index, kind: Kind
            if characters[index].isASCIIDigit || characters[index] == "." {
                kind = .number(try number(characters, &index, text))
            } else if characters[index].startsName {
                kind = try name(characters, &index, text)
            } else {
                kind = try symbol(characters, &index, text)
            }
            tokens.append(ExpressionToken(kind: kind, start: start, end: index))
        }
        return tokens + [ExpressionToken(kind: .end, start: characters.count, end: characters.count)]
    }

    /// Digits, with a decimal point and an exponent if there are such.
    private static func number(_ characters: [Character], _ index: inout Int, _ text: String) throws(ExpressionError) -> Double {
        let start = index
        func skipDigits() { while index < characters.count, characters[index].isASCIIDigit { index += 1 } }
        skipDigits()
        guard characters[start] != "0" || index == start + 1 else {
            // 010 is eight to one reader and ten to another.
            throw ExpressionError(text: text, position: start + 1, expected: "a number that does not begin with a 0 before other digits")
        }
        if index < characters.count, characters[index] == "." {
            index += 1
            skipDigits()
        }
        guard index - start > 1 || characters[start] != "." else {
            throw ExpressionError(text: text, position: start + 1, expected: "a number or a name")
        }
        if index < characters.count, characters[index] == "e" || characters[index] == "E" {
            index += 1
            if index < characters.count, characters[index] == "+" || characters[index] == "-" { index += 1 }
            let digits = index
            skipDigits()
            guard index > digits else { throw ExpressionError(text: text, position: index + 1, expected: "the exponent of a number") }
        }
        let word = String(characters[start..<index])
        guard let value = Double(word), value.isFinite else {
            throw ExpressionError(text: text, position: start + 1, expected: "a number below 1.8e308")
        }
        guard value != 0 || !word.prefix(while: { $0 != "e" && $0 != "E" }).contains(where: { "1"..."9" ~= $0 }) else {
            throw ExpressionError(text: text, position: start + 1, expected: "0, or a number of at least 4.9e-324,")
        }
        return value
    }

    /// Letters, digits and `_`, in parts separated by dots.
    private static func name(_ characters: [Character], _ index: inout Int, _ text: String) throws(ExpressionError) -> Kind {
        let start = index
        while true {
            guard index < characters.count, characters[index].startsName else {
                throw ExpressionError(text: text, position: index + 1, expected: "the rest of a name, which does not end in a dot,")
            }
            while index < characters.count, characters[index].startsName || characters[index].isASCIIDigit { index += 1 }
            guard index < characters.count, characters[index] == "." else { break }
            index += 1
        }
        let name = String(characters[start..<index])
        return ["and", "or", "not"].contains(name) ? .symbol(name) : .name(name)
    }

    private static func symbol(_ characters: [Character], _ index: inout Int, _ text: String) throws(ExpressionError) -> Kind {
        let pair = String(characters[index..<min(index + 2, characters.count)])
        if let symbol = ["<=": "<=", ">=": ">=", "==": "==", "!=": "!=", "&&": "and", "||": "or"][pair] {
            index += 2
            return .symbol(symbol)
        }
        let single = String(characters[index])
        if "+-*/^(),<>".contains(single) {
            index += 1
            return .symbol(single)
        }
        if single == "!" {
            index += 1
            return .symbol("not")
        }
        let expected =
            switch single {
            case "=": "'==' for a comparison"
            case "&": "'&&' or 'and'"
            case "|": "'||' or 'or'"
            default: "a number, a name, an operator or a parenthesis"
            }
        throw ExpressionError(text: text, position: index + 1, expected: expected)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
    fileprivate var startsName: Bool { isLetter || self == "_" }
}
