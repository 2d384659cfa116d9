import Arrays
import Duality
import Foundation
import Networks
import Testing

/// Spectra of kernels that are known in closed form, and of bad ones.
@Suite struct SpectrumTests {
    /// a I + b 11ᵀ: λ₁ = a + N b with the uniform vector, λ_i = a otherwise. N = 4, a = 1, b = 2: L = 9/4, 1/4, 1/4, 1/4.
    @Test func uniformKernel() throws {
        let spectrum = try KernelSpectrum(elements: (0..<16).map { $0 % 5 == 0 ? 3 : 2 }, points: 4)
        #expect(distance(spectrum.eigenvalues, [2.25, 0.25, 0.25, 0.25]) <= 1e-14)
        #expect(distance(spectrum.vector(0), [0.5, 0.5, 0.5, 0.5]) <= 1e-14)
        #expect(distance(spectrum.overlaps, [2, 0, 0, 0]) <= 1e-14)
        #expect(close(spectrum.leadingOverlap, 1, 1e-14) && close(spectrum.gapRatio, 1 / 9.0, 1e-14))
        #expect(close(spectrum.trace, 3, 1e-14) && close(spectrum.meanElement, 2.25, 1e-14))
        // p = ¾ and three times 1/12.
        let entropy = -0.75 * log(0.75) + 0.25 * log(12)
        #expect(close(spectrum.entropy, entropy, 1e-14) && close(spectrum.effectiveRank, exp(entropy), 1e-13))
        #expect(close(spectrum.participationRatio, 144 / 84.0, 1e-13))
        #expect(spectrum.significantCount == 4 && spectrum.findings.isEmpty)
        #expect(spectrum.symmetryResidual == 0 && spectrum.semidefinitenessResidual == 0)
    }

    @Test func identityHasFullRank() throws {
        let spectrum = try KernelSpectrum(elements: [1, 0, 0, 0, 1, 0, 0, 0, 1], points: 3)
        #expect(close(spectrum.effectiveRank, 3, 1e-14) && close(spectrum.participationRatio, 3, 1e-14))
        #expect(close(spectrum.entropy, log(3), 1e-14))
    }

    /// Two outputs on one point: eigenvalues 3 and 1, divided by N = 1.
    @Test func severalOutputs() throws {
        let spectrum = try KernelSpectrum(elements: [2, 1, 1, 2], points: 1, outputs: 2)
        #expect(distance(spectrum.eigenvalues, [3, 1]) <= 1e-14 && spectrum.order == 2)
    }

    @Test func onePoint() throws {
        let spectrum = try KernelSpectrum(elements: [5], points: 1)
        #expect(spectrum.eigenvalues == [5] && spectrum.vectors == [1] && spectrum.overlaps == [1])
        #expect(spectrum.gapRatio == nil && spectrum.leadingOverlap == 1 && spectrum.effectiveRank == 1 && spectrum.findings.isEmpty)
    }

    /// Two equal points make two equal rows, and an eigenvalue 0 up to rounding.
    @Test func duplicatedPoints() throws {
        let spectrum = try KernelSpectrum(elements: [2, 2, 1, 2, 2, 1, 1, 1, 3], points: 3)
        #expect(spectrum.significantCount == 2)
        #expect(spectrum.findings == [.rankDeficient(significant: 2, order: 3)])
        #expect(spectrum.findings[0].description.contains("2 of 3 eigenvalues lie above the noise floor"))
    }

    /// [[1, 2], [2, 1]] has −1 and 3.
    @Test func indefiniteKernel() throws {
        let spectrum = try KernelSpectrum(elements: [1, 2, 2, 1], points: 2)
        #expect(close(spectrum.semidefinitenessResidual, 1 / 3.0, 1e-14))
        guard case .indefinite = spectrum.findings.first else { throw Unexpected(found: "\(spectrum.findings)") }
        // Shares of the positive part only.
        #expect(spectrum.effectiveRank == 1 && spectrum.participationRatio == 1)
    }

