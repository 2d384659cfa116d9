import Arrays
import Networks

/// The loss that heavy ball would reach with any learning rate and momentum, were the tangent kernel to stay what it is: training without
/// training.
///
/// A quadratic loss s (f − y)² is the sum of its modes, L_k = (s/N) Σ_i c_i(k)², whose powers are known (`HeavyBallPower`): N·C numbers a
/// pair (η, γ). For other losses the recursion of the training itself is followed (`Prediction.frozen`), K (N·C)² operations a pair.
public struct LossForecast: Sendable {
    /// Outputs and kernel; its schedule and its steps are not used.
    public let network: FrozenNetwork
    /// L_i l″ of each mode, descending, at least 0; l″ = 2s for quadratic losses, else the greatest at the start or at the minimum.
    public let rates: [Double]
    /// What each mode has of the loss at the start, of quadratic losses; empty for others.
    public let shares: [Double]
    /// The loss at the start.
    public let initialLoss: Double

    /// The forecasts of a network.
    /// - Throws: `DualityError.eigenproblem`, `.coupledLoss`, and `.outOfRange` where there is nothing to learn: the loss, the kernel or l″ is 0.
    public init(_ network: FrozenNetwork) throws(DualityError) {
        guard network.loss.shape.coupling == nil else { throw .coupledLoss(prediction: "the advice") }
        self.network = network
        initialLoss = network.outputs.withUnsafeBufferPointer { network.meanLoss(of: $0) }
        let (values, vectors) = try network.modes(), count = network.fields, shape = network.loss.shape, scale = network.loss.scale
        var curvature = -Double.infinity
        for (output, anchor) in zip(network.outputs, network.anchors) {
            for place in [output, anchor] { curvature = max(curvature, shape.curvature(place, anchor: anchor, scale: scale)) }
        }
        let points = Double(network.points)
        rates = values.map { max(0, $0) * curvature / points }
        if shape.isQuadratic {
            shares = (0..<count).map { mode in
                var amplitude = 0.0
                for index in 0..<count { amplitude += vectors[index * count + mode] * (network.outputs[index] - network.anchors[index]) }
                return scale * amplitude * amplitude / points
            }
        } else {
            shares = []
        }
        for (what, value) in [
            ("the loss at the start", initialLoss),
            ("L₁ l″, the largest eigenvalue of the kernel over N times the loss's curvature", rates[0]),
        ] where !(value > 0 && value.isFinite) {
            throw .outOfRange(
                what: what, value: value, limit: "positive and finite",
                remedy: "there is nothing to learn; check targets, scale, weights and inputs")
        }
    }

    /// L_K; infinite where the training diverges beyond all numbers.
    /// - Parameters:
    ///   - learningRate: η > 0.
    ///   - momentum: γ, from 0 to 1.
    ///   - steps: K ≥ 0.
    public func finalLoss(learningRate: Double, momentum: Double, steps: Int) throws(DualityError) -> Double {
        guard !shares.isEmpty else { return try losses(learningRate: learningRate, momentum: momentum, steps: steps)[steps] }
        var loss = 0.0
        for (rate, share) in zip(rates, shares) {
            let amplitude = HeavyBallPower.amplitude(stepCurvature: learningRate * rate, momentum: momentum, steps: steps)
            loss += share * amplitude * amplitude
        }
        return loss.orInfinite
    }

    /// L_k, k = 0…K, by the recursion of the training with the frozen kernel; infinite where it diverges beyond all numbers.
    /// - Throws: `DualityError` for a learning rate or momentum out of range.
    public func losses(learningRate: Double, momentum: Double, steps: Int) throws(DualityError) -> [Double] {
        let outputs = try trajectory(learningRate: learningRate, momentum: momentum, steps: steps), count = network.fields
        return outputs.withUnsafeBufferPointer { outputs in
            stride(from: 0, to: outputs.count, by: count).map {
                let loss = network.meanLoss(of: UnsafeBufferPointer(rebasing: outputs[$0..<$0 + count]))
                return loss.orInfinite
            }
        }
    }

    /// The outputs at each step, (K + 1, N·C): `Prediction.frozen`.
    func trajectory(learningRate: Double, momentum: Double, steps: Int) throws(DualityError) -> [Double] {
        let schedule: Schedule
        do { schedule = try Schedule(learningRate: learningRate, momentum: momentum) } catch { throw .loss(error) }
        let own = try FrozenNetwork(
            outputs: network.outputs, kernel: network.kernel, points: network.points, loss: network.loss, schedule: schedule, steps: steps)
        return try Prediction.frozen.trajectory(of: own).values
    }

    /// The first step at which the loss is at most `target`; nil where `limit` steps do not suffice.
    func firstStep(below target: Double, learningRate: Double, momentum: Double, limit: Int) throws(DualityError) -> Int? {
        guard !shares.isEmpty else {
            return try losses(learningRate: learningRate, momentum: momentum, steps: limit).firstIndex { $0 <= target }
        }
        var now = rates.map { _ in 1.0 }, before = now
        for step in 0...limit {
            var loss = 0.0
            for mode in rates.indices { loss += shares[mode] * now[mode] * now[mode] }
            if loss <= target { return step }
            for mode in rates.indices {
                (now[mode], before[mode]) = ((1 + momentum - learningRate * rates[mode]) * now[mode] - momentum * before[mode], now[mode])
            }
        }
        return nil
    }
}
