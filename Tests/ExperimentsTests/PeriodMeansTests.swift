import Experiments
import Foundation
import Testing

struct PeriodMeansTests {
    /// 3/2 (1 + cos 2πt) over N = ln(1 + t), 40 samples a period: means 3/2 and extremes 0 and 3, whose samples lie on the maxima and
    /// minima, so that only rounding is left, some 40 of it in a sum of 40.
    @Test func oscillationOfConstantPeriod() throws {
        let times = (0...400).map { Double($0) / 40 }
        let y = times.map { 1.5 * (1 + cos(2 * .pi * $0)) }, x = times.map { log(1 + $0) }
        // Periods in N are ln((2 + n)/(1 + n)): below 0.2 from n = 4 on; the last that ends at an inner maximum is n = 8.
        let periods = try #require(PeriodMeans(x: x, y: y, from: 0, shorterThan: 0.2))
        #expect(periods.start == 160)
        #expect(periods.x.count == 5)
        #expect(periods.mean.allSatisfy { abs($0 - 1.5) < 1e-13 })
        #expect(periods.lower.allSatisfy { abs($0) < 1e-13 })
        #expect(periods.upper.allSatisfy { abs($0 - 3) < 1e-13 })
        #expect(PeriodMeans(x: x, y: y, from: 0, shorterThan: 0.12) == nil)
        #expect(PeriodMeans(x: x, y: x, from: 0, shorterThan: 10) == nil)
    }
}
