/// How well a prediction met the training.
///
/// Distances between outputs are root mean squares over points and outputs, absolute values where there is one output. Values that
/// are not finite (a training that diverged) make the numbers they enter infinite.
public struct Comparison: Sendable, Hashable {
    /// |f_pred(T) − f(T)|.
    public let endError: Double
    /// max over t of |f_pred(t) − f(t)|.
    public let greatestError: Double
    /// |f(T) − f(0)|, the horizontal axis of KS figs. 3 and 5. It can vanish for a field that comes back.
    public let travel: Double
    /// max over t of |f(t) − f(0)|: what errors are divided by here, since it vanishes only for a field that never moved.
    public let greatestTravel: Double
    /// |Θ(T) − Θ(0)| / |Θ(0)|, Frobenius norms.
    public let kernelDrift: Double

    /// `endError` over `greatestTravel`, the error of KS fig. 3.
    public var errorOverTravel: Double { Self.ratio(endError, greatestTravel) }
    /// `greatestError` over `greatestTravel`.
    public var greatestErrorOverTravel: Double { Self.ratio(greatestError, greatestTravel) }

    /// Compares a trained with a predicted trajectory.
    ///
    /// - Parameters:
    ///   - trained: outputs at each step, (K + 1, N·C) in row-major order.
    ///   - predicted: the prediction for the same steps.
    ///   - kernelAtStart: Θ(0), any layout.
    ///   - kernelAtEnd: Θ(T) in the same layout.
    /// - Throws: `DualityError.sizeMismatch`.
    public init(
        trained: [Double], predicted: PredictedTrajectory, kernelAtStart: [Double], kernelAtEnd: [Double]
    ) throws(DualityError) {
        guard trained.count == predicted.values.count else {
            throw .sizeMismatch(
                what: "the trained trajectory", found: trained.count, expected: predicted.values.count,
                remedy: "give the outputs at all \(predicted.steps + 1) times of the prediction")
        }
        guard kernelAtEnd.count == kernelAtStart.count else {
            throw .sizeMismatch(
                what: "the tangent kernel at the end", found: kernelAtEnd.count, expected: kernelAtStart.count,
                remedy: "give it in the layout of the kernel at the start")
        }
        let count = predicted.fields
        let start = trained[..<count]
        var (greatestError, greatestTravel) = (0.0, 0.0)
        for row in stride(from: 0, to: trained.count, by: count) {
            let outputs = trained[row..<row + count]
            greatestError = max(greatestError, Self.distance(outputs, predicted.values[row..<row + count]))
            greatestTravel = max(greatestTravel, Self.distance(outputs, start))
        }
        endError = Self.distance(trained.suffix(count), predicted.values.suffix(count))
        travel = Self.distance(trained.suffix(count), start)
        self.greatestError = greatestError
        self.greatestTravel = greatestTravel
        kernelDrift = Self.relativeChange(from: kernelAtStart[...], to: kernelAtEnd[...])
    }

    /// The root mean square of the differences of two lists of equal length; infinite where it is not finite.
    public static func distance(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double {
        var sum = 0.0
        for (left, right) in zip(left, right) { sum += (left - right) * (left - right) }
        return sum.isFinite ? (sum / Double(max(1, left.count))).squareRoot() : .infinity
    }

    /// |end − start|/|start|, Frobenius norms; 0 where nothing changed, and infinite where a value is not finite.
    public static func relativeChange(from start: ArraySlice<Double>, to end: ArraySlice<Double>) -> Double {
        let size = start.reduce(0) { $0 + $1 * $1 }
        return ratio(distance(end, start), size.isFinite ? (size / Double(max(1, start.count))).squareRoot() : .infinity)
    }

    private static func ratio(_ part: Double, _ whole: Double) -> Double {
        if part == 0 { return 0 }
        return part.isFinite ? part / whole : .infinity
    }
}