    @Test func asymmetricAndEmptyKernels() throws {
        let spectrum = try KernelSpectrum(elements: [2, 1, 0.5, 2], points: 2)
        #expect(spectrum.symmetryResidual == 0.25 && spectrum.findings == [.asymmetric(residual: 0.25)])
        let zero = try KernelSpectrum(elements: [0, 0, 0, 0], points: 2)
        #expect(zero.findings == [.zero] && zero.effectiveRank == 0 && zero.entropy == 0 && zero.gapRatio == nil && zero.massRatios == nil)
        #expect(zero.participationRatio == 0 && zero.semidefinitenessResidual == 0)
    }

    @Test func refusals() {
        #expect(throws: DualityError.notFinite(what: "the tangent kernel", index: 3)) {
            try KernelSpectrum(elements: [1, 0, 0, .nan], points: 2)
        }
        #expect(throws: DualityError.self) { try KernelSpectrum(elements: [1, 0, 0], points: 2) }
        #expect(throws: DualityError.self) { try KernelSpectrum(elements: [], points: 0) }
    }

    /// One bad kernel among good ones is an error of its own, in its place.
    @Test func batchKeepsItsOrderAndTheRest() throws {
        let results = KernelSpectrum.batch([[2, 1, 1, 2], [1, .nan, 0, 1], [4, 0, 0, 2], [1, 2]], points: 2)
        #expect(results.count == 4)
        #expect(distance(try results[0].get().eigenvalues, [1.5, 0.5]) <= 1e-15)
        #expect(throws: DualityError.notFinite(what: "the tangent kernel", index: 1)) { try results[1].get() }
        #expect(distance(try results[2].get().eigenvalues, [2, 1]) <= 1e-15)
        #expect(throws: DualityError.self) { try results[3].get() }
        #expect(KernelSpectrum.batch([], points: 2).isEmpty)
    }

    /// A Jacobian whose singular values fall by 10 from mode to mode, made twice: in float64, and rounded to float32. Rounding each
    /// element by u moves singular values by at most ‖δJ‖ ≤ u ‖J‖_F (Weyl), so that √λ moves by at most u √tr Θ, and eigenvalues above
    /// the floor for float64 sums over float32 numbers, 4u² λ₁, have digits that mean something. With float32 sums they have
    /// none below 2u λ₁, to which the floor rises.
    @Test func noiseFloorOfRoundedJacobians() throws {
        let (points, parameters) = (8, 64)
        var numbers = TestNumbers(seed: 2)
        let mixing = try KernelSpectrum(elements: numbers.kernel(points: points), points: points)
        var jacobian = [Double](repeating: 0, count: points * parameters)
        for i in 0..<points {
            let direction = numbers.list(parameters)
            let size = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for x in 0..<points {
                for p in 0..<parameters {
                    jacobian[x * parameters + p] += pow(10, -Double(i)) * mixing.vector(i)[x] * direction[p] / size
                }
            }
        }
        func gram<Real: BinaryFloatingPoint>(_ jacobian: [Double], _: Real.Type) -> [Double] {
            (0..<points * points).map { index in
                var sum = Real(0)
                for p in 0..<parameters {
                    sum += Real(jacobian[index / points * parameters + p]) * Real(jacobian[index % points * parameters + p])
                }
                return Double(sum)
            }
        }
        let rounded = jacobian.map { Double(Float($0)) }
        let true64 = try KernelSpectrum(elements: gram(jacobian, Double.self), points: points)
        let mixed = try KernelSpectrum(elements: gram(rounded, Double.self), points: points, unitRoundoff: 0x1p-24)
        let float32 = try KernelSpectrum(
            elements: gram(rounded, Float.self), points: points, unitRoundoff: 0x1p-24, gramUnitRoundoff: 0x1p-24)
        #expect(close(mixed.noiseFloor / mixed.eigenvalues[0], 0x1p-46, 1e-12))
        #expect(close(float32.noiseFloor / float32.eigenvalues[0], 0x1p-23, 1e-12))
        let shift = 0x1p-24 * mixed.trace.squareRoot()
        #expect(mixed.significantCount >= 6 && mixed.significantCount < 9)
        for i in 0..<mixed.significantCount {
            // The eigensolver and the float64 sums add some N ε λ₁ to both.
            let tolerance = shift + 100 * Double.ulpOfOne * mixed.eigenvalues[0] / true64.eigenvalues[i].squareRoot()
            #expect(abs(mixed.eigenvalues[i].squareRoot() - true64.eigenvalues[i].squareRoot()) <= tolerance)
        }
        // Six decades fewer: λ falls by 100 a mode, so that 1e-7 keeps 4 of them.
        #expect(float32.significantCount <= 4 && float32.significantCount >= 3)
        for i in 0..<float32.significantCount {
            // 64 terms, each sum rounded by at most 64 u of Σ|a b| ≤ tr Θ.
            #expect(abs(float32.eigenvalues[i] - true64.eigenvalues[i]) <= 64 * 0x1p-24 * float32.trace)
        }
    }

    /// 1,000 members with 20 points: well under the time of their kernels. Two cores busy with four other builds took 0.05 s, which
    /// builds without optimisation exceed many times.
    @Test func thousandsOfMembersAreFast() throws {
        var numbers = TestNumbers(seed: 6)
        let kernels = (0..<1000).map { _ in numbers.kernel(points: 20) }
        let clock = ContinuousClock()
        var spectra: [Result<KernelSpectrum, DualityError>] = []
        let elapsed = clock.measure { spectra = KernelSpectrum.batch(kernels, points: 20) }
        #expect(spectra.count == 1000)
        #expect(try spectra.allSatisfy { try $0.get().leadingOverlap > 0.5 })
        print("1,000 spectra of 20 points: \(elapsed)")
        #expect(elapsed < .seconds(5))
    }

    /// λ₁ = 2 on two points. float32 sums err by 2⁻²⁴ of the largest eigenvalue, float32 activations by the square of that.
    @Test func statesTheNoiseOfThePrecision() throws {
        func floor(_ unit: Double, _ gram: Double) throws -> Double {
            try KernelSpectrum(elements: [2, 0, 0, 1], points: 2, unitRoundoff: unit, gramUnitRoundoff: gram).noiseFloor
        }
        #expect(try floor(0x1p-24, 0x1p-24) == 2 * 0x1p-24)
        #expect(try floor(0x1p-24, 0x1p-53) == 4 * 0x1p-48)
        #expect(try floor(0x1p-53, 0x1p-53) == 2 * 0x1p-52)
    }
}

