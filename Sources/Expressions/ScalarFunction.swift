/// A number that an expression makes of its arguments, with its derivatives by them; other names have fixed values.
public struct ScalarFunction: Sendable, Hashable, CustomStringConvertible {
    /// The expression as it was written.
    public let text: String
    /// The names of the arguments, in their order.
    public let arguments: [String]
    /// The numbers of all other names.
    public let parameters: [String: Double]
    let expression: Expression
    /// For each name of the expression the place of its argument, −1 for a parameter.
    let places: [Int]
    /// For each name of the expression its number; those of arguments are not used.
    let numbers: [Double]

    /// Why a text is no function of these arguments.
    public enum Failure: Error, Equatable, Sendable {
        case noExpression(ExpressionError)
        /// A parameter that the expression does not name, or that is an argument.
        case unknown(parameter: String)
        case notFinite(parameter: String, value: Double)
        /// Names that are neither arguments nor have a value.
        case missing([String])
    }

    /// A function such as `m^2*(a - b)^2` of `a` and `b`, with `m` among the parameters.
    ///
    /// - Parameters:
    ///   - arguments: names; the expression need not have all of them.
    ///   - parameters: a finite number for each other name but `pi`, and no more.
    /// - Throws: `Failure`.
    public init(_ text: String, of arguments: [String], parameters: [String: Double] = [:]) throws(Failure) {
        let expression: Expression
        do { expression = try Expression(text) } catch { throw .noExpression(error) }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            guard !arguments.contains(name), expression.names.contains(name) else { throw .unknown(parameter: name) }
            guard value.isFinite else { throw .notFinite(parameter: name, value: value) }
        }
        let missing = expression.variables.filter { !arguments.contains($0) && parameters[$0] == nil }
        guard missing.isEmpty else { throw .missing(missing) }
        self.text = text
        self.arguments = arguments
        self.parameters = parameters
        self.expression = expression
        numbers = expression.variables.map { parameters[$0] ?? 0 }
        places = expression.variables.map { arguments.firstIndex(of: $0) ?? -1 }
    }

    /// The expression, and what its names stand for.
    public var description: String {
        parameters.isEmpty
            ? text : text + " with " + parameters.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    }

    /// The value at a point.
    public func value(at point: UnsafeBufferPointer<Double>) -> Double {
        expression.valueByIndex { places[$0] < 0 ? numbers[$0] : point[places[$0]] }
    }

    /// The value with its derivatives along a direction: f(x + s e) as a function of s.
    public func jet(at point: UnsafeBufferPointer<Double>, along direction: (_ argument: Int) -> Double) -> Jet {
        expression.jetByIndex { name in
            let place = places[name]
            return place < 0 ? Jet(constant: numbers[name]) : Jet(value: point[place], slope: direction(place))
        }
    }

    /// ∂f/∂x_a, by the rules of differentiation.
    public func writeGradient(at point: UnsafeBufferPointer<Double>, into gradient: UnsafeMutableBufferPointer<Double>) {
        for a in gradient.indices { gradient[a] = jet(at: point) { $0 == a ? 1 : 0 }.first }
    }

    /// ∂²f/∂x_a∂x_b, (n, n): mixed ones from those along the sum of two axes.
    public func writeHessian(at point: UnsafeBufferPointer<Double>, into hessian: UnsafeMutableBufferPointer<Double>) {
        let count = arguments.count
        for a in 0..<count { hessian[a * count + a] = jet(at: point) { $0 == a ? 1 : 0 }.second }
        for a in 0..<count {
            for b in 0..<a {
                let both = jet(at: point) { $0 == a || $0 == b ? 1 : 0 }.second
                let mixed = 0.5 * (both - hessian[a * count + a] - hessian[b * count + b])
                (hessian[a * count + b], hessian[b * count + a]) = (mixed, mixed)
            }
        }
    }

    public static func == (a: Self, b: Self) -> Bool {
        a.text == b.text && a.arguments == b.arguments && a.parameters == b.parameters
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(arguments)
        hasher.combine(parameters)
    }
}
