/// A formula over named numbers, for the filters and the derived parameters of a scan, and for potentials.
///
/// Loosest first: `or` (`||`), `and` (`&&`), `not` (`!`), comparisons (`<` `<=` `>` `>=` `==` `!=`), `+` `-`, `*` `/`, unary minus, and
/// `^`, which groups from the right: `-2^2` is −4, `2^3^2` is 2⁹. Comparisons do not chain. Functions: `abs`, `sqrt`, `exp`, `log` (natural),
/// `log10`, `floor`, `round` (halves away from 0), `sin`, `cos`, `tan`, `sinh`, `cosh`, `tanh`, and `min` and `max` of one number or more.
/// Constants: `pi`, `true` = 1, `false` = 0.
/// Names are letters, digits and `_`, and may have parts separated by dots.
///
/// All is computed in doubles, and nothing is an error: √−1 is NaN, 1/0 is infinite. 0 and NaN are false, all else is true;
/// comparisons, `and`, `or` and `not` give 1 or 0, and a comparison with NaN gives 0, also `!=`. So NaN, for a number that does not
/// exist, fails a filter. `and` and `or` ask for the names on their right only if the left does not decide.
public struct Expression: Sendable, Equatable, CustomStringConvertible {
    /// The text as it was written.
    public let text: String
    /// The different names in it, in alphabetical order.
    public let variables: [String]
    let code: [ExpressionInstruction]
    private let stackDepth: Int

    /// The different names in it.
    public var names: Set<String> { Set(variables) }

    public var description: String { text }

    /// Parses an expression.
    /// - Throws: `ExpressionError` with the position; also for more than 100 levels of parentheses, signs or powers.
    public init(_ text: String) throws(ExpressionError) {
        var parser = ExpressionParser(text, try ExpressionToken.tokens(of: text))
        try parser.parse()
        self.text = text
        (variables, code, stackDepth) = parser.compiled
    }

    /// The value, with each name looked up where it occurs.
    /// - Parameter lookup: the value of a name; what it throws ends the evaluation.
    public func value(_ lookup: (_ name: String) throws -> Double) rethrows -> Double {
        try valueByIndex { try lookup(variables[$0]) }
    }

    /// The value, for many evaluations: names are looked up by their index in ``variables``.
    /// - Parameter lookup: the value of a name; what it throws ends the evaluation.
    public func valueByIndex(_ lookup: (_ index: Int) throws -> Double) rethrows -> Double {
        // A constant size needs no heap.
        try stackDepth <= 32
            ? withUnsafeTemporaryAllocation(of: Double.self, capacity: 32) { try run(on: $0, lookup) }
            : withUnsafeTemporaryAllocation(of: Double.self, capacity: stackDepth) { try run(on: $0, lookup) }
    }

    /// The value with its derivatives up to the third, which the numbers that are looked up carry, by the rules of differentiation: exact
    /// but for rounding. At a corner of `abs`, `min` and `max` they are those of the side that the value is of; steps are flat.
    /// - Parameter lookup: a name's value with its derivatives, by its index in ``variables``.
    public func jetByIndex(_ lookup: (_ index: Int) throws -> Jet) rethrows -> Jet {
        try stackDepth <= 32
            ? withUnsafeTemporaryAllocation(of: Jet.self, capacity: 32) { try run(on: $0, lookup) }
            : withUnsafeTemporaryAllocation(of: Jet.self, capacity: stackDepth) { try run(on: $0, lookup) }
    }
}
