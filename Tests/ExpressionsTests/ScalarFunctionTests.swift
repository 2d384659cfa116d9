import Expressions
import Testing

/// Functions of several arguments, their derivatives on the host and as code.
@Suite struct ScalarFunctionTests {
    /// Derivatives by hand at (2, 3), exact in binary.
    @Test func derivativesAreThoseByHand() throws {
        let f = try ScalarFunction("a*x^2*y + y^3 - x", of: ["x", "y"], parameters: ["a": 0.5])
        var (gradient, hessian) = ([Double](repeating: 0, count: 2), [Double](repeating: 0, count: 4))
        [2.0, 3].withUnsafeBufferPointer { point in
            #expect(f.value(at: point) == 31)
            gradient.withUnsafeMutableBufferPointer { f.writeGradient(at: point, into: $0) }
            hessian.withUnsafeMutableBufferPointer { f.writeHessian(at: point, into: $0) }
        }
        #expect(gradient == [5, 29] && hessian == [3, 2, 2, 18])
    }

    @Test func codeIsThatOfTheDerivatives() throws {
        let code = try ScalarFunction("3*x + x*y^2", of: ["x", "y"]).code { "A\($0)" }
        #expect(code.value == "(((REAL)(3) * A0) + (A0 * (A1 * A1)))")
        #expect(code.derivatives == ["((REAL)(3) + (A1 * A1))", "(A0 * ((REAL)(2) * A1))"])
        for text in ["abs(x)", "min(x, y)", "x > y", "floor(x)", "x and y"] {
            #expect(throws: ScalarFunction.NoCode.self) { try ScalarFunction(text, of: ["x", "y"]).code { "A\($0)" } }
        }
    }

    /// Powers of powers are not written out: x^16 five times would be a million factors.
    @Test func powersOfPowersStayShort() throws {
        let code = try ScalarFunction("(((((x + y)^16)^16)^16)^16)^16", of: ["x", "y"]).code { "A\($0)" }
        #expect(code.value.count < 500 && code.value.hasPrefix("pown(") && code.derivatives[0].count < 5000)
    }

    /// Ranges by hand, and that of every function has the values at points of the arguments' ranges.
    @Test func rangesHaveAllValues() throws {
        func range(_ text: String, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>) throws -> ClosedRange<Double> {
            try ScalarFunction(text, of: ["x", "y"]).ranges([x, y], unit: 0, smallest: 0).value
        }
        func isNear(_ range: ClosedRange<Double>, _ low: Double, _ high: Double) -> Bool {
            abs(range.lowerBound - low) <= 1e-12 && abs(range.upperBound - high) <= 1e-12
        }
        #expect(isNear(try range("x*y", 1...2, -1...3), -2, 6))
        #expect(isNear(try range("x^2 - y", -1...2, 0...1), -1, 4))
        #expect(isNear(try range("x/y", 1...2, 4...8), 0.125, 0.5))
        #expect(try range("x/y", 1...2, -1...1) == -.infinity ... .infinity)
        #expect(try range("sqrt(x)", -1...2, 0...0).lowerBound == -.infinity)
        // A unit roundoff of 1/8: a sum of size 3 is off by 3/8.
        let rounded = try ScalarFunction("x + y", of: ["x", "y"]).ranges([1...1, 2...2], unit: 0.125, smallest: 0).value
        #expect(isNear(rounded, 2.625, 3.375))
        for text in [
            "exp(x)*sin(3*y)", "cos(5*x) + tan(x/2)", "log(1 + x^2)/cosh(y)", "tanh(x*y) - sinh(y)", "(1 + x^2)^y", "log10(2 + y)*x^3",
        ] {
            let function = try ScalarFunction(text, of: ["x", "y"]), whole = try function.ranges([-1...2, -0.5...1], unit: 0, smallest: 0)
            for i in 0...30 {
                for j in 0...30 {
                    [-1 + 0.1 * Double(i), -0.5 + 0.05 * Double(j)].withUnsafeBufferPointer { point in
                        var gradient = [0.0, 0]
                        gradient.withUnsafeMutableBufferPointer { function.writeGradient(at: point, into: $0) }
                        #expect(whole.value.contains(function.value(at: point)), "\(text)")
                        for a in 0..<2 { #expect(whole.derivatives[a].contains(gradient[a]), "\(text)") }
                    }
                }
            }
        }
    }

    @Test func namesAreChecked() {
        #expect(throws: ScalarFunction.Failure.missing(["z"])) { try ScalarFunction("x + z", of: ["x"]) }
        #expect(throws: ScalarFunction.Failure.unknown(parameter: "q")) { try ScalarFunction("x", of: ["x"], parameters: ["q": 1]) }
    }
}
