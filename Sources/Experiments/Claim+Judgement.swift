import Arrays
import Foundation

extension Claim {
    /// Which side of a bound a measurement must be on.
    enum Bound {
        case atMost(Double)
        case atLeast(Double)
        case within(ClosedRange<Double>)

        func admits(_ value: Double) -> Bool {
            switch self {
            case .atMost(let limit): value <= limit
            case .atLeast(let limit): value >= limit
            case .within(let range): range.contains(value)
            }
        }
    }

    /// A claim that holds if the measurement is within the bound.
    static func judged(
        _ figure: String, _ claim: String, _ criterion: String, _ measured: Double, text: String? = nil, standardError: Double? = nil,
        _ bound: Bound, control: Control? = nil
    ) -> Claim {
        Claim(
            figure: figure, claim: claim, criterion: criterion, measured: measured, measuredText: text ?? Self.number(measured),
            standardError: standardError, control: control, verdict: bound.admits(measured) ? .holds : .fails)
    }

    /// Three significant digits.
    static func number(_ value: Double) -> String { withMinus(String(format: "%.3g", value)) }

    /// Hundredths.
    static func percent(_ value: Double) -> String { withMinus(String(format: "%.3g %%", 100 * value)) }

    /// With a minus sign in the place of the hyphen.
    private static func withMinus(_ text: String) -> String { text.hasPrefix("-") ? "−" + text.dropFirst() : text }
}

/// A median with its standard error, from 200 bootstrap samples.
struct Median {
    let value: Double
    let standardError: Double

    /// - Throws: `StatisticsError` for no values or values that are not finite.
    init(_ values: [Double]) throws {
        value = try Statistics.median(values)
        standardError =
            values.count > 1
            ? try Statistics.bootstrapStandardError(of: values, resamples: 200) { (try? Statistics.median($0)) ?? .nan } : 0
    }
}
