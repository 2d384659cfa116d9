import Arrays
import Duality
import Engines
import Figures
import Foundation
import Networks
import Runs

/// The advice on learning rate and momentum, judged: random small problems, each with a lattice of 8 × 8 trainings and the advised one.
public struct AdviceTrial: Experiment, RunSource {
    /// `advise`.
    public let id = "advise"
    public let title = "Advice without training"
    private let problems: [AdvisedNetwork]

    /// The full grid has 200 problems with 65 trainings each, the quick one the first 12.
    init(quick: Bool, seed: UInt64) throws {
        problems = try (0..<(quick ? 12 : 200)).map { try Self.problem($0, seed: seed) }
    }

    /// A problem: the activation in turn; everything else is drawn. Every tenth has two hidden layers.
    ///
    /// Half of the targets are noise of unit variance, and half a wave of a random direction.
    private static func problem(_ index: Int, seed: UInt64) throws -> AdvisedNetwork {
        var generator = SplitMix64(seed: 0xAD51_CE00 &+ seed &* 1_000_003 &+ UInt64(index))
        func uniform(_ range: ClosedRange<Double>) -> Double {
            // Twenty binary digits, the same on every machine.
            let number = Double(generator.next() >> 44) * 0x1p-20
            return range.lowerBound + (range.upperBound - range.lowerBound) * number
        }
        func chosen<Value>(_ values: [Value]) -> Value {
            values[Int(UInt64(values.count).multipliedFullWidth(by: generator.next()).high)]
        }
        let activation: Activation = [.erf, .gelu, .tanh][index % 3]
        let isDeep = index % 10 == 9
        // Six shapes an activation: every shape is compiled for.
        let (width, dimension, points) =
            isDeep ? (512, 2, 4) : chosen([(512, 1, 3), (512, 2, 5), (1024, 1, 4), (1024, 3, 4), (2048, 2, 2), (2048, 3, 5)])
        let sigmaW = uniform(0.8...1.6), sigmaB = chosen([0.1, 0.3, 0.5]), steps = chosen([20, 40, 80, 160])
        let inputs = try Inputs(
            points: points, dimension: dimension, values: (0..<points * dimension).map { _ in uniform(-1.5...1.5) })
        let targets: [Double]
        if chosen([true, false]) {
            targets = (0..<points).map { _ in uniform(-1.75...1.75) }
        } else {
            let direction = (0..<dimension).map { _ in uniform(-2.5...2.5) }, phase = uniform(0...6.25)
            targets = (0..<points).map { point in
                let argument = (0..<dimension).reduce(phase) { $0 + direction[$1] * inputs.values[point * dimension + $1] }
                return (sin(argument) * 0x1p20).rounded() * 0x1p-20
            }
        }
        return AdvisedNetwork(
            architecture: try Architecture(
                inputs: dimension, widths: Array(repeating: width, count: isDeep ? 2 : 1), activation: activation),
            source: .seed(seed &+ 12_000_000 &+ UInt64(index)), sigmaW: sigmaW, sigmaB: sigmaB, inputs: inputs,
            loss: try Loss(shape: .evenPower(2), scale: 1, anchors: .perPoint(targets)), steps: steps, range: try AdviceRange())
    }

    public var runs: any RunSource { self }
    public var figures: [String] { [id] }

    private static let each = AdvisedNetwork.side * AdvisedNetwork.side + 1

    /// The trainings, the advised one of each problem after its lattice.
    public var count: Int { problems.count * Self.each }

    public func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        let problem = problems[index / Self.each], place = index % Self.each
        guard let start = try known(problem.start) else { return .needs(problem.start) }
        guard place == Self.each - 1 else { return .run(try problem.lattice(start)[place]) }
        let draft = try problem.draft(start), probe = try problem.probe(draft, start)
        guard let end = try known(probe) else { return .needs(probe) }
        return .run(try problem.training(problem.advice(draft, end)))
    }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        var missing = 0
        let verdicts = try problems.compactMap { problem -> AdviceVerdict? in
            guard let start = try known(problem.start) else {
                missing += 1
                return nil
            }
            let draft = try problem.draft(start), lattice = try problem.lattice(start)
            guard let end = try known(problem.probe(draft, start)) else {
                missing += 1
                return nil
            }
            let advice = try problem.advice(draft, end)
            guard let advised = try known(problem.training(advice)) else {
                missing += 1
                return nil
            }
            let losses = try lattice.compactMap { try known($0)?.finalLoss }
            guard losses.count == lattice.count else {
                missing += 1
                return nil
            }
            return AdviceVerdict(problem, advice, advised, lattice: losses)
        }
        guard missing == 0, !verdicts.isEmpty else { throw ExperimentError.missingResults(experiment: id, count: missing) }
        return ExperimentReport(figures: [try figure(verdicts)], claims: claims(verdicts))
    }
}
