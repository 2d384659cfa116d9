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
        let last = predicted.steps * count
        var (greatestError, greatestTravel) = (0.0, 0.0)
        for row in stride(from: 0, through: last, by: count) {
            greatestError = max(greatestError, Self.distance(trained, row, predicted.values, row, count: count))
            greatestTravel = max(greatestTravel, Self.distance(trained, row, trained, 0, count: count))
        }
        endError = Self.distance(trained, last, predicted.values, last, count: count)
        travel = Self.distance(trained, last, trained, 0, count: count)
        self.greatestError = greatestError
        self.greatestTravel = greatestTravel
        let size = Self.distance(kernelAtStart, 0, [Double](repeating: 0, count: kernelAtStart.count), 0, count: kernelAtStart.count)
        kernelDrift = Self.ratio(Self.distance(kernelAtEnd, 0, kernelAtStart, 0, count: kernelAtStart.count), size)
    }

    private static func ratio(_ part: Double, _ whole: Double) -> Double {
        if part == 0 { return 0 }
        return part.isFinite ? part / whole : .infinity
    }

    private static func distance(_ left: [Double], _ i: Int, _ right: [Double], _ j: Int, count: Int) -> Double {
        var sum = 0.0
        for index in 0..<count {
            let difference = left[i + index] - right[j + index]
            sum += difference * difference
        }
        return sum.isFinite ? (sum / Double(max(1, count))).squareRoot() : .infinity
    }
}
