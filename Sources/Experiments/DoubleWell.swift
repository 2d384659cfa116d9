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
    public let title = "Domains of a double well"
    let quick: Bool
    private let samples: [Sample]

    static let scale = 1.0
    static let minimum = 1.0
    static let amplitude = 0.01
    static let learningRate = 0.04
    static let momentum = 0.9
    static let steps = 600
    static let sigmaW = 1.5
    static let points = 24
    static let shapes = [Shape(depth: 1, width: 128), Shape(depth: 1, width: 1024), Shape(depth: 2, width: 256)]
    static let settings = [IntervalSetting(sigmaB: 1, alpha: 0.5), IntervalSetting(sigmaB: 0.3, alpha: 2)]
    /// Growth is measured from 60 % of the steps it takes an output to reach this share of v to that moment: earlier the decaying
    /// solution is not gone, later l′ is no longer linear.
    static let linearShare = 0.2

    /// Hidden layers.
    struct Shape: Sendable, Hashable {
        let depth: Int
        let width: Int
    }

    /// The full grid has 48 networks, three shapes in two settings with eight seeds; the quick one has eight: one hidden layer and
    /// two seeds.
    init(quick: Bool, seed: UInt64) throws {
        self.quick = quick
        // No scan file gives weights, and these follow from two seeds each.
        samples = try Self.settings.flatMap { setting in
            try Self.shapes.filter { !quick || $0.depth == 1 }.flatMap { shape in
                try (0..<(quick ? 2 : 8)).map { replica in
                    Sample(
                        setting: setting, shape: shape, replica: replica, run: try Self.run(setting, shape, seed: seed &+ UInt64(replica)))
                }
            }
        }
    }

    /// One training of the grid.
    struct Sample: Sendable {
        let setting: IntervalSetting
        let shape: Shape
        let replica: Int
        let run: Run
    }

    private static func run(_ setting: IntervalSetting, _ shape: Shape, seed: UInt64) throws -> Run {
        let (architecture, weights) = try Weights.centred(
            seed: seed &+ 8_000_000, other: seed &+ 8_100_000, width: shape.width, depth: shape.depth, activation: .erf,
            amplitude: amplitude * minimum)
        let spacing = 2 * setting.alpha / Double(points - 1)
        return Run(
            architecture: architecture, source: .weights(weights), sigmaW: sigmaW, sigmaB: setting.sigmaB,
            inputs: try Inputs((0..<points).map { Double($0) * spacing - setting.alpha }),
            training: Run.Training(
                loss: try Loss(shape: .doubleWell, scale: scale, anchors: .perOutput([minimum])),
                schedule: try Schedule(learningRate: learningRate, momentum: momentum), steps: steps))
    }

    /// The grid.
    public var runs: any RunSource { RunList(samples.map(\.run)) }

    /// Where the domains are, the growth of the leading mode, and the claims.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let pairs = Array(zip(samples, try runs.results(known: known, experiment: id)))
        let fields = try pairs.filter { $0.1.divergedAt == nil }.parallelMap { try Field($0.0, $0.1) }
        guard !fields.isEmpty else { throw ExperimentError.nothingToJudge(experiment: id, reason: "all trainings diverged") }
        return ExperimentReport(figures: [try figure(fields)], claims: try judge(fields, diverged: pairs.count - fields.count))
    }
}
