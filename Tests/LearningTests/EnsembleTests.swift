import Foundation
import Learning
import Networks
import OpenCL
import Testing

/// Ensembles on the device of this machine and on the host.
@Suite struct EnsembleTests {
    private func device() throws -> LearningDevice {
        LearningDevice(try Context(device: #require(try Device.select("opencl", environment: [:]))))
    }

    /// On a processor whose division and roots are those of IEEE 754 the twin has the same bits, whatever the batch.
    @Test(arguments: [(1, 0.0), (1, 0.02), (3, 0.0), (8, 0.06)]) func hostHasTheSameBits(batch: Int, diffusion: Double) throws {
        let problem = try EnsembleProblem.descent(
            MicroNetwork(weightDecay: 0.1), count: 1003, learningRate: 0.02, batch: batch, diffusion: diffusion, seed: 11)
        let host = HostEnsemble(problem), tested = try device().ensemble(problem)
        for ensemble in [host, tested] as [any TrainedEnsemble] {
            try ensemble.start(mean: 0.2, deviation: 0.8, firstNetwork: 5)
            try ensemble.record()
            try ensemble.advance(steps: 20)
            try ensemble.advanceMeasuring()
            try ensemble.record()
        }
        #expect(try host.weights() == tested.weights())
        #expect(try host.counts() == tested.counts() && host.changes() == tested.changes())
        #expect(try tested.counts().allSatisfy { $0.reduce(0, +) == 1003 })
    }

    /// So it has where networks change their neurons, their step or their mini-batch, of either size, odd and even.
    @Test(arguments: [
        (8, 0.06, EnsembleAlternative(batch: 8, neurons: 9, renewal: 1)),
        (1, 0.02, EnsembleAlternative(batch: 4, neurons: 4, renewal: 0.3)),
        (3, 0.0, EnsembleAlternative(stepRatio: 3, batch: 2, neurons: 2, renewal: 0.1)),
    ]) func hostHasTheSameBitsOfTwoSettings(batch: Int, diffusion: Double, alternative: EnsembleAlternative) throws {
        var problem = try EnsembleProblem.descent(
            MicroNetwork(weightDecay: 0.1), count: 1003, learningRate: 0.01, batch: batch, diffusion: diffusion, seed: 11)
        problem.alternative = alternative
        let host = HostEnsemble(problem), tested = try device().ensemble(problem)
        for ensemble in [host, tested] as [any TrainedEnsemble] {
            try ensemble.start(mean: 0.2, deviation: 0.8, firstNetwork: 5)
            try ensemble.advance(steps: 13)
            try ensemble.advance(steps: 8)
        }
        #expect(try host.weights() == tested.weights())
        // Settings are no decoration: where they are drawn least often half of 0.95²¹ of the networks never leave the first, 170 ± 12.
        problem.alternative = nil
        let plain = HostEnsemble(problem)
        plain.start(mean: 0.2, deviation: 0.8, firstNetwork: 5)
        try plain.advance(steps: 21)
        #expect(zip(plain.weights(), host.weights()).filter { $0 != $1 }.count > 770)
    }

    /// Where noise is all, two steps Δ of settings η and 3η that are kept with probability 1 − p have ⟨Δ₁²Δ₂²⟩/⟨Δ²⟩² = 1 + (1 − p)(⟨η⁴⟩/⟨η²⟩² − 1)
    /// = 1 + 0.64(1 − p). The product has a standard error below ⟨Δ⁴⟩/⟨Δ²⟩² = 3 · 41/25 over the root of the networks where p = 1, and
    /// √(9⟨η⁸⟩)/⟨η²⟩² = 6.9 of it where settings stay; the denominators add half of that at most.
    @Test(arguments: [1.0, 0.25, 1e-6]) func settingsHaveTheirLaw(renewal: Double) throws {
        let count = 100_000
        let problem = try EnsembleProblem(
            network: MicroNetwork(), count: count, rule: UpdateRule.heavyBall.needed(for: [Schedule(learningRate: 1e-5)]),
            parameters: [1e-5, 0],
            batch: 1, noise: 1000, alternative: EnsembleAlternative(stepRatio: 3, batch: 1, neurons: 4, renewal: renewal), seed: 3)
        let ensemble = HostEnsemble(problem)
        ensemble.start(mean: 0, deviation: 1e-6, firstNetwork: 0)
        var weights = [ensemble.weights().map(Double.init)]
        for _ in 0..<2 {
            try ensemble.advance(steps: 1)
            weights.append(ensemble.weights().map(Double.init))
        }
        func squares(_ step: Int) -> [Double] {
            (0..<count).map { network in
                let change = weights[step + 1][network] - weights[step][network]
                return change * change
            }
        }
        let (first, second) = (squares(0), squares(1))
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(count) }
        let product = mean((0..<count).map { first[$0] * second[$0] }), found = product / (mean(first) * mean(second))
        let one = 4.92 / Double(count).squareRoot(), error = renewal == 1 ? one : 2.1 * one
        #expect(abs(found - 1 - 0.64 * (1 - renewal)) < 5 * error)
        // ⟨η²⟩ = 5 · 10⁻¹⁰, with a relative standard error of √(3 · 41/25 − 1)/√n.
        #expect(abs(mean(first) / (5e-10 * 1e6) - 1) < 5 * 1.98 / Double(count).squareRoot())
    }

    /// Half the variance of a step over ⟨η⟩, drawn 4 · 10⁵ times at one weight, is the D by which χ is measured: its relative standard error is
    /// √((κ − 1)/n), κ being the kurtosis of these very steps.
    @Test(arguments: [
        (8, EnsembleAlternative(batch: 8, neurons: 8, renewal: 1)),
        (8, EnsembleAlternative(stepRatio: 3, batch: 8, neurons: 4, renewal: 1)),
        (1, EnsembleAlternative(batch: 8, neurons: 4, renewal: 1)),
    ]) func diffusionOfTwoSettings(batch: Int, alternative: EnsembleAlternative) throws {
        let training = try EnsembleTraining.descent(
            MicroNetwork(), networks: 400_000, learningRate: 0.02, batch: batch, diffusion: 0.02, steps: 1, alternative: alternative,
            seed: 8)
        let problem = try EnsembleProblem(
            network: training.network, count: 400_000, rule: UpdateRule.heavyBall.needed(for: [Schedule(learningRate: 0.02)]),
            parameters: [0.02, 0], batch: batch, noise: training.noise, alternative: alternative, seed: 8)
        let ensemble = try device().ensemble(problem)
        for w in [-1.5, 0.6] {
            try ensemble.start(mean: w, deviation: 0, firstNetwork: 0)
            try ensemble.advance(steps: 1)
            let steps = try ensemble.weights().map { Double($0) - Double(Float(w)) }, n = Double(steps.count)
            let mean = steps.reduce(0, +) / n
            func moment(_ power: Int) -> Double { steps.reduce(0) { $0 + pow($1 - mean, Double(power)) } / n }
            let variance = moment(2), kurtosis = moment(4) / (variance * variance)
            let expected = training.diffusion(at: w) * 2 * 0.02 * (1 + alternative.stepRatio) / 2
            #expect(abs(variance / expected - 1) < 5 * ((kurtosis - 1) / n).squareRoot(), "\(w)")
        }
    }

    /// Where launches end and which networks are neighbours changes no bit.
    @Test func stepsAreThoseOfAnyDivision() throws {
        let device = try device(), network = try MicroNetwork()
        func weights(_ count: Int, first: UInt32, _ steps: [Int]) throws -> [Float] {
            let ensemble = try device.ensemble(
                EnsembleProblem(
                    network: network, count: count, rule: .adam, parameters: [0.01, 0.9, 0.999, 1e-8], batch: 2, noise: 1, seed: 4))
            try ensemble.start(mean: 0, deviation: 1, firstNetwork: first)
            for steps in steps { try ensemble.advance(steps: steps) }
            return try ensemble.weights()
        }
        let whole = try weights(100, first: 0, [12])
        #expect(try weights(100, first: 0, [5, 1, 6]) == whole)
        #expect(try weights(37, first: 40, [12]) == Array(whole[40..<77]))
    }

    /// Start weights are normal: mean, variance and fourth moment within five standard errors of 10⁵ draws.
    @Test func startsAreNormal() throws {
        let problem = try EnsembleProblem.descent(MicroNetwork(), count: 100_000, learningRate: 0.02, batch: 1, diffusion: 0, seed: 1)
        let ensemble = HostEnsemble(problem)
        ensemble.start(mean: 0, deviation: 1, firstNetwork: 0)
        let w = ensemble.weights().map(Double.init), n = Double(w.count)
        func moment(_ power: Int) -> Double { w.reduce(0) { $0 + pow($1, Double(power)) } / n }
        #expect(abs(moment(1)) < 5 / n.squareRoot())
        #expect(abs(moment(2) - 1) < 5 * (2 / n).squareRoot())
        #expect(abs(moment(4) - 3) < 5 * (96 / n).squareRoot())
    }

    /// An Ornstein–Uhlenbeck process: mean m e^{−kt}, variance D/k + (σ² − D/k) e^{−2kt}. The scheme is of second order in the bins, (0.02)² of
    /// curvatures of order 10.
    @Test func equationHasTheClosedForm() {
        let edges = (0...320).map { -3.2 + 0.02 * Double($0) }, centres = (0..<320).map { -3.19 + 0.02 * Double($0) }
        let equation = FokkerPlanck(drift: centres.map { -2 * $0 }, diffusion: centres.map { _ in 0.1 }, width: 0.02)
        let start = FokkerPlanck.normal(mean: 1, deviation: 0.3, edges: edges)
        let p = equation.advanced(start, by: 0.5, steps: 200, damps: true)
        let mean = zip(p, centres).reduce(0) { $0 + $1.0 * $1.1 }
        let variance = zip(p, centres).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        #expect(abs(p.reduce(0, +) - 1) < 1e-12)
        #expect(abs(mean - exp(-1)) < 2e-3)
        #expect(abs(variance - (0.05 + 0.04 * exp(-2))) < 2e-3)
    }

    /// Fast neurons on the device and their twin have the same bits too.
    @Test func fastNeuronsHaveTheSameBits() throws {
        let neurons = FastNeurons(
            try MicroNetwork(neurons: 3), weights: (0..<77).map { Float($0) / 40 - 1 }, sweeps: 5, timeStep: 0.1, updates: 3, skipped: 1,
            learningRate: 0.02, seed: 2)
        let host = try neurons.run(on: LearningDevice(nil)), tested = try neurons.run(on: device())
        #expect(host.gradients == tested.gradients && host.weights == tested.weights)
        #expect(abs(neurons.adiabaticRatio - 0.5) < 1e-12)
    }
}
