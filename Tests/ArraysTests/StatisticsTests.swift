import Arrays
import Foundation
import Testing

/// Sums of at most 100 numbers of order 1 carry a rounding error below 100 ε ≈ 2e-14.
private func close(_ a: Double, _ b: Double, _ tolerance: Double = 2e-14) -> Bool { abs(a - b) <= tolerance * max(1, abs(b)) }

@Suite struct StatisticsTests {
    /// 1…n: mean (n+1)/2, variance n(n+1)/12 with n − 1 degrees of freedom and (n²−1)/12 with n.
    @Test(arguments: [2, 3, 10, 99])
    func momentsOfTheFirstIntegers(n: Int) throws {
        let values = (1...n).map(Double.init)
        let count = Double(n)
        #expect(try close(Statistics.mean(values), (count + 1) / 2))
        #expect(try close(Statistics.standardDeviation(values), (count * (count + 1) / 12).squareRoot()))
        #expect(try close(Statistics.standardDeviation(values, lostDegrees: 0), ((count * count - 1) / 12).squareRoot()))
        #expect(try close(Statistics.median(values.reversed()), (count + 1) / 2))
    }

    /// Sorted 1, 2, 4, 8: the fraction q lies at position 3q, and between neighbours the quantile is linear.
    @Test(arguments: [(0, 1), (1, 8), (0.5, 3), (0.25, 1.75), (1.0 / 3, 2), (0.9, 6.8)] as [(Double, Double)])
    func quantilesAreLinear(fraction: Double, exact: Double) throws {
        #expect(try close(Statistics.quantile([8, 1, 4, 2], fraction), exact))
    }

    @Test func geometricMeanOfAGeometricSequenceIsItsMiddle() throws {
        #expect(try close(Statistics.geometricMean([0.25, 1, 4, 16, 64]), 4))
        #expect(throws: StatisticsError.self) { try Statistics.geometricMean([1, 0]) }
    }

    @Test func spearmanUsesAverageRanks() throws {
        let x = [1.0, 2, 3, 4, 5]
        #expect(try Statistics.ranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4])
        #expect(try close(Statistics.spearmanCorrelation(x, x.map { exp($0) }), 1))
        #expect(try close(Statistics.spearmanCorrelation(x, x.map { -$0 * $0 }), -1))
        // Without ties 1 − 6 Σd²/(n(n²−1)); ranks of y are 2, 1, 4, 3, 5, so Σd² = 4.
        #expect(try close(Statistics.spearmanCorrelation(x, [20, 10, 40, 30, 50]), 1 - 24.0 / 120))
        // Ties: ranks 1.5, 1.5, 3 against 1, 2, 3: Σ = 1.5 over √(1.5 · 2).
        #expect(try close(Statistics.spearmanCorrelation([7, 7, 9], [1, 2, 3]), 1.5 / 3.0.squareRoot()))
        #expect(throws: StatisticsError.noVariance) { try Statistics.spearmanCorrelation([1, 1], [1, 2]) }
    }

    @Test func partialSpearmanTakesOutWhatTheThirdExplains() throws {
        // NumPy: Pearson's correlation of the residuals of the ranks of x and y about their least-squares lines in the ranks of z.
        let x = [3.1, 0.2, 5.5, 2.2, 9, 4.4, 7.7, 1], y = [1, 0.5, 4, 3, 6, 2, 9, 0.1], z = [2, 1, 3.5, 3.5, 8, 0.3, 6.1, 1]
        #expect(try close(Statistics.partialSpearmanCorrelation(x, y, given: z), 0.7519662541590167))
        // ρ_xy = 1 stays 1 whatever is taken out of both.
        #expect(try close(Statistics.partialSpearmanCorrelation(x, x, given: z), 1))
        #expect(throws: StatisticsError.noVariance) { try Statistics.partialSpearmanCorrelation(x, y, given: x) }
        #expect(throws: StatisticsError.unequalCounts(8, 2)) { try Statistics.partialSpearmanCorrelation(x, y, given: [1, 2]) }
    }

    @Test func kolmogorovSmirnovDistanceOfKnownSamples() throws {
        #expect(try Statistics.kolmogorovSmirnovDistance([1, 2, 3], [3, 2, 1]) == 0)
        #expect(try Statistics.kolmogorovSmirnovDistance([1, 2], [3, 4, 5]) == 1)
        // After 2: 2/4 against 0/2; after 3: 3/4 against 1/2.
        #expect(try Statistics.kolmogorovSmirnovDistance([1, 2, 3, 4], [3, 5]) == 0.5)
        #expect(try Statistics.kolmogorovSmirnovDistance([1, 1, 1, 2], [1, 2, 2, 2]) == 0.5)
    }

