import Duality
import Foundation
import Networks
import Testing

/// Parametric resonance, symmetry breaking, the universe's modes and several outputs.
@Suite struct FloquetTests {
    private struct Lame: Decodable {
        struct Point: Decodable {
            let r, mu: Double
        }
        let period: Double
        let mu: [Point]
    }

    private struct Golden: Decodable {
        let lame: Lame
    }

    /// Golden exponents come from an integration to 1e-12; bounded modes are 0 there to rounding.
    @Test func exponentsAreGolden() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/dictionary.json").standardized
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file)).lame
        #expect(abs(Floquet.period - golden.period) <= 1e-8)
        #expect(golden.mu.count == 10)
        for point in golden.mu { #expect(abs(try Floquet.exponent(massRatio: point.r) - point.mu) <= 1e-8) }
    }

    /// Known solutions of Lamé's equation at the edges of its band: d = X′ at r = 1 and d = X at r = 1/3 are periodic, d = 1 at r = 0
    /// bounded. An error of 1e-12 in the trace is one of √1e-12 in an exponent of 0.
    @Test(arguments: [0, 1 / 3.0, 1])
    func bandEdges(massRatio: Double) throws {
        #expect(try Floquet.exponent(massRatio: massRatio) <= 1e-6)
        #expect(try Floquet.exponent(massRatio: min(1, max(1 / 3.0, massRatio + (massRatio > 0.5 ? -0.01 : 0.01)))) >= 0)
    }

    @Test func exponentsAreRefused() {
        #expect(throws: DualityError.self) { try Floquet.exponent(massRatio: -0.1) }
        #expect(throws: DualityError.self) { try Floquet.exponent(massRatio: .nan) }
    }

    /// A frozen network at γ = 1 with l = s f⁴ on two points in opposite phase: kernel [[a, b], [b, a]], λ = a ± b, r = (a − b)/(a + b).
    /// Growth as Floquet has it to O((ωh)²) = 1e-2 of it, for the 0.1 rad steps of the reference, which found 1e-4 and 3e-4.
    @Test(arguments: [0.476, 0.672, 0.88, 0.227])
    func frozenNetworksResonate(massRatio: Double) throws {
        let (scale, amplitude) = (0.25, 0.5)
        let leading = 1.3
        let omega = Floquet.frequency(scale: scale, leadingEigenvalue: leading, amplitude: amplitude)
        let step = 0.1 / omega
        // λ₁ = 2 L₁ = a + b.
        let (a, b) = (leading * (1 + massRatio), leading * (1 - massRatio))
        let network = try FrozenNetwork(
            outputs: [amplitude + 1e-8, amplitude - 1e-8], tangentKernel: [a, b, b, a], points: 2,
            loss: .power(degree: 4, scale: scale, minimum: 0), schedule: Schedule(learningRate: step * step, momentum: 1),
            steps: Int(6 * Floquet.period / 0.1) + 1)
        let dynamics = try ModeDynamics(network: network)
        #expect(close(dynamics.spectrum.massRatios?[1], massRatio, 1e-13))
        let exponent = try Floquet.exponent(massRatio: massRatio)
        // Resonance lives in the printed equation, in the full frozen system, and in the field of the dictionary.
        let full = try dynamics.modes(of: try Prediction.frozen.trajectory(of: network).values)
        for modes in [full, try dynamics.predict(dictionary: nil), try dynamics.predict(dictionary: .paper)] {
            let fit = try GrowthFit(amplitude: modes.perturbation(1), timeStep: 0.1, period: Floquet.period)
            #expect(abs(fit.exponent - exponent) <= 0.005)
            if massRatio < 0.25 { #expect(fit.peaks.allSatisfy { $0 <= 2 * fit.peaks[0] }) }
        }
        // At γ = 1 the field follows Lamé without discretisation: once the growing solution dominates, growth is Floquet's. It took
        // 1.4 a period and more; after three, the other solution is e^{-8} of it.
        guard exponent > 0 else { return }
        let field = try dynamics.predict(dictionary: .paper).perturbation(1)
        let fit = try GrowthFit(amplitude: field, timeStep: 0.1, period: Floquet.period, periods: 3..<6)
        // What is left is the parabola through a peak, (0.1·3)⁴/100 of it.
        #expect(abs(fit.exponent - exponent) <= 5e-4)
    }

    /// A sine under e^{0.1 t}: the peaks lie a period apart, the parabola finds them to some 1e-5.
    @Test func growthOfAKnownSignal() throws {
        let signal = (0...700).map { exp(0.01 * Double($0)) * sin(2 * Double.pi * Double($0) / 63.7 + 0.3) }
        let fit = try GrowthFit(amplitude: signal, timeStep: 0.1, period: 6.37, periods: 0..<10)
        #expect(abs(fit.exponent - 0.1) <= 1e-5 && fit.scatter <= 1e-4 && fit.peaks.count == 10)
        #expect(throws: DualityError.self) { try GrowthFit(amplitude: signal, timeStep: 0.1, period: 6.37, periods: 1..<20) }
        #expect(throws: DualityError.self) { try GrowthFit(amplitude: signal, timeStep: 0.1, period: 6.37, periods: 1..<2) }
        #expect(throws: DualityError.self) { try GrowthFit(amplitude: signal, timeStep: 0.1, period: 0.2) }
        #expect(throws: DualityError.self) { try GrowthFit(amplitude: signal.map { $0 * 0 }, timeStep: 0.1, period: 6.37) }
        #expect(throws: DualityError.self) { try GrowthFit(amplitude: signal + [.nan], timeStep: 0.1, period: 6.37) }
    }

    /// The larger root z of z² − (1 + γ − q) z + γ. γ = 0: z = 1 − q. γ = 1, q = −½: z = 2.
    @Test func tachyonicGrowth() throws {
        #expect(close(try TachyonicGrowth.perStep(stepCurvature: -0.3, momentum: 0), log(1.3), 1e-15))
        #expect(close(try TachyonicGrowth.perStep(stepCurvature: -0.5, momentum: 1), log(2), 1e-15))
        for momentum in [0.3, 0.9, 0.99] {
            let z = exp(try TachyonicGrowth.perStep(stepCurvature: -0.02, momentum: momentum))
            #expect(z > 1 && abs(z * z - (1 + momentum + 0.02) * z + momentum) <= 1e-15)
            // The exact dictionary grows at the same rate, and the others as σ² + 3Hσ = F |L l″|.
            let exact = try TachyonicGrowth.rate(.exact, curvature: -0.5, learningRate: 0.04, momentum: momentum)
            #expect(close(exact * 0.2, log(z), 1e-12))
            let paper = try TachyonicGrowth.rate(.paper, curvature: -0.5, learningRate: 0.04, momentum: momentum)
            #expect(abs(paper * paper + (1 - momentum) / 0.2 * paper - 0.5) <= 1e-14)
        }
        #expect(close(try TachyonicGrowth.rate(.exact, curvature: -0.5, learningRate: 0.04, momentum: 0) * 0.2, log(1.02), 1e-13))
        #expect(throws: DualityError.self) { try TachyonicGrowth.perStep(stepCurvature: 0.1, momentum: 0.5) }
        #expect(throws: DualityError.self) { try TachyonicGrowth.rate(curvature: 0.1, learningRate: 0.1, momentum: 0.5) }
    }

    /// A frozen double well from amplitudes of 1e-6 v: the mean mode grows by z a step, up to f²/v² ≤ 1e-4 and the decaying root,
    /// (γ/z²)^k < 1e-4 after 100 steps.
    @Test func doubleWellsBreakTheirSymmetry() throws {
        let network = try FrozenNetwork(
            outputs: [1e-6, 1.2e-6, 0.8e-6], tangentKernel: [2, 1.5, 1.2, 1.5, 2, 1.5, 1.2, 1.5, 2], points: 3,
            loss: Loss(shape: .doubleWell, scale: 1, anchors: .perOutput([1])),
            schedule: Schedule(learningRate: 0.04, momentum: 0.9), steps: 600)
        let dynamics = try ModeDynamics(network: network)
        let values = try Prediction.frozen.trajectory(of: network).values
        let full = try dynamics.modes(of: values)
        guard let end = full.mean.firstIndex(where: { abs($0) > 0.01 }) else { throw Unexpected(found: "no growth") }
        let growth = try TachyonicGrowth.perStep(stepCurvature: -0.04 * dynamics.spectrum.leadingEigenvalue, momentum: 0.9)
        let measured = try TachyonicGrowth.measuredPerStep(full.mean, from: end * 6 / 10, to: end)
        #expect(close(measured / growth, 1, 1e-3))
        let last = Array(values.suffix(3))
        #expect(try TachyonicGrowth.signAgreement(last, [1, 1, 1]) == 1)
        #expect(try TachyonicGrowth.signAgreement([1, -1, 0, 2], [2, 1, 0, -1]) == 0.5)
        #expect(throws: DualityError.self) { try TachyonicGrowth.measuredPerStep(full.mean, from: 5, to: 601) }
        #expect(throws: DualityError.self) { try TachyonicGrowth.signAgreement([1], []) }
    }
}
