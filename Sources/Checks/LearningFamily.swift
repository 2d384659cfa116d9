import Compute
import Foundation
import Learning
import Networks
import OpenCL

/// The kernels of ensembles that learn with noise, checked against their twins on the host.
public struct LearningFamily: KernelFamily {
    public let name = "learning"
    public let tunables: [TunableKernel] = []
    public let stages = [ensemble]

    /// Steps of descent of a million networks, each with one datum and noise.
    static let ensemble = BenchmarkStage("ensemble", kernels: ["ensemble"], unit: "network-steps/s")

    /// The family.
    public init() {}

    /// None of its kernels can be searched.
    public func subject(_ kernel: TunableKernel, context: Context, precision: Precision) throws -> any TuningSubject {
        throw KernelSourceError.unknown(file: kernel.name + ".cl")
    }

    /// 64 steps of 2²⁰ networks in one launch: a step has about 60 operations for its sample, 45 for its normal numbers and 80 of Philox.
    public func work(_ stages: [BenchmarkStage], _ device: KernelDevice) throws -> [BenchmarkWork] {
        guard stages.contains(Self.ensemble) else { return [] }
        let count = 1 << 20, steps = 64, items = Double(count * steps), context = device.context
        let ensemble = try LearningDevice(context).ensemble(
            .descent(MicroNetwork(), count: count, learningRate: 0.02, batch: 1, diffusion: 0.02, seed: 1))
        try ensemble.start(mean: 0, deviation: 1, firstNetwork: 0)
        let cost = BenchmarkCost(float32Operations: 185 * items, bytes: 8 * Double(count), items: items)
        return [
            BenchmarkWork([(Self.ensemble, cost)], in: context) {
                let start = ContinuousClock.now
                try ensemble.advance(steps: steps)
                try context.finish()
                return ContinuousClock.now - start
            }
        ]
    }

    /// Launches every kernel at small sizes.
    /// - Parameter vectorWidth: networks of a work-item.
    static func sweep(_ context: Context, vectorWidth: Int) throws {
        var device = LearningDevice(context)
        device.vectorWidth = vectorWidth
        for (_, problem) in try ensembles() {
            var problem = problem
            problem.count = 37
            let ensemble = try device.ensemble(problem)
            try ensemble.start(mean: 0, deviation: 1, firstNetwork: 0)
            try ensemble.advance(steps: 2)
            try ensemble.advanceMeasuring()
            try ensemble.record()
            _ = (try ensemble.counts(), try ensemble.changes())
        }
        _ = try FastNeurons(
            MicroNetwork(neurons: 3), weights: [Float](repeating: 0.5, count: 21), sweeps: 2, timeStep: 0.1, updates: 2, skipped: 1, seed: 1
        ).run(on: device)
    }

    /// Steps of descent and of rules, counts, and fast neurons; they compute in single precision, whichever the engine has.
    public func checks(_ device: KernelDevice, _ extent: CheckExtent) throws -> [() -> CheckResult] {
        guard extent > .brief else { return [] }
        let learning = LearningDevice(device.context)
        return try Self.ensembles().map { name, problem in
            { CheckResult(name: name, precision: .float32) { try Self.steps(problem, on: learning) } }
        } + [
            { CheckResult(name: "histogram and moments", precision: .float32) { try Self.counts(on: learning) } },
            { CheckResult(name: "fast neurons", precision: .float32) { try Self.neurons(on: learning) } },
        ]
    }

    static let rate = 0.005
    static let steps = 8

    static func ensembles() throws -> [(String, EnsembleProblem)] {
        let network = try MicroNetwork(weightDecay: 0.25)
        let descents = try [(1, 0.02), (3, 0.0), (8, 0.06)].map { batch, diffusion in
            (
                "ensemble: descent, B = \(batch)",
                try EnsembleProblem.descent(network, count: 1000, learningRate: rate, batch: batch, diffusion: diffusion, seed: 5)
            )
        }
        let descent = UpdateRule.heavyBall.needed(for: [try Schedule(learningRate: rate)])
        func adjusting(
            _ what: String, _ rule: UpdateRule, _ parameters: [Double], batch: Int, _ other: EnsembleAlternative
        ) -> (String, EnsembleProblem) {
            (
                "ensemble: \(what) adjusting",
                EnsembleProblem(
                    network: network, count: 1000, rule: rule, parameters: parameters, batch: batch, noise: 1, alternative: other, seed: 5)
            )
        }
        let alternatives: [(String, EnsembleProblem)] = [
            adjusting("neurons", descent, [rate, 0], batch: 3, EnsembleAlternative(batch: 3, neurons: 9, renewal: 1)),
            adjusting("step", descent, [rate, 0], batch: 1, EnsembleAlternative(stepRatio: 0.5, batch: 4, neurons: 4, renewal: 0.3)),
            adjusting("batch of adam", .adam, [rate, 0.9, 0.999, 1e-8], batch: 2, EnsembleAlternative(batch: 1, neurons: 4, renewal: 0.3)),
        ]
        let rules: [(UpdateRule, [Double])] = [
            (.heavyBall, [rate, 0.9]), (.friedmann, [rate, 1, 0, 1]), (.adam, [rate, 0.9, 0.999, 1e-8]),
        ]
        return descents
            + alternatives
            + rules.map { rule, parameters in
                (
                    "ensemble: \(rule.name)",
                    EnsembleProblem(
                        network: network, count: 1000, rule: rule, parameters: parameters, batch: 2, noise: 1, seed: UInt64.max)
                )
            }
    }

