import Arrays

/// How well predicted modes met those of a training.
public struct ModeComparison: Sendable, Hashable {
    /// f̄_pred(T) − f̄(T), signed; of several outputs the length of that vector.
    public let meanEndDifference: Double
    /// max over t of |f̄_pred − f̄|.
    public let greatestMeanError: Double
    /// |f̄(T) − f̄(0)| of the training.
    public let travel: Double
    /// |δ_i,pred(T) − δ_i(T)| of each mode in the v-basis.
    public let modeEndErrors: [Double]
    /// max over t of |δ_i,pred − δ_i| of each mode.
    public let greatestModeErrors: [Double]

    /// |f̄_pred(T) − f̄(T)| over the travel, the error of KS figs. 5 and 6; 0 where there is none.
    public var meanErrorOverTravel: Double { meanEndDifference == 0 ? 0 : abs(meanEndDifference) / travel }

    /// The norm of the end errors of all modes but the leading one.
    public var modesEndError: Double { modeEndErrors.dropFirst().reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Compares a prediction with the modes of a training, which must use the same spectrum and the same kind of mean.
    /// Values that are not finite make infinite errors.
    /// - Throws: `DualityError.sizeMismatch`.
    public init(predicted: ModeTrajectory, trained: ModeTrajectory) throws(DualityError) {
        guard predicted.mean.count == trained.mean.count, predicted.modes == trained.modes, predicted.outputs == trained.outputs else {
            throw .sizeMismatch(
                what: "the trained mode trajectory", found: trained.perturbations.count, expected: predicted.perturbations.count,
                remedy: "give the modes at all \(predicted.steps + 1) times of the prediction")
        }
        let (count, last) = (predicted.modes, predicted.steps)
        meanEndDifference =
            predicted.outputs == 1
            ? (predicted.mean[last] - trained.mean[last]).orInfinite : predicted.distance(to: trained, at: last, from: last)
        greatestMeanError = (0...last).reduce(0) { max($0, predicted.distance(to: trained, at: $1, from: $1)) }
        travel = trained.travel
        var greatest = [Double](repeating: 0, count: count)
        for index in predicted.perturbations.indices {
            let error = abs(predicted.perturbations[index] - trained.perturbations[index]).orInfinite
            greatest[index % count] = max(greatest[index % count], error)
        }
        greatestModeErrors = greatest
        modeEndErrors = (0..<count).map {
            abs(predicted.perturbations[last * count + $0] - trained.perturbations[last * count + $0]).orInfinite
        }
    }
}