    /// y = 10 a + b with a ∈ {0, 1}, b ∈ {−1, 0, 1}: variances 25 and 2/3, without interaction.
    @Test func mainEffectsOfAnAdditiveGridAddUpToOne() throws {
        var values: [Double] = []
        var first: [String] = []
        var second: [Int] = []
        for a in 0...1 {
            for b in -1...1 {
                values.append(Double(10 * a + b))
                first.append("level \(a)")
                second.append(b)
            }
        }
        #expect(try close(Statistics.mainEffectShare(of: values, levels: first), 25 / (25 + 2.0 / 3)))
        #expect(try close(Statistics.mainEffectShare(of: values, levels: second), (2.0 / 3) / (25 + 2.0 / 3)))
        #expect(try Statistics.mainEffectShare(of: values, levels: Array(repeating: 0, count: 6)) == 0)
        // Unequal groups are weighted: means 0 (three times) and 4, total mean 1: between 3·1 + 1·9, all of the variance.
        #expect(try close(Statistics.mainEffectShare(of: [0, 0, 0, 4], levels: [0, 0, 0, 1]), 1))
    }

    @Test func lineThroughPoints() throws {
        let exact = try Statistics.line([1, 2, 4], [5, 7, 11])
        #expect(close(exact.slope, 2) && close(exact.intercept, 3))
        // x = −1, 0, 1 and y = 0, 1, 0: slope 0, residuals² 2/3 over one degree of freedom and Σx² = 2.
        let bent = try Statistics.line([-1, 0, 1], [0, 1, 0])
        #expect(bent.slope == 0 && close(bent.intercept, 1.0 / 3))
        #expect(try close(#require(bent.slopeStandardError), (1.0 / 3).squareRoot()))
        #expect(throws: StatisticsError.noVariance) { try Statistics.line([2, 2], [1, 3]) }
    }

    /// The first outputs for the seed 1234567 of the reference implementation in C (Vigna, prng.di.unimi.it).
    @Test func splitMixGivesThePublishedSequence() {
        var generator = SplitMix64(seed: 1_234_567)
        let published: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ]
        #expect(published.map { _ in generator.next() } == published)
    }

    /// The bootstrap variance of a mean is σ²/n exactly in expectation (σ with n degrees). With B resamples its own relative
    /// standard error is 1/√(2B) = 1.1 % for B = 4000; five of them are allowed.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func bootstrapOfAMeanIsItsStandardError(seed: UInt64) throws {
        let values = (1...50).map(Double.init)
        let exact = try Statistics.standardDeviation(values, lostDegrees: 0) / 50.0.squareRoot()
        let found = try Statistics.bootstrapStandardError(of: values, resamples: 4000, seed: seed, statistic: Statistics.mean)
        #expect(abs(found / exact - 1) < 5 / 8000.0.squareRoot())
        #expect(try found == Statistics.bootstrapStandardError(of: values, resamples: 4000, seed: seed, statistic: Statistics.mean))
    }

    @Test(arguments: [Double.nan, .infinity])
    func valuesThatAreNotFiniteAreErrors(bad: Double) {
        let values = [1, bad, 2]
        let good = [1.0, 2, 3]
        #expect(throws: StatisticsError.self) { try Statistics.mean(values) }
        #expect(throws: StatisticsError.self) { try Statistics.standardDeviation(values) }
        #expect(throws: StatisticsError.self) { try Statistics.median(values) }
        #expect(throws: StatisticsError.self) { try Statistics.geometricMean(values) }
        #expect(throws: StatisticsError.self) { try Statistics.spearmanCorrelation(good, values) }
        #expect(throws: StatisticsError.self) { try Statistics.kolmogorovSmirnovDistance(good, values) }
        #expect(throws: StatisticsError.self) { try Statistics.mainEffectShare(of: values, levels: [0, 1, 2]) }
        #expect(throws: StatisticsError.self) { try Statistics.line(good, values) }
        #expect(throws: StatisticsError.self) { try Statistics.quantile(good, bad) }
        #expect(throws: StatisticsError.self) { try Statistics.bootstrapStandardError(of: good) { _ in bad } }
    }

    @Test func tooFewOrUnpairedValuesAreErrors() {
        #expect(throws: StatisticsError.tooFew(count: 0, needed: 1)) { try Statistics.mean([]) }
        #expect(throws: StatisticsError.tooFew(count: 1, needed: 2)) { try Statistics.standardDeviation([1]) }
        #expect(throws: StatisticsError.tooFew(count: 0, needed: 1)) { try Statistics.median([]) }
        #expect(throws: StatisticsError.tooFew(count: 1, needed: 2)) { try Statistics.spearmanCorrelation([1], [1]) }
        #expect(throws: StatisticsError.tooFew(count: 0, needed: 1)) { try Statistics.kolmogorovSmirnovDistance([], [1]) }
        #expect(throws: StatisticsError.unequalCounts(2, 1)) { try Statistics.line([1, 2], [1]) }
        #expect(throws: StatisticsError.noVariance) { try Statistics.mainEffectShare(of: [1, 1], levels: [0, 1]) }
    }
}
