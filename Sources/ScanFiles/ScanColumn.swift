import Expressions
import Foundation
import Runs

/// The values of one key along its axis.
enum ScanColumn: Sendable {
    /// As listed; nil where a group of `together` leaves the key out.
    case list([ScanValue?])
    case range(ScanRange)
    case draw(ScanDraw)

    func value(_ position: Int) -> ScanValue? {
        switch self {
        case .list(let values): values[position]
        case .range(let range): .number(range.value(position))
        case .draw(let draw): .number(draw.value(position))
        }
    }

    /// Values that are more than a number.
    var listed: [ScanValue] {
        if case .list(let values) = self { values.compactMap { $0 } } else { [] }
    }
}

/// What stands for a key in one place.
enum ScanValue: Sendable {
    /// Numbers, words (``ScanSchema/words``) and flags (1 or 0).
    case number(Double)
    case numbers([Double])
    case expression(ScanFormula)
    case inputs(ScanInputs)
    case targets(ScanTargets)
    case weights(ScanWeights)

    /// The same, with what the names in its formulas stand for.
    func resolved(_ references: (ScanFormula) throws -> [ScanReference]) throws -> ScanValue {
        switch self {
        case .expression(let formula): .expression(try formula.resolved(references))
        case .inputs(.interval(let count, let from, let to)):
            .inputs(.interval(count: count, from: try from.resolved(references), to: try to.resolved(references)))
        case .number, .numbers, .inputs, .targets, .weights: self
        }
    }
}

/// Equally spaced numbers, linearly or in the logarithm; computed when they are asked for.
struct ScanRange: Sendable {
    let from: Double
    let to: Double
    let count: Int
    let spacing: Spacing
    let isInteger: Bool

    enum Spacing: Sendable {
        /// Both ends belong to it.
        case linear, log
        /// `to` belongs to it only if it is met.
        case step(Double)
    }

    func value(_ index: Int) -> Double {
        let value: Double
        switch spacing {
        case _ where index == 0: value = from
        case .step(let step): value = SignificantDigits.round(from + Double(index) * step, of: max(abs(from), abs(to)))
        case _ where index == count - 1: value = to
        case .linear:
            value = SignificantDigits.round(from + (to - from) * (Double(index) / Double(count - 1)), of: max(abs(from), abs(to)))
        case .log: value = SignificantDigits.round(from * pow(to / from, Double(index) / Double(count - 1)))
        }
        return isInteger ? value.rounded() : value
    }
}

/// An expression with what its names stand for.
struct ScanFormula: Sendable {
    let expression: Expressions.Expression
    /// For each of the expression's variables; set once all keys are known.
    var references: [ScanReference] = []

    init(_ expression: Expressions.Expression) { self.expression = expression }

    /// The same, with what its names stand for.
    func resolved(_ references: (ScanFormula) throws -> [ScanReference]) throws -> ScanFormula {
        var formula = self
        formula.references = try references(self)
        return formula
    }
}

/// What a name in an expression stands for.
enum ScanReference: Sendable {
    /// The value of a key or of a `let`, by its slot.
    case slot(Int)
    case constant(Double)
    case replica, seed
    case quantity(Quantity)
}
