/// Universes of scale factor a(t), 0 ≤ t ≤ T at fixed T, a(0) and a(T), that make S = ∫(−3aȧ² − Λa³)dt stationary: Λ as the multiplier of
/// the number of neurons N = ∫a³dt.
///
/// The lapse is not varied, so that 3aȧ² − Λa³ is constant, and not 0: a universe with dust.
package struct Minisuperspace: Sendable {
    package let lambda: Double
    /// a at equal steps of time.
    package let scaleFactors: [Double]
    private let step: Double

    /// The universe from a = 1 to 2.5 in T = 2, on 400 steps, by Newton's method on the discrete action.
    package init(lambda: Double) {
        self.lambda = lambda
        let count = 400, step = 2.0 / Double(count)
        self.step = step
        var a = (0...count).map { 1 + 1.5 * Double($0) / Double(count) }
        for _ in 0..<60 {
            // The action of an interval is h(−3 b v² − Λ b³), b the mean of its ends, v their difference over h; ∂b = 1/2, ∂v = ±1/h.
            var slope = [Double](repeating: 0, count: count + 1), diagonal = slope, beside = [Double](repeating: 0, count: count)
            for i in 0..<count {
                let b = (a[i] + a[i + 1]) / 2, v = (a[i + 1] - a[i]) / step
                let byMean = -3 * v * v - 3 * lambda * b * b, byRate = -6 * b * v
                let meanMean = -6 * lambda * b, meanRate = -6 * v, rateRate = -6 * b
                slope[i] += step * byMean / 2 - byRate
                slope[i + 1] += step * byMean / 2 + byRate
                diagonal[i] += step * meanMean / 4 - meanRate + rateRate / step
                diagonal[i + 1] += step * meanMean / 4 + meanRate + rateRate / step
                beside[i] = step * meanMean / 4 - rateRate / step
            }
            // Inner points by elimination.
            var d = diagonal, s = slope
            for i in 2..<count {
                let factor = beside[i - 1] / d[i - 1]
                d[i] -= factor * beside[i - 1]
                s[i] -= factor * s[i - 1]
            }
            var move = [Double](repeating: 0, count: count + 1)
            for i in stride(from: count - 1, through: 1, by: -1) { move[i] = (-s[i] - beside[i] * move[i + 1]) / d[i] }
            for i in 1..<count { a[i] += move[i] }
            if move.allSatisfy({ abs($0) < 1e-12 }) { break }
        }
        scaleFactors = a
    }

    private var intervals: [(mean: Double, rate: Double)] {
        zip(scaleFactors, scaleFactors.dropFirst()).map { (($0 + $1) / 2, ($1 - $0) / step) }
    }

    /// ∫ −3aȧ² dt: the action without Λ.
    package var action: Double { intervals.reduce(0) { $0 - step * 3 * $1.mean * $1.rate * $1.rate } }

    /// ∫ a³ dt.
    package var neurons: Double { intervals.reduce(0) { $0 + step * $1.mean * $1.mean * $1.mean } }

    /// The mean of 3aȧ² − Λa³, and the largest distance from it in units of it.
    package var firstIntegral: (mean: Double, scatter: Double) {
        let values = intervals.map { 3 * $0.mean * $0.rate * $0.rate - lambda * $0.mean * $0.mean * $0.mean }
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.map { abs($0 - mean) }.max()! / abs(mean))
    }

    /// dS/dN between universes of two Λ.
    package static func slope(from first: Double, to second: Double) -> Double {
        let (a, b) = (Minisuperspace(lambda: first), Minisuperspace(lambda: second))
        return (b.action - a.action) / (b.neurons - a.neurons)
    }
}
