import Arrays
import Expressions

/// The form of a loss that couples the outputs of a point: l = s W(u_1, …, u_C) with u_c = f_c − m_c, m_c the anchors.
///
/// It is an expression in `u1`, `u2`, … without other names: `u1^2 + u2^2 + 0.5*u1*u2`, or a quartic `(u1*u2)^2`. On devices its derivatives
/// are compiled, so that each expression is a program of its own; on the host they follow by the rules of differentiation.
public struct Coupling: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The expression as it was written.
    public let text: String
    /// C.
    public let outputs: Int
    /// W.
    public let function: ScalarFunction
    /// l and ∂l/∂f_c as OpenCL C expressions of `s`, `U(b)` and the output `c`.
    let kernelValue: String
    let kernelSlope: String

    /// Outputs at the most, and characters of the expression and of the compiled ones.
    private static let mostOutputs = 16, longestText = 1000, longestCode = 8000

    /// A coupled form.
    /// - Throws: `NetworkError.outOfRange` for fewer than 2 outputs or more than 16, a text of more than 1000 characters, one that is no
    ///   expression or names anything but u1…uC, what has no derivative everywhere (comparisons, min, max, abs, floor, round), and derivatives of more than 8000 characters.
    public init(_ text: String, outputs: Int) throws(NetworkError) {
        let what = "the coupling of the loss", remedy = "write it in u1, u2, …, the outputs less their minima: u1^2 + u2^2 + 0.5*u1*u2"
        guard 2...Self.mostOutputs ~= outputs else {
            throw .outOfRange(
                what: "the number of coupled outputs", value: "\(outputs)", limit: "from 2 to \(Self.mostOutputs)",
                remedy: "give a minimum for each output, or another loss")
        }
        // Derivatives grow as the square of the text.
        guard text.utf8.count <= Self.longestText else {
            throw .outOfRange(
                what: what, value: "\(text.utf8.count) characters", limit: "at most \(Self.longestText)",
                remedy: "write it with fewer terms")
        }
        let names = (1...outputs).map { "u\($0)" }
        do throws(ScalarFunction.Failure) {
            function = try ScalarFunction(text, of: names)
        } catch {
            switch error {
            case .noExpression(let error):
                throw .outOfRange(what: what, value: "'\(Excerpt.of(text))'", limit: "an expression: \(error)", remedy: remedy)
            case .missing(let others):
                throw .outOfRange(
                    what: what, value: "an expression that names \(others.joined(separator: ", "))",
                    limit: "one of \(names.joined(separator: ", ")) alone", remedy: remedy)
            case .unknown, .notFinite: throw .outOfRange(what: what, value: text, limit: "without parameters", remedy: remedy)
            }
        }
        do throws(ScalarFunction.NoCode) {
            let code = try function.code { "U(\($0))" }
            kernelValue = "(c == 0 ? s * \(code.value) : (REAL)0)"
            var slope = code.derivatives[outputs - 1]
            for c in (0..<outputs - 1).reversed() { slope = "(c == \(c) ? \(code.derivatives[c]) : \(slope))" }
            kernelSlope = "(s * \(slope))"
        } catch { throw .outOfRange(what: what, value: "an expression with \(error.what)", limit: "smooth", remedy: remedy) }
        guard kernelValue.count + kernelSlope.count <= Self.longestCode else {
            throw .outOfRange(
                what: "the derivatives of the coupling of the loss", value: "\(kernelValue.count + kernelSlope.count) characters",
                limit: "at most \(Self.longestCode)", remedy: "write it with fewer terms")
        }
        self.text = text
        self.outputs = outputs
    }

    public var description: String { text }

    /// The expression with another text in the place of each u_c, c from 0.
    public func text(_ argument: (_ output: Int) -> String) -> String {
        text.replacing(/u([0-9]+)/) { match in
            // Of other names there are none, and functions have no digits behind a u.
            Int(match.output.1).map { argument($0 - 1) } ?? String(match.output.0)  // bounded: from 1 on
        }
    }

    /// The values that W and its derivatives may have on a device whose u_c are anywhere in their ranges, and whose arithmetic has this unit
    /// roundoff and flushes what is below `smallest`; infinite where there is no bound.
    public func ranges(
        _ u: [ClosedRange<Double>], unit: Double, smallest: Double
    ) -> (value: ClosedRange<Double>, derivatives: [ClosedRange<Double>]) {
        // It has code, or the initialiser had thrown.
        (try? function.ranges(u, unit: unit, smallest: smallest)) ?? (-.infinity ... .infinity, u.map { _ in -.infinity ... .infinity })
    }

    private enum CodingKeys: String, CodingKey { case text, outputs }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(values.decode(String.self, forKey: .text), outputs: values.decode(Int.self, forKey: .outputs))
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(text, forKey: .text)
        try values.encode(outputs, forKey: .outputs)
    }
}
