import Arrays
import Duality
import Engines
import Figures
import Foundation
import Networks
import Runs

/// Symmetry breaking: networks released near the maximum of a double well l = (s/4)(f² − v²)² form domains of ±v.
public struct DoubleWell: Experiment {
    /// `double-well`.
    public let id = "double-well"
    /// One line.
    public let title = "Domains of a double well"
    let quick: Bool
    let seed: UInt64

    static let scale = 1.0
    static let minimum = 1.0
    static let amplitude = 0.01
    static let learningRate = 0.04
    static let momentum = 0.9
    static let steps = 600
    static let sigmaW = 1.5
    static let points = 24
    static let shapes = [Shape(depth: 1, width: 128), Shape(depth: 1, width: 1024), Shape(depth: 2, width: 256)]
    static let settings = [Setting(sigmaB: 1, alpha: 0.5), Setting(sigmaB: 0.3, alpha: 2)]
    /// Growth is measured from 60 % of the steps it takes an output to reach this share of v to that moment: earlier the decaying
    /// solution is not gone, later l′ is no longer linear.
    static let linearShare = 0.2

    /// Hidden layers.
    struct Shape: Sendable, Hashable {
        let depth: Int
        let width: Int
    }

    /// Where the points are, and the σ_b that decides how the modes of the kernel compare.
    struct Setting: Sendable, Hashable {
        let sigmaB: Double
        let alpha: Double

        var label: String { "σ_b = \(Claim.number(sigmaB)), α = \(Claim.number(alpha))" }
    }

    /// The full grid has 48 networks, three shapes in two settings with eight seeds; the quick one has eight: one hidden layer and
    /// two seeds.
    init(quick: Bool, seed: UInt64) {
        self.quick = quick
        self.seed = seed
    }

    var seeds: Int { quick ? 2 : 8 }

    /// One training of the grid.
    struct Sample: Sendable {
        let setting: Setting
        let shape: Shape
        let replica: Int
        let run: Run
    }

    func samples() throws -> [Sample] {
        try Self.settings.flatMap { setting in
            try Self.shapes.filter { !quick || $0.depth == 1 }.flatMap { shape in
                try (0..<seeds).map { replica in
                    Sample(setting: setting, shape: shape, replica: replica, run: try run(setting, shape, replica))
                }
            }
        }
    }

    private func run(_ setting: Setting, _ shape: Shape, _ replica: Int) throws -> Run {
        let (architecture, weights) = try Weights.centred(
            seed: seed &+ 8_000_000 &+ UInt64(replica), other: seed &+ 8_100_000 &+ UInt64(replica), width: shape.width,
            depth: shape.depth, activation: .erf, amplitude: Self.amplitude * Self.minimum)
        let spacing = 2 * setting.alpha / Double(Self.points - 1)
        return Run(
            architecture: architecture, source: .weights(weights), sigmaW: Self.sigmaW, sigmaB: setting.sigmaB,
            inputs: try Inputs((0..<Self.points).map { Double($0) * spacing - setting.alpha }),
            training: Run.Training(
                loss: try Loss(shape: .doubleWell, scale: Self.scale, anchors: .perOutput([Self.minimum])),
                schedule: try Schedule(learningRate: Self.learningRate, momentum: Self.momentum), steps: Self.steps))
    }

    /// The grid.
    public func runs(known: (Run) throws -> RunResult?) throws -> [Run] { try samples().map(\.run) }

    /// Where the domains are, the growth of the leading mode, and the claims.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let samples = try samples()
        let pairs = try samples.compactMap { sample in try known(sample.run).map { (sample, $0) } }
        guard pairs.count == samples.count else {
            throw ExperimentError.missingResults(experiment: id, count: samples.count - pairs.count)
        }
        let fields = try pairs.filter { $0.1.divergedAt == nil }.parallelMap { try Field($0.0, $0.1) }
        guard !fields.isEmpty else { throw ExperimentError.nothingToJudge(experiment: id, reason: "all trainings diverged") }
        return ExperimentReport(figures: [try figure(fields)], claims: try judge(fields, diverged: pairs.count - fields.count))
    }
}
