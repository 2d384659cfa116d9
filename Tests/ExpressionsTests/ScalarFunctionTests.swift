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

    @Test func namesAreChecked() {
        #expect(throws: ScalarFunction.Failure.missing(["z"])) { try ScalarFunction("x + z", of: ["x"]) }
        #expect(throws: ScalarFunction.Failure.unknown(parameter: "q")) { try ScalarFunction("x", of: ["x"], parameters: ["q": 1]) }
    }
}
