import Foundation

/// Why a statistic has no value.
public enum StatisticsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A value is NaN or infinite; such runs are to be counted and left out before.
    case notFinite(value: Double, index: Int)
    /// There are fewer values than the statistic needs.
    case tooFew(count: Int, needed: Int)
    /// Two lists that belong together differ in length.
    case unequalCounts(Int, Int)
    /// All values are equal, so that a share or a correlation is 0/0.
    case noVariance
    /// A parameter or a value is outside of what the statistic is defined for.
    case outOfRange(what: String, value: Double, range: String)

    /// The message, with the value, the limit and the remedy.
    public var description: String {
        switch self {
        case .notFinite(let value, let index): "value \(index) is \(value); leave values that are not finite out and count them"
        case .tooFew(let count, let needed): "\(count) values are too few; at least \(needed) are needed"
        case .unequalCounts(let first, let second): "\(first) values cannot be paired with \(second); both lists need the same length"
        case .noVariance: "all values are equal, so the statistic is 0/0; it needs values that differ"
        case .outOfRange(let what, let value, let range): "\(what) = \(value) is outside of \(range)"
        }
    }
}

/// Descriptive statistics. Every function throws `StatisticsError` for values that are not finite or too few.
public enum Statistics {
    /// The arithmetic mean of at least one value.
    public static func mean(_ values: [Double]) throws -> Double {
        try check(values, atLeast: 1)
        return uncheckedMean(values)
    }

    /// The standard deviation √(Σ(x − mean)²/(n − d)).
    /// - Parameter lostDegrees: d; 1 (the default) estimates a population's from a sample, 0 is the values' own.
    public static func standardDeviation(_ values: [Double], lostDegrees: Int = 1) throws -> Double {
        try check(values, atLeast: max(lostDegrees, 0) + 1)
        return (squaredDeviations(values) / Double(values.count - lostDegrees)).squareRoot()
    }

    /// The geometric mean exp(mean(log x)) of at least one positive value.
    public static func geometricMean(_ values: [Double]) throws -> Double {
        try check(values, atLeast: 1)
        if let value = values.first(where: { $0 <= 0 }) {
            throw StatisticsError.outOfRange(what: "a value of a geometric mean", value: value, range: "x > 0")
        }
        return exp(uncheckedMean(values.map { log($0) }))
    }

    /// The quantile at a fraction from 0 to 1, linear between order statistics: NumPy's default, Hyndman & Fan's type 7.
    public static func quantile(_ values: [Double], _ fraction: Double) throws -> Double {
        try quantiles(values, [fraction])[0]
    }

    /// The quantiles at several fractions from 0 to 1, with one sort.
    public static func quantiles(_ values: [Double], _ fractions: [Double]) throws -> [Double] {
        try check(values, atLeast: 1)
        let sorted = values.sorted()
        return try fractions.map { fraction in
            guard fraction >= 0, fraction <= 1 else {
                throw StatisticsError.outOfRange(what: "a quantile's fraction", value: fraction, range: "0…1")
            }
            let position = fraction * Double(sorted.count - 1)
            let below = min(Int(position), sorted.count - 1)
            let above = min(below + 1, sorted.count - 1)  // bounded: an index of sorted
            let weight = position - Double(below)
            return weight == 0 ? sorted[below] : sorted[below] * (1 - weight) + sorted[above] * weight
        }
    }

    /// The median, the mean of the middle two of an even number of values.
    public static func median(_ values: [Double]) throws -> Double {
        try quantile(values, 0.5)
    }

    static func check(_ values: [Double], atLeast needed: Int) throws {
        guard values.count >= needed else { throw StatisticsError.tooFew(count: values.count, needed: needed) }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw StatisticsError.notFinite(value: values[index], index: index)
        }
    }

    static func checkPairs(_ first: Int, _ second: Int) throws {
        guard first == second else { throw StatisticsError.unequalCounts(first, second) }
    }

    static func uncheckedMean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    static func squaredDeviations(_ values: [Double]) -> Double {
        let mean = uncheckedMean(values)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
}
