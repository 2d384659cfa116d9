import Expressions
import Testing

/// Derivatives of expressions, against those of mpmath 1.3 with 40 digits (taylor(f, x, 3)) and by hand.
@Suite struct JetTests {
    private static func jet(_ text: String, at x: Double) throws -> Jet {
        let expression = try Expressions.Expression(text)
        return expression.jetByIndex { expression.variables[$0] == "x" ? Jet(variable: x) : Jet(constant: 2.5) }
    }

    @Test(
        arguments: [
            ("3*x^4 - 2*x + 1", 1.7, [22.656299999999997, 56.955999999999995, 104.03999999999999, 122.4]),
            ("(x^2-1)^2/4", -0.3, [0.207025, 0.27299999999999999, -0.73000000000000002, -1.7999999999999999]),
            ("exp(-x^2)*sin(3*x)", 0.7, [0.52882484171631315, -1.6682009244400159, -2.1826073602113742, 31.442569173483163]),
            ("(1 - exp(-sqrt(2/3)*x))^2", 5.0, [0.96655337017460547, 0.027076809403005304, -0.021728860466097233, 0.017122208296731673]),
            ("1 + cos(x/2.5)", 1.2, [1.8869949227792842, -0.18471167021659315, -0.14191918764468547, 0.029553867234654904]),
            ("tanh(x)^2 + tan(x/4)", 0.9, [0.74195800905941663, 0.9606517212789071, -0.49503024972439143, -1.2475457884290738]),
            ("log(1+x^2)/x + log10(x)", 2.2, [1.1445730430222679, 0.17525853510792575, -0.17195156758567927, 0.23064503895124353]),
            ("x^(2/3) + x^-2 + 2^x + x^x", 1.3, [5.6515999014555124, 3.1826971485320879, 6.4503229892271196, 0.61105016455039265]),
            ("sinh(x)*cosh(x) - sqrt(x + p)", 0.4, [-1.2588856454988286, 1.0438248365474929, 1.8268343970920309, 5.3235557682969037]),
        ] as [(String, Double, [Double])])
    func derivativesAreThoseOfTheFormula(_ text: String, _ x: Double, _ expected: [Double]) throws {
        let jet = try Self.jet(text, at: x)
        for (found, exact) in zip([jet.value, jet.first, jet.second, jet.third], expected) {
            // Some dozen roundings of terms no greater than the largest of these derivatives.
            #expect(abs(found - exact) <= 1e-14 * expected.map(abs).max()!, "\(text): \(found), \(exact)")
        }
    }

    /// What does not depend on the variable has no derivatives; a whole power has them at 0 and of negative numbers; corners have a side.
    @Test func placesWithoutASlopeOfTheirOwn() throws {
        #expect(try Self.jet("sqrt(0) + log(1) + abs(0)", at: 1) == Jet(constant: 0))
        let square = try Self.jet("x^2", at: 0)
        #expect([square.value, square.first, square.second, square.third] == [0, 0, 2, 0])
        let cube = try Self.jet("(-x)^3", at: 2)
        #expect([cube.value, cube.first, cube.second, cube.third] == [-8, -12, -12, -6])
        #expect(try Self.jet("abs(x)", at: -3).first == -1)
        #expect(try Self.jet("max(x, x^2)", at: 3).first == 6 && Self.jet("min(x, x^2)", at: 3).first == 1)
        #expect(try Self.jet("floor(x) + round(x) + (x > 1)", at: 2.4) == Jet(constant: 5))
        #expect(try Self.jet("(x > 1) * x^2", at: 3).second == 2)
        #expect(try Self.jet("sqrt(x)", at: -1).value.isNaN)
        #expect(try Self.jet("sqrt(x)", at: 0).first == .infinity)
    }

    /// The names of activations are names still, where no parenthesis follows.
    @Test func functionsThatAreNamesToo() throws {
        #expect(try Expressions.Expression("activation == sin or activation == tanh").names == ["activation", "sin", "tanh"])
        #expect(try Expressions.Expression("sin(cos) + cosh").names == ["cos", "cosh"])
    }
}
