import Expressions
import Networks
import Runs

/// A key of a scan file: what the schema page, the checks and the suggestions know of it.
struct ScanKey: Sendable {
    let name: String
    let group: Group
    let kind: Kind
    /// As it is written in a file; nil if there is none.
    let standard: String?
    let meaning: String
    /// `key: value` as in a file.
    let example: String

    enum Group: String, Sendable, CaseIterable {
        case about = "The scan"
        case network = "Network"
        case data = "Points and targets"
        case weights = "Weights"
        case loss = "Loss"
        case optimiser = "Optimiser"
        case ensembles = "Ensembles"
        case selection = "Axes and filters"
        case recording = "What is kept"
    }

    enum Kind: Sendable {
        case text
        case number(ScanLimit)
        case integer(ScanLimit)
        case flag
        case word([String])
        /// A list of numbers as one value.
        case list(ScanLimit, isInteger: Bool)
        case inputs, targets, weights
        case seed, record, samples, together, filter

        /// The type as the schema page names it.
        var name: String {
            switch self {
            case .text: "text"
            case .number: "number"
            case .integer: "whole number"
            case .flag: "true or false"
            case .word(let words): words.joined(separator: ", ")
            case .list(_, let isInteger): isInteger ? "list of whole numbers" : "list of numbers"
            case .inputs, .targets, .weights, .seed, .record, .samples: "map"
            case .together: "list of lists of maps"
            case .filter: "expression, or a list of them"
            }
        }

        /// What a single number of it must keep to.
        var limit: ScanLimit? {
            switch self {
            case .number(let limit), .integer(let limit), .list(let limit, _): limit
            default: nil
            }
        }

        /// What its values are in expressions.
        var inExpressions: ExpressionKind {
            switch self {
            case .flag: .flag
            case .word: .word
            default: .number
            }
        }

        var isInteger: Bool {
            switch self {
            case .integer: true
            case .list(_, let isInteger): isInteger
            default: false
            }
        }
    }
}

/// What a number must keep to.
struct ScanLimit: Sendable {
    /// Completes "but must be".
    let text: String
    let remedy: String
    let holds: @Sendable (Double) -> Bool

    static let any = ScanLimit(text: "a finite number", remedy: "check what it is computed from") { _ in true }
    static let deviation = ScanLimit(text: "0 or more, and finite", remedy: "give a standard deviation") { $0 >= 0 }
    static let degree = ScanLimit(text: "an even number from 2 to 16", remedy: "odd powers have no minimum; use 2 or 4") {
        $0 >= 2 && $0 <= 16 && $0.truncatingRemainder(dividingBy: 2) == 0
    }
    /// That of a parameter of an update rule.
    static func of(_ parameter: UpdateRule.Parameter) -> ScanLimit {
        ScanLimit(text: parameter.limits.description, remedy: parameter.remedy, holds: parameter.limits.allow)
    }
    static func atLeast(_ least: Int, _ remedy: String) -> ScanLimit {
        ScanLimit(text: "a whole number from \(least) to 2147483647", remedy: remedy) { $0 >= Double(least) && $0 <= Double(Int32.max) }
    }

    /// Whether a value may be taken; what is wrong with it otherwise.
    func problem(_ key: String, _ value: Double, isInteger: Bool) -> ScanRefusal? {
        if isInteger, value.isFinite, value != value.rounded() {
            return .outOfRange(key, value.scanText, "a whole number", "use round() or floor() where it is computed")
        }
        return value.isFinite && holds(value) ? nil : .outOfRange(key, value.scanText, text, remedy)
    }
}
