import Compute
import Engines
import Foundation
import Networks
import Runs
import Stores

/// Delivers at once what a formula says of seed, step and number, the loss having number −1 and elements of kernels 1000, 1001, …
final class SyntheticEngine: Engine {
    let description: EngineDescription
    private let value: @Sendable (_ seed: UInt64, _ step: Int, _ number: Int) -> Double

    init(
        device: String = "a device", precision: Precision = .float64,
        value: @escaping @Sendable (_ seed: UInt64, _ step: Int, _ number: Int) -> Double = { seed, step, number in
            1 / Double(3 + seed &* 31 &+ UInt64(7 * step)) + Double(number)
        }
    ) {
        description = EngineDescription(name: "synthetic", device: device, driver: "1", precision: precision)
        self.value = value
    }

    func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan {
        MemoryPlan(membersPerBatch: 4096, bytesPerBatch: 1, fixedBytes: 0, bytesPerMember: 1)
    }

    func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
        let members = 0..<ensemble.members.count, rows = ensemble.rows
        let seeds = ensemble.members.map { if case .seed(let seed) = $0.source { seed } else { 0 as UInt64 } }
        func values(_ step: Int, _ numbers: [Int]) -> [Double] { seeds.flatMap { seed in numbers.map { value(seed, step, $0) } } }
        for step in job.training?.recordedSteps ?? [0] {
            _ = try deliver(.outputs(members: members, steps: [step], values: values(step, Array(0..<rows))))
            if job.training != nil { _ = try deliver(.losses(members: members, steps: [step], values: values(step, [-1]))) }
        }
        if let training = job.training {
            let last = members.map { member in
                (0...training.steps).first { step in
                    !([-1] + Array(0..<rows)).allSatisfy { value(seeds[member], step, $0).isFinite }
                }.map { $0 - 1 } ?? training.steps
            }
            _ = try deliver(
                .lastFinite(
                    members: members, steps: last,
                    outputs: members.flatMap { member in
                        (0..<rows).map { last[member] < 0 ? .nan : value(seeds[member], last[member], $0) }
                    }, losses: members.map { last[$0] < 0 ? .nan : value(seeds[$0], last[$0], -1) }))
        }
        guard job.tangentKernel != nil else { return }
        for step in [0] + (job.training?.kernelSteps ?? []) {
            _ = try deliver(.tangentKernel(members: members, step: step, values: values(step, (0..<rows * rows).map { 1000 + $0 })))
        }
    }
}

extension SQLiteStore {
    /// A store that such an engine writes.
    convenience init(
        _ path: String, _ engine: any Engine, revision: String = "r1", mixed: Bool = false, options: Options = Options()
    ) throws {
        try self.init(
            path: path, provenance: .test(revision: revision), engines: [engine.description], mixed: mixed, options: options)
    }
}

extension Provenance {
    static func test(revision: String = "r1") -> Provenance {
        Provenance(parameters: ["a": "b"], engine: nil, command: ["inflaton", "scan"], revision: revision)
    }
}

extension Run {
    /// One field, its ends only.
    static func small(
        seed: UInt64, width: Int = 5, steps: Int = 4, points: Int = 1, outputs: Int = 1, recording: Recording = Recording(),
        tangentKernel: TangentKernelMethod? = .gram
    ) throws -> Run {
        Run(
            architecture: try Architecture(widths: [width], outputs: outputs, activation: .erf), source: .seed(seed), sigmaW: 1.1,
            sigmaB: 0.2, inputs: try Inputs((1...points).map { Double($0) / 8 }),
            training: Training(
                loss: try .power(scale: 0.1, minimum: 1), schedule: try Schedule(learningRate: 0.1, momentum: 0.5), steps: steps),
            tangentKernel: tangentKernel, recording: recording)
    }
}
