/// A training followed on the host in Double, with what only the weights on the way tell: the tangent kernel at every step, and how the
/// outputs bend along the path.
///
/// By Taylor's theorem a step of heavy ball moves the outputs by
///
///     f_{k+1} = f_k + γ (f_k − f_{k−1}) − (η/N) Θ_k l′(f_k) + C_k + O(Δ⁴),   C_k = ½ (Δ_k H⁺ Δ_k + γ Δ_{k−1} H⁻ Δ_{k−1}),
///
/// with Δ_k = θ_{k+1} − θ_k and H± = ∂²f/∂θ² at a third of the way from θ_k to θ_{k±1}, for which the error is of fourth order: the
/// discrete form of θ′ H θ′ in KS eq. 5. The derivatives are those of the network along its velocity, not differences of outputs.
public struct TrainingPath: Sendable, Hashable {
    /// N.
    public let points: Int
    /// K.
    public let steps: Int
    /// f at each step, (K + 1, N).
    public let outputs: [Double]
    /// Θ at each step, (K + 1, N, N).
    public let kernels: [Double]
    /// C_k, (K, N).
    public let curvatures: [Double]

    /// Why a path is not followed.
    public enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        /// The activation has no second derivatives at its kinks.
        case kink(activation: String)
        /// The network has several outputs.
        case severalOutputs(Int)
        /// The weights are not moved by heavy ball.
        case rule(name: String)

        /// One sentence.
        public var description: String {
            switch self {
            case .kink(let activation): "\(activation) has a kink, where outputs have no second derivatives by the weights"
            case .severalOutputs(let outputs): "the network has \(outputs) outputs, and only trainings of one are taken apart"
            case .rule(let name): "\(name) moves the weights, and only trainings by heavy ball are taken apart"
            }
        }
    }

    /// Some 16 operations for each step, point and weight.
    public static func operations(parameters: Int, points: Int, steps: Int) -> Double {
        16 * Double(parameters) * Double(points) * Double(steps)
    }

    /// Whether a path could be followed.
    public static func refusal(_ architecture: Architecture, _ schedule: Schedule) -> Refusal? {
        if architecture.outputs > 1 { return .severalOutputs(architecture.outputs) }
        if schedule.rule != .heavyBall { return .rule(name: schedule.rule.name) }
        return architecture.activation.higherSlopes == nil ? .kink(activation: architecture.activation.name) : nil
    }

    /// Follows a training from its initial weights.
    ///
    /// - Parameter steps: K ≥ 0, at most as many as the schedule has if it changes.
    /// - Throws: `Refusal`; `NetworkError` for inputs, weights or anchors that do not fit.
    public init(
        architecture: Architecture, weights initial: Weights, sigmaW: Double, sigmaB: Double, inputs: Inputs, loss: Loss,
        schedule: Schedule,
        steps: Int
    ) throws {
        if let refusal = Self.refusal(architecture, schedule) { throw refusal }
        try architecture.check(inputs)
        let count = inputs.points, dimension = inputs.dimension
        let anchors = try loss.anchors(points: count, outputs: 1)
        let line = WeightLine(architecture: architecture, sigmaW: sigmaW, sigmaB: sigmaB)
        var weights = try Weights(initial.values, for: architecture).values
        var velocity = [Double](repeating: 0, count: weights.count)
        // Δ_{k−1} H⁻ Δ_{k−1}.
        var bends = [Double](repeating: 0, count: count)
        var outputs: [Double] = [], kernels: [Double] = [], curvatures: [Double] = []
        for step in 0...steps {
            let passes = (0..<count).map { n in
                line.forward(
                    Array(inputs.values[n * dimension..<(n + 1) * dimension]), weights: weights, direction: velocity, order: 3)
            }
            let sensitivities = passes.map { line.sensitivities($0, weights: weights) }
            outputs += passes.map { $0.output[0] }
            for n in 0..<count {
                for m in 0..<count { kernels.append(line.tangentKernel(passes[n], sensitivities[n], passes[m], sensitivities[m])) }
            }
            // Along Δ_{k−1} from θ_k: ΔHΔ there is 2 f₂, and changes by 6 f₃ over a step; back by two thirds and one third of it.
            if step > 0 {
                let momentum = schedule.momentum(at: step - 1)
                curvatures += zip(passes, bends).map { 0.5 * (2 * $0.output[2] - 4 * $0.output[3] + momentum * $1) }
            }
            bends = passes.map { 2 * $0.output[2] - 2 * $0.output[3] }
            guard step < steps else { break }
            let (learningRate, momentum) = (schedule.learningRate(at: step), schedule.momentum(at: step))
            for p in velocity.indices { velocity[p] *= momentum }
            for n in 0..<count {
                let slope = loss.shape.slope(passes[n].output[0], anchor: anchors[n], scale: loss.scale)
                line.addGradient(-learningRate * slope / Double(count), passes[n], sensitivities[n], to: &velocity)
            }
            for p in velocity.indices { weights[p] += velocity[p] }
        }
        (points, self.steps) = (count, steps)
        (self.outputs, self.kernels, self.curvatures) = (outputs, kernels, curvatures)
    }
}
