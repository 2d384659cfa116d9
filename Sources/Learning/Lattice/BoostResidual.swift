import Foundation

/// How far a response is from being a function of the interval τ = √(t² − (s/c)²) alone, as Lorentz symmetry demands: the share of its
/// variance inside of the cone |s|/ct < 0.85 that the means over bins of one unit of τ leave.
package struct BoostResidual: Sendable {
    /// Of the source at t = 0, sites.
    private let middle: Int
    private let speed: Double
    private let intervals: ClosedRange<Double>
    private var counts: [Int]
    private var sums: [Double]
    private var squares = 0.0

    /// The largest |s|/ct that counts.
    static let largestSpeed = 0.85

    /// Before anything is heard.
    /// - Parameters:
    ///   - speed: c = √A.
    ///   - middle: the site of the source.
    ///   - intervals: which τ count, in steps.
    package init(speed: Double, middle: Int, intervals: ClosedRange<Double>) {
        self.speed = speed
        self.middle = middle
        self.intervals = intervals
        counts = [Int](repeating: 0, count: Int(intervals.upperBound) + 1)
        sums = [Double](repeating: 0, count: counts.count)
    }

    /// The first step after which nothing counts any more.
    package static func lastStep(_ intervals: ClosedRange<Double>) -> Int {
        Int((intervals.upperBound / (1 - largestSpeed * largestSpeed).squareRoot()).rounded(.up))
    }

    /// Hears the field of a step.
    package mutating func add(step: Int, _ field: [Double]) {
        let time = Double(step), reach = Self.largestSpeed * speed * time
        guard time > intervals.lowerBound else { return }
        let least = intervals.lowerBound * intervals.lowerBound, greatest = intervals.upperBound * intervals.upperBound
        for (site, value) in field.enumerated() {
            let distance = Double(site - middle)
            guard abs(distance) < reach else { continue }
            let interval = time * time - distance * distance / (speed * speed)
            guard interval > least, interval < greatest else { continue }
            let bin = Int(interval.squareRoot())
            counts[bin] += 1
            sums[bin] += value
            squares += value * value
        }
    }

    /// The share, 0 to 1.
    package var value: Double {
        var total = 0.0, count = 0.0, explained = 0.0
        for (n, sum) in zip(counts, sums) where n > 0 {
            total += sum
            count += Double(n)
            explained += sum * sum / Double(n)
        }
        return (squares - explained) / (squares - total * total / count)
    }
}
