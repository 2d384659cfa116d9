#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How fast an oscillating mode grows, from its greatest magnitude in each period: the slope of ln(peak) against time.
public struct GrowthFit: Sendable, Hashable {
    /// The growth exponent per unit of time.
    public let exponent: Double
    /// The root mean square of the logarithms' distance from the line; large where there is no exponential growth.
    public let scatter: Double
    /// The peaks, one for each whole period from the start, those beyond the fit included.
    public let peaks: [Double]

    /// Fits a mode.
    ///
    /// - Parameters:
    ///   - amplitude: the mode at each step.
    ///   - timeStep: the time between steps, in the unit in which the exponent is wanted.
    ///   - period: the period of what drives the mode; several steps long.
    ///   - periods: the periods used, counted from 0. The first holds the decaying solution too, and is left out by default;
    ///     late ones end where the perturbation is no longer small. Default 1 to 4.
    /// - Throws: `DualityError.tooFewSamples` for a trajectory that does not cover the periods, `.outOfRange` for a period shorter
    ///   than 4 steps or fewer than 2 periods, `.notFinite`, and `.noMovement` for a mode that is 0 throughout one of them.
    public init(amplitude: [Double], timeStep: Double, period: Double, periods: Range<Int> = 1..<5) throws(DualityError) {
        guard timeStep > 0, period >= 4 * timeStep, period.isFinite else {
            throw .outOfRange(
                what: "the period in steps", value: period / timeStep, limit: "at least 4 and finite", remedy: "lower the learning rate")
        }
        guard periods.lowerBound >= 0, periods.count >= 2 else {
            throw .outOfRange(
                what: "the number of periods to fit", value: Double(periods.count), limit: "at least 2", remedy: "use periods 1 to 4")
        }
        try DualityError.check(amplitude, "the amplitude of the mode")
        let perPeriod = period / timeStep
        let whole = Int((Double(max(0, amplitude.count - 1)) / perPeriod + 1e-9).rounded(.down))
        guard whole >= periods.upperBound else {
            throw .tooFewSamples(found: amplitude.count, needed: Int((Double(periods.upperBound) * perPeriod).rounded(.up)) + 1)
        }
        peaks = (0..<whole).map { number in
            let first = Int((Double(number) * perPeriod).rounded(.up))
            let end = min(amplitude.count, Int((Double(number + 1) * perPeriod).rounded(.up)))
            return Self.peak(of: amplitude, in: first..<end)
        }
        let used = peaks[periods]
        guard let least = used.min(), least > 0 else { throw .noMovement(travel: 0, limit: 0) }
        let logarithms = used.map { log($0) }
        let count = Double(used.count)
        let meanTime = Double(periods.lowerBound) + (count - 1) / 2
        let mean = logarithms.reduce(0, +) / count
        var (product, square) = (0.0, 0.0)
        for (number, value) in zip(periods, logarithms) {
            product += (Double(number) - meanTime) * (value - mean)
            square += (Double(number) - meanTime) * (Double(number) - meanTime)
        }
        let slope = product / square
        exponent = slope / period
        let residual = zip(periods, logarithms).reduce(0.0) { sum, point in
            let distance = point.1 - mean - slope * (Double(point.0) - meanTime)
            return sum + distance * distance
        }
        scatter = (residual / count).squareRoot()
    }

    /// The greatest magnitude, between steps by the parabola through the greatest and its neighbours: without it a peak is
    /// low by up to (ωh)²/8 of itself, depending on where the steps fall.
    private static func peak(of values: [Double], in window: Range<Int>) -> Double {
        guard let top = window.max(by: { abs(values[$0]) < abs(values[$1]) }) else { return 0 }
        let height = abs(values[top])
        guard top > 0, top + 1 < values.count else { return height }
        let (left, right) = (abs(values[top - 1]), abs(values[top + 1]))
        let curvature = left - 2 * height + right
        guard curvature < 0, left <= height, right <= height else { return height }
        let slope = (right - left) / 2
        return height - slope * slope / (2 * curvature)
    }
}
