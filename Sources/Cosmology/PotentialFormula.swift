import Expressions

/// A potential energy density V(φ) written as an expression in `phi`, with numbers for its other names.
public struct PotentialFormula: Sendable, Hashable, CustomStringConvertible {
    /// The expression as it was written.
    public let text: String
    /// The numbers of its other names.
    public let parameters: [String: Double]
    private let expression: Expression
    /// A number for each name of the expression, in its order; that of φ is not used.
    private let numbers: [Double]
    private let field: Int?

    /// The name of the field.
    public static let fieldName = "phi"

    /// A formula such as `m^2 phi^2 / 2`, written `m^2*phi^2/2`, with `m` among the parameters.
    ///
    /// - Parameter parameters: a finite number for each name but `phi` and `pi`, and no others.
    /// - Throws: `UniverseError.badFormula` for a text that is no expression and for names without a number, `outOfRange` for a
    ///   parameter that is not finite or not in the expression.
    public init(_ text: String, parameters: [String: Double] = [:]) throws(UniverseError) {
        let expression: Expression
        do { expression = try Expression(text) } catch { throw .badFormula("\(error)") }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            guard name != Self.fieldName, expression.names.contains(name) else {
                throw .badFormula("the parameter '\(name)' is not in the potential '\(text)': leave it out, or correct its name")
            }
            try UniverseError.requireFinite(value, "parameter \(name)")
        }
        let missing = expression.variables.filter { $0 != Self.fieldName && parameters[$0] == nil }
        guard missing.isEmpty else {
            let list = missing.map { "'\($0)'" }.joined(separator: ", ")
            throw .badFormula(
                "the potential '\(text)' names \(list), which has no value: the field is 'phi', other names need a parameter each")
        }
        self.text = text
        self.parameters = parameters
        self.expression = expression
        numbers = expression.variables.map { parameters[$0] ?? 0 }
        field = expression.variables.firstIndex(of: Self.fieldName)
    }

    /// The expression, and what its names stand for.
    public var description: String {
        parameters.isEmpty
            ? text : text + " with " + parameters.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }

    /// V(φ).
    public func value(at phi: Double) -> Double { expression.valueByIndex { $0 == field ? phi : numbers[$0] } }

    /// V(φ) with its derivatives.
    public func jet(at phi: Double) -> Jet {
        expression.jetByIndex { $0 == field ? Jet(variable: phi) : Jet(constant: numbers[$0]) }
    }

    public static func == (a: Self, b: Self) -> Bool { a.text == b.text && a.parameters == b.parameters }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(parameters)
    }
}
