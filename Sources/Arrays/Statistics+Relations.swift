import Foundation

extension Statistics {
    /// A straight line y = intercept + slope·x through points.
    public struct Line: Sendable, Hashable {
        /// The change of y with x.
        public let slope: Double
        /// y at x = 0.
        public let intercept: Double
        /// The standard error of the slope under independent errors of equal variance; nil for two points.
        public let slopeStandardError: Double?
    }

    /// The least-squares line through at least two points with different x.
    public static func line(_ x: [Double], _ y: [Double]) throws -> Line {
        try checkPairs(x.count, y.count)
        try check(x, atLeast: 2)
        try check(y, atLeast: 2)
        let xMean = uncheckedMean(x)
        let yMean = uncheckedMean(y)
        let spread = squaredDeviations(x)
        guard spread > 0 else { throw StatisticsError.noVariance }
        let slope = zip(x, y).reduce(0) { $0 + ($1.0 - xMean) * ($1.1 - yMean) } / spread
        let intercept = yMean - slope * xMean
        guard x.count > 2 else { return Line(slope: slope, intercept: intercept, slopeStandardError: nil) }
        let residual = zip(x, y).reduce(0) { sum, point in
            let difference = point.1 - yMean - slope * (point.0 - xMean)
            return sum + difference * difference
        }
        return Line(
            slope: slope, intercept: intercept, slopeStandardError: (residual / Double(x.count - 2) / spread).squareRoot())
    }

    /// Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing their average rank.
    public static func spearmanCorrelation(_ x: [Double], _ y: [Double]) throws -> Double {
        try checkPairs(x.count, y.count)
        let first = try ranks(x)
        let second = try ranks(y)
        try check(first, atLeast: 2)
        let mean = Double(x.count + 1) / 2
        let product = zip(first, second).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
        let scale = (squaredDeviations(first) * squaredDeviations(second)).squareRoot()
        guard scale > 0 else { throw StatisticsError.noVariance }
        return min(1, max(-1, product / scale))
    }

    /// Spearman's partial correlation: that of the ranks of x and y once a straight line in the ranks of z is taken from both,
    /// (ρ_xy − ρ_xz ρ_yz)/√((1 − ρ_xz²)(1 − ρ_yz²)).
    /// - Throws: `StatisticsError`; `.noVariance` also where z orders x or y by itself, so that nothing is left.
    public static func partialSpearmanCorrelation(_ x: [Double], _ y: [Double], given z: [Double]) throws -> Double {
        let (xy, xz, yz) = (try spearmanCorrelation(x, y), try spearmanCorrelation(x, z), try spearmanCorrelation(y, z))
        let left = (1 - xz * xz) * (1 - yz * yz)
        guard left > 0 else { throw StatisticsError.noVariance }
        return min(1, max(-1, (xy - xz * yz) / left.squareRoot()))
    }

    /// The ranks of values from 1, equal values sharing their average rank.
    public static func ranks(_ values: [Double]) throws -> [Double] {
        try check(values, atLeast: 1)
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = Array(repeating: 0.0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for position in start..<end { ranks[order[position]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }

    /// The two-sample Kolmogorov–Smirnov distance: the largest difference between the two empirical distribution functions, 0 to 1.
    public static func kolmogorovSmirnovDistance(_ first: [Double], _ second: [Double]) throws -> Double {
        try check(first, atLeast: 1)
        try check(second, atLeast: 1)
        let a = first.sorted()
        let b = second.sorted()
        var i = 0
        var j = 0
        var distance = 0.0
        while i < a.count, j < b.count {
            let value = min(a[i], b[j])
            while i < a.count, a[i] == value { i += 1 }
            while j < b.count, b[j] == value { j += 1 }
            distance = max(distance, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
        }
        return distance
    }

    /// The share of the variance that a factor's main effect explains: η² = Σ_g n_g (mean_g − mean)² / Σ_i (x_i − mean)², 0 to 1.
    ///
    /// In a balanced grid the shares of different factors add up to at most 1.
    /// - Parameter levels: the factor's level of every value.
    public static func mainEffectShare<Level: Hashable>(of values: [Double], levels: [Level]) throws -> Double {
        try checkPairs(values.count, levels.count)
        try check(values, atLeast: 2)
        let total = squaredDeviations(values)
        guard total > 0 else { throw StatisticsError.noVariance }
        let mean = uncheckedMean(values)
        let groups = Dictionary(grouping: values.indices) { levels[$0] }
        // Summed in the order of the values, as a dictionary's own order changes from run to run.
        let between = groups.values.sorted { $0[0] < $1[0] }.reduce(0) { sum, members in
            let difference = uncheckedMean(members.map { values[$0] }) - mean
            return sum + Double(members.count) * difference * difference
        }
        return min(1, between / total)
    }
}
