import Foundation

/// Where an axis is marked and what the marks say.
public struct Ticks: Sendable, Equatable {
    /// Labelled positions, ascending, inside the range.
    public var major: [Double]
    /// Unlabelled positions, ascending, inside the range.
    public var minor: [Double]
    /// One label for each major tick, with a true minus sign and, for powers of ten, the markup of `Figure`.
    public var labels: [String]
    /// Power of ten by which all labels are to be multiplied, 0 for none; it is written once at the end of the axis.
    public var exponent: Int

    /// Ticks at multiples of 1, 2 or 5 times a power of ten, as near to `count` of them as can be.
    ///
    /// Neither bound need be a tick. A range that is empty or not finite has no ticks.
    public static func linear(_ range: ClosedRange<Double>, count: Int) -> Ticks {
        let none = Ticks(major: [], minor: [], labels: [], exponent: 0)
        let span = range.upperBound - range.lowerBound
        guard span.isFinite, span > 0 else { return none }
        let raw = span / Double(max(1, count))
        let raise = Int(Foundation.log10(raw).rounded(.down))
        guard (-300...307).contains(raise) else { return none }
        let fraction = raw / pow(10, Double(raise))
        let (mantissa, power) =
            fraction < 1.42 ? (1, raise) : fraction < 3.17 ? (2, raise) : fraction < 7.08 ? (5, raise) : (1, raise + 1)
        let major = multiples(of: mantissa, power: power, in: range)
        let minor = multiples(of: mantissa == 1 ? 2 : mantissa == 2 ? 5 : 10, power: power - 1, in: range)
        let largest = major.map(abs).max() ?? 0
        var exponent = 0
        if largest >= 1e5 || (largest > 0 && largest < 0.99e-2) {
            exponent = Int(Foundation.log10(largest * (1 + 1e-12)).rounded(.down))
        }
        let decimals = min(15, max(0, exponent - power))
        let labels = major.map { fixed($0 / pow(10, Double(exponent)), decimals: decimals) }
        return Ticks(major: major, minor: minor.filter { !major.contains($0) }, labels: labels, exponent: exponent)
    }

    /// Ticks for a logarithmic axis over a range given as log10 of its bounds; the positions are log10 of the values too.
    ///
    /// Whole decades where there are at least two, with 2 to 9 between them as minor ticks or, where the decades are too
    /// many, every k-th decade; else 1, 2 and 5; else linear steps.
    public static func logarithmic(_ range: ClosedRange<Double>, count: Int) -> Ticks {
        let none = Ticks(major: [], minor: [], labels: [], exponent: 0)
        guard range.lowerBound >= -330, range.upperBound <= 330, range.lowerBound < range.upperBound else { return none }
        let slack = 1e-9
        let first = Int((range.lowerBound - slack).rounded(.up))
        let last = Int((range.upperBound + slack).rounded(.down))
        let between = (first - 1...max(first, last + 1)).flatMap { decade in
            (2...9).map { (digit: $0, decade: decade, position: Double(decade) + Foundation.log10(Double($0))) }
        }.filter { range.contains($0.position) }
        if last > first {
            let stride = max(1, Int((Double(last - first) / Double(max(1, count))).rounded(.up)))
            let decades = Array(first...last)
            let labelled = decades.filter { $0.isMultiple(of: stride) }
            let plain = labelled.allSatisfy { (-2...3).contains($0) }
            let minor = stride == 1 ? between.map(\.position) : decades.filter { !$0.isMultiple(of: stride) }.map(Double.init)
            return Ticks(
                major: labelled.map(Double.init), minor: last - first > 10 && stride == 1 ? [] : minor,
                labels: labelled.map { plain ? number(1, decade: $0) : power($0) }, exponent: 0)
        }
        let fine = (between + (last == first ? [(digit: 1, decade: first, position: Double(first))] : [])).sorted {
            $0.position < $1.position
        }
        let major = fine.filter { [1, 2, 5].contains($0.digit) }
        if major.count >= 2 {
            return Ticks(
                major: major.map(\.position), minor: fine.filter { ![1, 2, 5].contains($0.digit) }.map(\.position),
                labels: major.map { number($0.digit, decade: $0.decade) }, exponent: 0)
        }
        var steps = linear(pow(10, range.lowerBound)...pow(10, range.upperBound), count: count)
        steps.major = steps.major.map { Foundation.log10($0) }
        steps.minor = steps.minor.map { Foundation.log10($0) }
        return steps
    }

    /// k · mantissa · 10^power inside the range, each correctly rounded where the factors are exact.
    private static func multiples(of mantissa: Int, power: Int, in range: ClosedRange<Double>) -> [Double] {
        func value(_ k: Double) -> Double {
            power >= 0 ? k * Double(mantissa) * pow(10, Double(power)) : k * Double(mantissa) / pow(10, Double(-power))
        }
        let step = value(1)
        guard step > 0, step.isFinite else { return [] }
        // A bound that is a multiple up to rounding is a tick, and stands at the bound.
        let first = (range.lowerBound / step - 1e-9).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard first <= last, last - first < 1000 else { return [] }
        return stride(from: first, through: last, by: 1).map { min(max(value($0 == 0 ? 0 : $0), range.lowerBound), range.upperBound) }
    }

    private static func fixed(_ value: Double, decimals: Int) -> String {
        value == 0 ? "0" : String(format: "%.\(decimals)f", value).replacingOccurrences(of: "-", with: "−")
    }

    private static func power(_ decade: Int) -> String {
        decade == 0 ? "1" : decade == 1 ? "10" : "10^{\(decade)}"
    }

    private static func number(_ digit: Int, decade: Int) -> String {
        if (-3...3).contains(decade) { return fixed(Double(digit) * pow(10, Double(decade)), decimals: max(0, -decade)) }
        return digit == 1 ? power(decade) : "\(digit)×\(power(decade))"
    }
}
