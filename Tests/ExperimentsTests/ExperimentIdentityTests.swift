import Compute
import Engines
import Experiments
import Foundation
import Networks
import Runs
import Testing

/// Which runs an experiment has, by their identities: reports are compared with those of others, and stores are found again, by them.
@Suite struct ExperimentIdentityTests {
    struct Expectation: Codable, Sendable, Equatable {
        let experiment: String
        let quick: Bool
        let seed: UInt64
        /// Different runs, those that are measured before others are known among them.
        let runs: Int
        /// Of their digests in hexadecimal, ascending, a line each.
        let sha256: String
    }

    static let expectations: [Expectation] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/experiments.json").standardized
        return (try? JSONDecoder().decode([Expectation].self, from: Data(contentsOf: file))) ?? []
    }()

    /// What an engine might have measured, in numbers that no device rounds: outputs and kernel follow from the seed, or for weights from
    /// the number of points alone.
    private static func measured(_ run: Run) throws -> RunResult? {
        guard run.training == nil else { return nil }
        let count = run.inputs.points
        let part = if case .seed(let seed) = run.source { Double(seed % 16) / 16 } else { 0.5 }
        var result = RunResult(
            run: run, engine: EngineDescription(name: "none", device: "none", driver: "none", precision: .float64))
        result.outputs = (0..<count).map { part - Double($0) / 4 }
        result.kernels = (0..<count * count).map { $0 % (count + 1) == 0 ? 1 + part : 0.25 }
        return result
    }

    /// Experiments whose schedules follow from eigenvalues, of which LAPACK has other last digits on a processor with other vectors.
    private static let followingEigenvalues: Set = ["advise", "friedmann", "lattice", "optimisers"]

    /// Weights are drawn with the logarithm and the cosine of this machine, whose last place may differ from another's.
    private static func rounded(_ run: Run, schedules: Bool) throws -> Run {
        var run = run
        if case .weights(let weights) = run.source {
            run.source = .weights(try Weights(weights.values.map { ($0 * 0x1p20).rounded() * 0x1p-20 }, for: run.architecture))
        }
        if schedules, let schedule = run.training?.schedule {
            run.training?.schedule = try Schedule(schedule.rule, values: schedule.values.map { $0.map(rounded) })
        }
        return run
    }

    /// To 21 binary digits.
    private static func rounded(_ number: Double) -> Double {
        guard number.isFinite, number != 0 else { return number }
        let significand = (number.significand * 0x1p20).rounded() * 0x1p-20
        return Double(sign: number.sign, exponent: number.exponent, significand: significand)
    }

    private static func digests(_ experiment: any Experiment, known: (Run) throws -> RunResult?) throws -> Set<Digest> {
        let schedules = followingEigenvalues.contains(experiment.id)
        return Set(
            try experiment.namedRuns(known: known).map { RunIdentity.digest(try rounded($0, schedules: schedules), precision: .float64) })
    }

    private static func found(_ name: String, quick: Bool, seed: UInt64) throws -> Expectation {
        let number = Int(name.dropFirst("figure".count))
        let experiment = try #require(
            try number.map { try ExperimentRegistry.figure($0, quick: quick, seed: seed) }
                ?? ExperimentRegistry.named(name, quick: quick, seed: seed))
        let digests = try digests(experiment) { _ in nil }.union(digests(experiment, known: measured))
        let text = digests.sorted().map { "\($0)\n" }.joined()
        return Expectation(
            experiment: name, quick: quick, seed: seed, runs: digests.count, sha256: Digest(of: Array(text.utf8)).description)
    }

    @Test(arguments: expectations) func runsAreTheSame(expected: Expectation) throws {
        let found = try Self.found(expected.experiment, quick: expected.quick, seed: expected.seed)
        #expect(found == expected, "\(found.runs) runs, \(found.sha256)")
    }

    @Test func everyExperimentIsListed() {
        let names = ExperimentRegistry.figures.map { "figure\($0)" } + ExperimentRegistry.names
        #expect(Set(Self.expectations.filter { !$0.quick }.map(\.experiment)) == Set(names))
        #expect(Set(Self.expectations.filter(\.quick).map(\.experiment)) == Set(names))
    }
}
