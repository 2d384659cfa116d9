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