    /// Weights after some steps.
    ///
    /// A step's gradient is a sum of terms of up to K|d||a| ≈ 30 for K = 4, each some 40 operations away from numbers that are exact, so that η of it is off by
    /// less than 300 Kηu, and the weight by 4 u more. Steps stretch differences by at most 1 + 10 Kη, for datum a the curvature being K a² + S². Rules
    /// with states move weights by √η of it instead of η; Adam's first steps are ± η whatever the gradient, with a sign that is decided
    /// by less than u in none of the networks.
    private static func steps(_ problem: EnsembleProblem, on device: LearningDevice) throws -> Deviation {
        let host = HostEnsemble(problem), tested = try device.ensemble(problem)
        for ensemble in [host, tested] as [any TrainedEnsemble] {
            try ensemble.start(mean: 0.5, deviation: 1, firstNetwork: 7)
            try ensemble.advance(steps: 3)
            try ensemble.advance(steps: steps - 3)
        }
        let time = problem.rule.states.isEmpty ? rate : rate.squareRoot(), unit = Precision.float32.unitRoundoff
        let neurons = max(problem.network.neurons, problem.alternative?.neurons ?? 0), k = problem.network.stiffness * Double(neurons)
        let bound = Double(steps) * (300 * k * time + 4) * unit * pow(1 + 10 * k * time, Double(steps))
        let expected = host.weights().map { Double($0) }
        return BoundedValues(expected, errors: expected.map { _ in bound }).compare(try tested.weights().map { Double($0) })
    }

    /// Counts and changes of the weights that the device has, counted once more: whole numbers, without error.
    private static func counts(on device: LearningDevice) throws -> Deviation {
        let problem = try EnsembleProblem.descent(
            MicroNetwork(), count: 40_000, learningRate: 0.02, batch: 1, diffusion: 0.02, seed: 3)
        let ensemble = try device.ensemble(problem), bins = problem.bins.count
        try ensemble.start(mean: 0, deviation: 1.5, firstNetwork: 0)
        try ensemble.record()
        let before = try ensemble.weights()
        try ensemble.advanceMeasuring()
        let after = try ensemble.weights(), changes = try ensemble.changes()
        var expected = [Double](repeating: 0, count: 4 * bins)
        for (old, new) in zip(before, after) {
            let place = (old - Float(problem.bins.range.lowerBound)) * Float(1 / problem.bins.width)
            let bin = Int(max(0, min(place, Float(bins - 1))))
            let q = Double(max(-32767, min(32767, ((new - old) * 4096).rounded(.toNearestOrEven))))
            expected[bin] += 1
            expected[bins + bin] += 1
            expected[2 * bins + bin] += q
            expected[3 * bins + bin] += q * q
        }
        let found = try ensemble.counts()[0] + changes.count + changes.sum + changes.squares
        return BoundedValues(expected).compare(found.map(Double.init))
    }

    /// Gradients of explicit neurons: 2 × 9 sweeps whose steps, of 20 operations on numbers below 4, do not stretch differences.
    private static func neurons(on device: LearningDevice) throws -> Deviation {
        let weights = (0..<200).map { Float($0 - 100) / 60 }
        let neurons = FastNeurons(
            try MicroNetwork(neurons: 5, weightDecay: 0.25), weights: weights, sweeps: 9, timeStep: 0.05, updates: 2, skipped: 1,
            learningRate: 0.01, seed: 9)
        let expected = try neurons.run(on: LearningDevice(nil)), found = try neurons.run(on: device)
        let bound = 40 * 18 * 20 * 4 * Precision.float32.unitRoundoff
        func compare(_ a: [Float], _ b: [Float]) -> Deviation {
            BoundedValues(a.map { Double($0) }, errors: a.map { _ in bound }).compare(b.map { Double($0) })
        }
        return .worst([compare(expected.gradients, found.gradients), compare(expected.weights, found.weights)])
    }
}