@Suite struct SharedModesTests {
    private func address(_ numbers: [Double]) -> UnsafeRawPointer? { numbers.withUnsafeBytes { $0.baseAddress } }

    /// Whoever asks gets the same array, so that it was computed once.
    @Test func oneKernelIsDiagonalisedOnce() throws {
        let network = try FrozenNetwork(
            outputs: [0.3, -0.2], tangentKernel: [2, 0.5, 0.5, 1], points: 2, loss: .power(scale: 0.1, minimum: 1),
            schedule: Schedule(learningRate: 0.1, momentum: 0.5), steps: 3)
        let eigen = try network.kernel.eigen, vectors = try #require(eigen.vectors).elements
        #expect(try address(network.spectrum().vectors) == address(vectors))
        #expect(try address(network.spectrum(unitRoundoff: 0x1p-24).vectors) == address(vectors))
        #expect(try network.leadingEigenvalue() == eigen.values[0] / 2)
        // Another network with the same kernel is equal and has modes of its own.
        let other = try FrozenNetwork(
            outputs: network.outputs, tangentKernel: network.tangentKernel, points: 2, loss: network.loss, schedule: network.schedule,
            steps: 3)
        #expect(other == network)
        #expect(try address(other.spectrum().vectors) != address(vectors))
    }

    @Test func aKernelThatCannotBeSolvedSaysSoEveryTime() {
        let matrix = SymmetricMatrix([1, .nan, .nan, 1], order: 2)
        for _ in 0..<2 { #expect(throws: SymmetricEigenError.self) { try matrix.eigen } }
    }
}
