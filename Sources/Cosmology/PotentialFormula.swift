import Expressions

/// A potential energy density written as an expression, with numbers for its other names: V(φ) in `phi`, or V(φ_1, …, φ_C) of several fields
/// in `phi1`, `phi2`, ….
public struct PotentialFormula: Sendable, Hashable, CustomStringConvertible {
    /// V with its derivatives by the fields.
    public let function: ScalarFunction

    /// The name of one field.
    public static let fieldName = "phi"

    /// The names of C fields: `phi1`, `phi2`, ….
    public static func fieldNames(_ count: Int) -> [String] { (0..<count).map { "\(fieldName)\($0 + 1)" } }

    /// A formula of one field such as `m^2 phi^2 / 2`, written `m^2*phi^2/2`, with `m` among the parameters.
    ///
    /// - Parameter parameters: a finite number for each name but `phi` and `pi`, and no others.
    /// - Throws: `UniverseError.badFormula` for a text that is no expression and for names without a number, `outOfRange` for a
    ///   parameter that is not finite or not in the expression.
    public init(_ text: String, parameters: [String: Double] = [:]) throws(UniverseError) {
        try self.init(text, of: [Self.fieldName], parameters)
    }

    /// A formula of several fields such as `m^2*phi1^2/2 + g*phi1^2*phi2^2`.
    ///
    /// - Parameters:
    ///   - fields: C.
    ///   - parameters: a finite number for each name but those of fields and `pi`, and no others.
    /// - Throws: as for one field.
    public init(_ text: String, fields: Int, parameters: [String: Double] = [:]) throws(UniverseError) {
        try self.init(text, of: Self.fieldNames(fields), parameters)
    }

    private init(_ text: String, of fields: [String], _ parameters: [String: Double]) throws(UniverseError) {
        do throws(ScalarFunction.Failure) {
            function = try ScalarFunction(text, of: fields, parameters: parameters)
        } catch {
            switch error {
            case .noExpression(let error): throw .badFormula("\(error)")
            case .unknown(let name):
                throw .badFormula("the parameter '\(name)' is not in the potential '\(text)': leave it out, or correct its name")
            case .notFinite(let name, let value):
                throw .outOfRange(
                    quantity: "parameter \(name)", value: "\(value)", limit: "a finite number", remedy: "Give a finite parameter \(name).")
            case .missing(let names):
                let list = names.map { "'\($0)'" }.joined(separator: ", ")
                let what =
                    fields == [Self.fieldName]
                    ? "the field is 'phi'" : "the fields are \(fields.map { "'\($0)'" }.joined(separator: ", "))"
                throw .badFormula("the potential '\(text)' names \(list), which has no value: \(what), other names need a parameter each")
            }
        }
    }

    /// The expression, and what its names stand for.
    public var description: String { function.description }

    /// V(φ) of one field.
    public func value(at phi: Double) -> Double {
        withUnsafePointer(to: phi) { function.value(at: UnsafeBufferPointer(start: $0, count: 1)) }
    }

    /// V(φ) of one field with its derivatives.
    public func jet(at phi: Double) -> Jet {
        withUnsafePointer(to: phi) { function.jet(at: UnsafeBufferPointer(start: $0, count: 1), along: { _ in 1 }) }
    }
}
