import Expressions
import Foundation
import Testing

@Suite struct ExpressionTests {
    private static func value(_ text: String, _ names: [String: Double] = [:]) throws -> Double {
        try Expressions.Expression(text).value { try #require(names[$0]) }
    }

    @Test(
        arguments: [
            // Precedence and associativity, worked out by hand.
            ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("16 / 4 / 2", 2), ("2 ^ 3 ^ 2", 512), ("-2 ^ 2", -4), ("(-2) ^ 2", 4),
            ("2 ^ -1", 0.5), ("2 ^ -1 ^ 2", 0.5), ("2 ^ 3 * 4", 32), ("4 * 2 ^ 3", 32), ("-3 * -2", 6), ("2 - -3", 5), ("--5", 5),
            ("+4", 4),
            ("1 - 2 * 3 ^ 2 / 6 + 1", -1),
            // Comparisons bind looser than sums, `not` looser than they, then `and`, then `or`.
            ("1 + 1 < 3", 1), ("3 <= 2 + 1", 1), ("3 > 3", 0), ("3 >= 3", 1), ("1 == 1", 1), ("1 != 1", 0), ("(1 < 2) + (2 < 3)", 2),
            ("not 2 < 1", 1), ("!2 < 1", 1), ("not 0 and 0", 0), ("not (0 and 0)", 1), ("1 or 0 and 0", 1), ("(1 or 0) and 0", 0),
            ("1 || 0 && 0", 1), ("0 or not 0", 1), ("not not 7", 1), ("2 and 3", 1), ("0 or 5", 1), ("1 == 1 and 2 == 2", 1),
            // Numbers, constants and functions.
            (".5 + 1. + 1e-1 + 2E+1", 21.6), ("pi", Double.pi), ("true + true + false", 2), ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3),
            ("min(4)", 4), ("abs(-2)", 2), ("sqrt(9)", 3), ("log10(1000)", 3), ("floor(-1.5)", -2), ("round(2.5)", 3), ("round(-2.5)", -3),
            ("log(exp(2))", 2), ("max(1 < 2, 0) * min(2 ^ 2, 5)", 4),
        ] as [(String, Double)])
    func arithmetic(_ text: String, _ expected: Double) throws {
        // A few roundings at the most.
        #expect(abs(try Self.value(text) - expected) <= 4 * expected.ulp)
    }

    @Test func namesAreFoundAndLookedUp() throws {
        let expression = try Expressions.Expression("corrected.errorOverTravel < 0.1 and width_1 * b2 >= andy + b2")
        #expect(expression.names == ["corrected.errorOverTravel", "width_1", "b2", "andy"])
        #expect(expression.variables == ["andy", "b2", "corrected.errorOverTravel", "width_1"])
        let values = ["corrected.errorOverTravel": 0.05, "width_1": 3, "b2": 2, "andy": 4]
        #expect(expression.value { values[$0] ?? .nan } == 1)
        #expect(expression.valueByIndex({ [4, 2, 0.05, 3][$0] }) == 1)
        #expect(expression.valueByIndex({ [4.1, 2, 0.05, 3][$0] }) == 0)
        struct Missing: Error {}
        #expect(throws: Missing.self) { try expression.value { _ in throw Missing() } }
    }

    @Test func rightSideIsAskedForOnlyIfNeeded() throws {
        func asked(_ text: String) throws -> [String] {
            var asked: [String] = []
            _ = try Expressions.Expression(text).value {
                asked.append($0)
                return $0 == "yes" ? 1 : 0
            }
            return asked
        }
        #expect(try asked("no and yes") == ["no"])
        #expect(try asked("yes and no") == ["yes", "no"])
        #expect(try asked("yes or no") == ["yes"])
        #expect(try asked("no or yes") == ["no", "yes"])
        #expect(try asked("no and a and b or yes or c") == ["no", "yes"])
    }

    @Test(arguments: ["x < 1", "x > 1", "x <= x", "x >= 1", "x == x", "x != 1", "1 != x", "x and 1", "x or 0", "0/0 == 1", "sqrt(-1) < 1"])
    func whatIsNoNumberIsFalse(_ text: String) throws {
        #expect(try Self.value(text, ["x": .nan]) == 0)
    }

    @Test func whatIsNoNumberStaysSoInArithmetic() throws {
        for text in ["x + 1", "min(x, 1)", "min(1, x)", "max(x, 1)", "max(1, x)", "-x", "abs(x)"] {
            #expect(try Self.value(text, ["x": .nan]).isNaN)
        }
        #expect(try Self.value("1 / 0") == .infinity)
    }

    @Test(arguments: [
        ("", 1, "a number, a name or '('"), ("1 +", 4, "a number, a name or '('"), ("a + * b", 5, "a number, a name or '('"),
        ("(1 + 2", 7, "an operator or ')'"), ("1 2", 3, "an operator or the end"), ("2x", 2, "an operator or the end"),
        ("1)", 2, "an operator or the end"), ("a = 1", 3, "'=='"), ("a & b", 3, "'&&' or 'and'"), ("a | b", 3, "'||' or 'or'"),
        ("0 < x < 1", 7, "'and' between two comparisons"), ("1 == not 0", 6, "a '(' before 'not'"), ("foo(1)", 1, "a function (abs"),
        ("min + 1", 5, "'(' after 'min'"), ("sqrt", 5, "'(' after 'sqrt'"), ("sqrt(1, 2)", 7, "an operator or ')'"),
        ("min()", 5, "a number, a name or '('"), ("a. + 1", 3, "the rest of a name"), ("1e", 3, "the exponent"),
        ("1e999", 1, "below 1.8e308"),
        (".", 1, "a number or a name"), ("a ? b", 3, "an operator"), ("a ** b", 4, "a number, a name or '('"),
        ("pi(2)", 1, "a function"),
    ])
    func errorsSayWhatWasExpectedWhere(_ text: String, _ position: Int, _ expected: String) throws {
        let error = try #require(throws: ExpressionError.self) { try Expressions.Expression(text) }
        #expect(error.text == text)
        #expect(error.position == position)
        #expect(error.expected.contains(expected), "\(error.expected)")
        #expect(error.description.contains("'\(text)'") && error.description.contains(expected))
        #expect(position > text.count ? error.description.contains("the end") : error.description.contains("at position \(position)"))
    }

    @Test func depthIsLimitedAndLengthIsNot() throws {
        let count = 100_000
        for opening in ["(", "-", "not ", "2^", "abs("] {
            let error = try #require(throws: ExpressionError.self) {
                try Expressions.Expression(String(repeating: opening, count: count) + "1")
            }
            #expect(error.expected.contains("at most 100 levels"))
            #expect(error.description.count < 250)
        }
        let sum = try Expressions.Expression(Array(repeating: "x", count: count).joined(separator: " + "))
        #expect(sum.value { _ in 0.5 } == Double(count) / 2)
        #expect(sum.variables == ["x"])
        let nested = String(repeating: "(", count: 99) + "3" + String(repeating: ")", count: 99)
        #expect(try Self.value(nested) == 3)
        // More numbers at once than fit the small stack: 1 + (1 + (1 + …)).
        #expect(try Self.value(String(repeating: "1 + (", count: 49) + "1" + String(repeating: ")", count: 49)) == 50)
    }

    @Test func equalTextsAreEqual() throws {
        #expect(try Expressions.Expression("a + 1") == Expressions.Expression("a + 1"))
        #expect(try Expressions.Expression("a + 1") != Expressions.Expression("a + 2"))
        #expect(try Expressions.Expression("a + 1").description == "a + 1")
    }
}
