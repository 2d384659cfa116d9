import Arrays
import Duality
import Engines
import Networks
import Runs

/// KS figure 3: the field's prediction of where a one-point network ends, against how far it went.
public struct HomogeneousPrediction: Experiment {
    /// `figure3`.
    public let id = "figure3"
    public let title = "Predicted and trained outputs of homogeneous networks"
    private let scan: EmbeddedScan

    /// The part of the grid that is judged: Θ₀ l(f₀) < 0.1 V₀ with the paper's V₀ (κ = 10).
    static let largestVacuumRatio = 0.1

    /// The full grid has 2,592 networks; the quick one 384: widths 32 and 128, depths 1 and 2, one seed of three.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("figure3", quick: quick, seed: seed) }

    /// The grid, and the single networks whose loss is set by their own kernel.
    public var runs: any RunSource { scan }

    /// What figure 3 predicts with.
    static let predictions: [Prediction] = [.paper, .corrected, .friedmann, .frozen, .null]

    /// Scatters of error against travel for three predictions, fitted against stated friction, and the claims.
    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try scan.results(of: scan.candidates(ofScan: 0), known: known, experiment: id)
        let all = try results.parallelMap { try Trained($0) }
        let judged = all.filter { $0.isJudged }
        guard !judged.isEmpty else {
            throw ExperimentError.nothingToJudge(experiment: id, reason: "no network has Θ₀ l(f₀) < 0.1 V₀")
        }
        var claims = try judge(judged, of: all)
        claims += try singleClaims(scan.results(of: scan.candidates(ofScan: 1), known: known, experiment: id))
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
