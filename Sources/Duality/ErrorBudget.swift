import Networks

/// What the difference between a trained network and its prediction is made of. It uses the trained path, so it explains and predicts nothing.
///
/// With F the recursion of training with the kernel frozen at Θ₀, G the same with Θ_k recomputed along the path and B the same with the
/// curvature C_k along the path as well (`TrainingPath`), the difference f − p of network and prediction is
///
///     (F − p) + (G − F) + (B − G) + (f − B),
///
/// discretisation, kernel drift, curvature and a remainder. Nothing makes the remainder small but that the first three are what there is.
public struct ErrorBudget: Sendable, Hashable {
    /// The parts, in the order in which they are summed.
    public enum Part: String, Sendable, Hashable, Codable, CaseIterable {
        /// What continuous time, and of `friedmann` and `null` their other friction, makes of the frozen recursion.
        case discretisation
        /// The tangent kernel moves.
        case kernelDrift
        /// The outputs bend along the path: θ′ (∂²f/∂θ²) θ′ of KS eq. 5.
        case curvature
    }

    /// N.
    public let fields: Int
    /// Each part, (K + 1, N).
    public let parts: [Part: [Double]]
    /// What the parts do not explain, (K + 1, N).
    public let remainder: [Double]
    /// f − p, (K + 1, N).
    public let residual: [Double]

    /// 1 − Σ remainder²/Σ residual², over all steps and points: 1 where the parts are all, and 1 where there is nothing to explain. It can be
    /// negative.
    public var explained: Double { Self.explained(remainder: squaredRemainder, residual: squaredResidual) }

    /// Σ residual².
    public var squaredResidual: Double { residual.reduce(0) { $0 + $1 * $1 } }
    /// Σ remainder².
    public var squaredRemainder: Double { remainder.reduce(0) { $0 + $1 * $1 } }

    /// 1 − remainder/residual of sums of squares.
    public static func explained(remainder: Double, residual: Double) -> Double { remainder == 0 ? 1 : 1 - remainder / residual }

    /// The root mean square of a part over steps and points.
    public func size(_ part: Part) -> Double { Self.rootMeanSquare(parts[part, default: []]) }
    /// That of the remainder.
    public var remainderSize: Double { Self.rootMeanSquare(remainder) }
    /// That of the residual.
    public var residualSize: Double { Self.rootMeanSquare(residual) }

    /// The budget of a prediction.
    ///
    /// - Parameters:
    ///   - network: with one output; frozen at the start.
    ///   - predicted: any prediction of it but `nlo`, which has most of drift and curvature in itself.
    ///   - trained: its outputs at each step, (K + 1, N).
    ///   - path: the same training, followed in Double.
    /// - Throws: `DualityError.sizeMismatch`; `.notFinite` for a training that diverged; `.noBudget`.
    public init(
        _ network: FrozenNetwork, predicted: PredictedTrajectory, trained: [Double], path: TrainingPath
    ) throws(DualityError) {
        guard predicted.prediction != .nlo else { throw .noBudget(prediction: .nlo) }
        let count = network.fields
        for (what, found) in [
            ("the trained trajectory", trained.count), ("the prediction", predicted.values.count), ("the trained path", path.outputs.count),
        ] where found != (network.steps + 1) * count {
            throw .sizeMismatch(
                what: what, found: found, expected: (network.steps + 1) * count, remedy: "give one output for each point at each step")
        }
        try DualityError.check(trained, "the trained trajectory")
        try DualityError.check(path.kernels, "the tangent kernel along the path")
        let frozen = network.recursion()
        let drifting = network.recursion(along: path, isCurved: false), bending = network.recursion(along: path, isCurved: true)
        func difference(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 - $1 } }
        fields = count
        parts = [
            .discretisation: difference(frozen, predicted.values), .kernelDrift: difference(drifting, frozen),
            .curvature: difference(bending, drifting),
        ]
        remainder = difference(trained, bending)
        residual = difference(trained, predicted.values)
    }

    private static func rootMeanSquare(_ values: [Double]) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))).squareRoot()
    }
}

extension FrozenNetwork {
    /// f_{k+1} = f_k + γ_k (f_k − f_{k−1}) − (η_k/N) Θ_k l′(f_k) + C_k, without C_k where it is not curved.
    func recursion(along path: TrainingPath, isCurved: Bool) -> [Double] {
        let count = fields
        var values = outputs, velocity = [Double](repeating: 0, count: count)
        values.reserveCapacity((steps + 1) * count)
        for step in 0..<steps {
            let now = step * count
            let slopes = (0..<count).map { loss.shape.slope(values[now + $0], anchor: anchors[$0], scale: loss.scale) / Double(points) }
            let (learningRate, momentum) = (schedule.learningRate(at: step), schedule.momentum(at: step))
            for row in 0..<count {
                let kernel = (step * count + row) * count
                var force = 0.0
                for column in 0..<count { force += path.kernels[kernel + column] * slopes[column] }
                velocity[row] = momentum * velocity[row] - learningRate * force + (isCurved ? path.curvatures[now + row] : 0)
                values.append(values[now + row] + velocity[row])
            }
        }
        return values
    }
}
