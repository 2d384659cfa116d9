import Foundation

/// Times of one variant over those of another, measured in turn.
///
/// The logarithms of the ratios are judged by their median, whose standard error for n normal values of standard deviation σ is
/// √(π/2) σ/√n; σ is taken as 1.4826 times the median absolute deviation, which outliers of a busy machine do not move.
struct TimeComparison {
    /// ln of the ratios, one for each turn, each the mean over the shapes.
    private(set) var logarithms: [Double] = []

    /// Adds a turn.
    mutating func add(_ times: [Double], over others: [Double]) {
        let sum = zip(times, others).reduce(0) { $0 + log($1.0 / $1.1) }
        logarithms.append(sum / Double(max(1, times.count)))
    }

    /// The median; 0 of none.
    var median: Double { Self.median(logarithms) }

    /// The standard error of the median.
    var standardError: Double {
        guard !logarithms.isEmpty else { return .infinity }
        let middle = median
        return (Double.pi / 2).squareRoot() * 1.4826 * Self.median(logarithms.map { abs($0 - middle) })
            / Double(logarithms.count).squareRoot()
    }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted(), middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
