import Foundation

extension Claim {
    /// The measurement as a person reads it: the number with its standard error, what a reader should know besides, and why nothing is
    /// decided where nothing is.
    public var measuredText: String {
        [numberText, detail, reason].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// The number alone with its standard error; empty where nothing was measured.
    public var numberText: String {
        measured.map { text($0) + (standardError.map { " ± \(text($0, digits: 2))" } ?? "") } ?? ""
    }

    /// What the number must be, as a person reads it.
    public var boundText: String {
        switch bound {
        case .atMost(let limit): "≤ \(text(limit))"
        case .atLeast(let limit): "≥ \(text(limit))"
        case .lessThan(let limit): "< \(text(limit))"
        case .moreThan(let limit): "> \(text(limit))"
        case .within(let range): "\(text(range.lowerBound)) to \(text(range.upperBound))"
        }
    }

    /// The control as a person reads it; empty where there is none.
    public var controlText: String { control.map { "\(text($0.value)): \($0.model)" } ?? "" }

    private func text(_ value: Double, digits: Int = 3) -> String {
        switch unit {
        case .plain: Self.rounded(value, digits)
        case .percent: Self.rounded(100 * value, digits) + " %"
        }
    }

    /// Three significant digits.
    package static func number(_ value: Double) -> String { rounded(value, 3) }

    /// Hundredths.
    package static func percent(_ value: Double) -> String { rounded(100 * value, 3) + " %" }

    /// With minus signs in the places of hyphens.
    private static func rounded(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)g", value).replacing("-", with: "−")
    }
}
