import Arrays
import Duality
import Engines
import Networks
import Runs

/// KS figure 3: the field's prediction of where a one-point network ends, against how far it went.
public struct HomogeneousPrediction: Experiment {
    /// `figure3`.
    public let id = "figure3"
    /// One line.
    public let title = "Predicted and trained outputs of homogeneous networks"
    let quick: Bool
    let seed: UInt64

    static let activations: [Activation] = [.relu, .erf]
    static let depths = [1, 2, 3]
    static let widths = [32, 128, 512]
    static let sigmaWs = [0.5, 1, 1.5]
    static let optimisers = [(1.0 / 9, 0.0), (1.0 / 9, 0.5), (0.01, 0), (0.01, 0.9)]
    static let losses = [(2, 0.05, 1.0), (2, 0.05, 3), (4, 0.01, 1), (4, 0.01, 3)]
    static let steps = 200
    static let sigmaB = 0.1
    /// The part of the grid that is judged: Θ₀ l(f₀) < 0.1 V₀ with the paper's V₀ (κ = 10).
    static let largestVacuumRatio = 0.1

    /// The full grid has 2,592 networks; the quick one 384: widths 32 and 128, depths 1 and 2, one seed of three.
    init(quick: Bool, seed: UInt64) {
        self.quick = quick
        self.seed = seed
    }

    func gridRuns() throws -> [Run] {
        let inputs = try Inputs([1])
        var runs: [Run] = []
        var number: UInt64 = 0
        for activation in Self.activations {
            for depth in Self.depths {
                for width in Self.widths {
                    let architecture = try Architecture(widths: Array(repeating: width, count: depth), activation: activation)
                    for sigmaW in Self.sigmaWs {
                        for (degree, scale, minimum) in Self.losses {
                            for (learningRate, momentum) in Self.optimisers {
                                for replica in 0..<3 {
                                    number += 1
                                    guard !quick || replica == 0 && width < 512 && depth < 3 else { continue }
                                    let training = Run.Training(
                                        loss: try .power(degree: degree, scale: scale, minimum: minimum),
                                        schedule: try Schedule(learningRate: learningRate, momentum: momentum), steps: Self.steps)
                                    runs.append(
                                        Run(
                                            architecture: architecture, source: .seed(seed &+ 1_000_000 &+ number), sigmaW: sigmaW,
                                            sigmaB: Self.sigmaB, inputs: inputs, training: training))
                                }
                            }
                        }
                    }
                }
            }
        }
        return runs
    }

    /// The grid, and the single networks whose loss is set by their own kernel.
    public func runs(known: (Run) throws -> RunResult?) throws -> [Run] {
        try gridRuns() + SingleNetworks(seed: seed).runs(known: known)
    }

    /// What figure 3 predicts with.
    static let predictions: [Prediction] = [.paper, .corrected, .friedmann, .frozen, .null]

    /// Scatters of error against travel for three predictions, fitted against stated friction, and the claims.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let runs = try gridRuns()
        let results = try runs.compactMap { try known($0) }
        guard results.count == runs.count else { throw ExperimentError.missingResults(experiment: id, count: runs.count - results.count) }
        let all = try results.parallelMap { try Trained($0) }
        let judged = all.filter { $0.isJudged }
        guard !judged.isEmpty else {
            throw ExperimentError.nothingToJudge(experiment: id, reason: "no network has Θ₀ l(f₀) < 0.1 V₀")
        }
        var claims = try judge(judged, of: all)
        claims += try SingleNetworks(seed: seed).judge(known: known, figure: id)
        return ExperimentReport(figures: [try figure(judged, all: all)], claims: claims)
    }

    /// A trained network of the grid with everything that is measured of it.
    struct Trained: Sendable {
        let field: HomogeneousField
        let vacuumRatio: Double
        /// Friction and force fitted to the trajectory; nil where the training diverged.
        let fit: FrictionFit?
        /// 3H and F Θ₀ of the corrected dictionary.
        let stated: (friction: Double, force: Double)

        init(_ result: RunResult) throws {
            field = try HomogeneousField(result, predictions: HomogeneousPrediction.predictions)
            vacuumRatio = try field.vacuumRatio()
            let terms = try DualityDictionary.corrected.terms(learningRate: field.learningRate, momentum: field.momentum)
            stated = (terms.friction!, terms.forceFactor! * field.kernels.start)
            fit =
                field.isFinite && vacuumRatio < HomogeneousPrediction.largestVacuumRatio
                ? try FrictionFit(
                    trajectory: result.outputs, timeStep: field.learningRate.squareRoot(), loss: field.training.loss,
                    kernelDrift: field.kernelDrift) : nil
        }

        var isJudged: Bool { field.isFinite && vacuumRatio < HomogeneousPrediction.largestVacuumRatio }

        func endError(_ prediction: Prediction) -> Double { field.comparisons[prediction]!.errorOverTravel }
        func greatestError(_ prediction: Prediction) -> Double { field.comparisons[prediction]!.greatestErrorOverTravel }
    }
}
