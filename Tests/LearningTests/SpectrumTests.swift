import Arrays
import Foundation
import Learning
import Testing

/// The operator of imaginary time.
@Suite struct SpectrumTests {
    /// The second difference on n places between walls: 2 − 2 cos(kπ/(n + 1)) with sines, to LAPACK's rounding of n ε.
    @Test func tridiagonalEigenproblem() throws {
        let n = 50,
            eigen = try TridiagonalEigen(
                diagonal: [Double](repeating: 2, count: n), beside: [Double](repeating: -1, count: n - 1), lowest: 3)
        for k in 1...3 {
            #expect(abs(eigen.values[k - 1] - (2 - 2 * cos(Double(k) * .pi / Double(n + 1)))) < 1e-13)
            let sine = (1...n).map { sin(Double(k) * .pi * Double($0) / Double(n + 1)) * (2 / Double(n + 1)).squareRoot() }
            let overlap = zip(sine, eigen.vectors[k - 1]).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(abs(overlap) - 1) < 1e-12)
        }
        #expect(throws: SymmetricEigenError.self) { try TridiagonalEigen(diagonal: [1, .nan], beside: [0], lowest: 1) }
        #expect(throws: SymmetricEigenError.self) { try TridiagonalEigen(diagonal: [1, 2], beside: [], lowest: 1) }
    }

    /// Two ways to the same levels; the lowest is 0, and the next that of two wells, far below the third and fourth. The generator and V_S on their grids
    /// are both off by h² of fourth derivatives.
    @Test func levelsOfTwoWells() throws {
        let spectrum = try LearningSpectrum(MicroNetwork(weightDecay: 0.3), learningRate: 0.01, batch: 1, noise: 0.15)
        #expect(abs(spectrum.levels[0]) < 1e-8 && spectrum.levels[1] < 0.1 * spectrum.levels[2])
        for (a, b) in zip(spectrum.levels.dropFirst(), spectrum.otherLevels.dropFirst()) { #expect(abs(b / a - 1) < 1e-3) }
        // The stationary density of constant D would be exp(−F/D); here D varies by 6 %.
        let network = try MicroNetwork(weightDecay: 0.3)
        let ratio = spectrum.stationary[1200] / spectrum.stationary[1200 + 240]
        let w = (spectrum.places[1200], spectrum.places[1200 + 240])
        let expected = exp((network.freeEnergy(at: w.1) - network.freeEnergy(at: w.0)) / 0.155)
        #expect(abs(log(ratio) / log(expected) - 1) < 0.1)
    }

    @Test func wallsAreNoLandscape() throws {
        #expect(throws: LearningError.self) { try LearningRegistry.named("spectrum", LearningOptions(weightDecay: 0)) }
    }
}
