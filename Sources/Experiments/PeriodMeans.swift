/// An oscillation that is faster than a picture can tell, as the mean and the extremes of each of its periods.
package struct PeriodMeans: Sendable {
    /// The first sample of the first period; what lies before it is drawn as it is.
    package let start: Int
    /// The middle of each period.
    package let x: [Double]
    package let mean: [Double]
    package let lower: [Double]
    package let upper: [Double]

    /// Periods run from one maximum to the next.
    /// - Parameters:
    ///   - x: ascending, with samples that are equally far apart in time.
    ///   - y: as many values.
    ///   - first: the sample from which on there may be an oscillation.
    ///   - width: periods shorter than this are too short to be drawn.
    /// - Returns: nil where there are fewer than three such periods.
    package init?(x: [Double], y: [Double], from first: Int, shorterThan width: Double) {
        let samples = max(1, first)..<max(1, first, y.count - 1)
        let maxima = samples.filter { y[$0] > y[$0 - 1] && y[$0] >= y[$0 + 1] }
        let periods = Array(zip(maxima, maxima.dropFirst()).drop { x[$1] - x[$0] >= width })
        guard let start = periods.first?.0, periods.count >= 3 else { return nil }
        self.start = start
        self.x = periods.map { (x[$0] + x[$1]) / 2 }
        mean = periods.map { from, to in y[from..<to].reduce(0, +) / Double(to - from) }
        lower = periods.map { from, to in y[from...to].min() ?? y[from] }
        upper = periods.map { from, to in y[from...to].max() ?? y[from] }
    }
}
