import Duality
import Testing

/// Which eigenvalues drive the loss, on kernels whose modes are known in closed form.
@Suite struct SpectralPositionTests {
    /// Θ = ((2, 1), (1, 2)): λ = 3 with v = (1, 1)/√2, λ = 1 with v = (1, −1)/√2.
    private static let kernel = [2.0, 1, 1, 2]
    /// Sums of two products and an eigenproblem of order 2, whose backward error is a few ulp.
    private static let tolerance = 64 * 0x1p-53

    private func near(_ value: Double?, _ expected: Double) -> Bool { value.map { abs($0 - expected) <= Self.tolerance * 3 } ?? false }

    /// Slopes, Λ, and p_1; of the last c = (4, −2)/√2, so that λc² = 24 and 2 of |c|² = 10.
    private static let cases: [(slopes: [Double], driving: Double, first: Double)] = [
        ([1, 0], 2, 0.75), ([1, 1], 3, 1), ([-2, 2], 1, 0), ([1, 3], 2.6, 24.0 / 26),
    ]

    @Test(arguments: cases) func twoModes(slopes: [Double], driving: Double, first: Double) throws {
        let shares = [first, 1 - first]
        let spectrum = try KernelSpectrum(elements: Self.kernel, points: 2)
        // No factor of the slopes matters, and none leaves the numbers.
        for factor in [1.0, -3, 1e-200, 1e200] {
            let scaled = slopes.map { $0 * factor }
            let position = try #require(SpectralPosition(spectrum, slopes: scaled))
            #expect(near(position.drivingEigenvalue, driving) && near(position.position, driving / 3))
            #expect(zip(position.shares, shares).allSatisfy { near($0, $1) } && near(position.drivingMode, 1 + shares[1]))
            #expect(near(SpectralPosition.drivingEigenvalue(kernel: Self.kernel[...], slopes: scaled), driving))
        }
    }

    @Test func oneField() throws {
        let position = try #require(SpectralPosition(KernelSpectrum(elements: [0.7], points: 1), slopes: [-0.01]))
        #expect(near(position.drivingEigenvalue, 0.7) && position.position == 1 && position.shares == [1] && position.drivingMode == 1)
    }

    /// A kernel of rank one, ((1, 1), (1, 1)): slopes along (1, −1) are learned by nothing.
    @Test func nothingDrivesTheLoss() throws {
        let spectrum = try KernelSpectrum(elements: Self.kernel, points: 2), flat = [1.0, 1, 1, 1]
        for slopes in [[0.0, 0], [.nan, 1], [.infinity, 1], [1]] { #expect(SpectralPosition(spectrum, slopes: slopes) == nil) }
        #expect(SpectralPosition.drivingEigenvalue(kernel: flat[...], slopes: [1, -1]) == nil)
        #expect(SpectralPosition.drivingEigenvalue(kernel: [.nan, 1, 1, 1], slopes: [1, 1]) == nil)
        #expect(SpectralPosition(try KernelSpectrum(elements: [0, 0, 0, 0], points: 2), slopes: [1, 1]) == nil)
    }
}
