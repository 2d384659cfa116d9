import Networks

/// A look at where training would end, without training: the weights are moved once along the gradients of the outputs by what the frozen
/// kernel says that the training moves them, θ₁ = θ₀ + Σ_i u_i ∂f_i/∂θ with Θu = f_K − f_0, and the network is evaluated there.
///
/// What its outputs and its kernel differ by from the linearised network's is what finite width does to the prediction, to the order
/// 1/width. One step of plain gradient descent towards the anchors f_0 + Nu makes the move, so that any engine can.
public struct KernelProbe: Sendable, Hashable {
    /// Modes below this part of the largest are left where they are: the training does not move weights along them.
    static let leastEigenvalue = 1e-10

    /// u, one a field.
    public let coefficients: [Double]
    /// N.
    public let points: Int

    /// The move of a training.
    /// - Throws: `DualityError`.
    public init(_ forecast: LossForecast, learningRate: Double, momentum: Double, steps: Int) throws(DualityError) {
        let network = forecast.network, count = network.fields
        let trajectory = try forecast.trajectory(learningRate: learningRate, momentum: momentum, steps: steps)
        let (values, vectors) = try network.modes()
        var coefficients = [Double](repeating: 0, count: count)
        for mode in 0..<count where values[mode] > Self.leastEigenvalue * values[0] {
            var travel = 0.0
            for index in 0..<count {
                travel += vectors[index * count + mode] * (trajectory[steps * count + index] - network.outputs[index])
            }
            for index in 0..<count { coefficients[index] += vectors[index * count + mode] * travel / values[mode] }
        }
        try DualityError.check(coefficients, "the move of the weights")
        // Twenty binary digits are more than a look needs, and the same on machines whose eigenvectors differ in the last place.
        let largest = coefficients.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else {
            self.coefficients = coefficients
            points = network.points
            return
        }
        let unit = Double(sign: .plus, exponent: largest.exponent - 20, significand: 1)
        self.coefficients = coefficients.map { ($0 / unit).rounded() * unit }
        points = network.points
    }

    /// One step with η = 1 and γ = 0 of the loss ½ (f − a)² moves the weights by −(1/N) Σ (f_i − a_i) ∂f_i/∂θ, which is the move for
    /// a = f + N u.
    /// - Parameter outputs: f at the start.
    public func anchors(_ outputs: [Double]) -> [Double] { zip(outputs, coefficients).map { $0 + Double(points) * $1 } }

    /// What was seen there.
    public struct Finding: Sendable {
        /// |f(θ₁) − f_lin(θ₁)| over |f_lin(θ₁) − f_0|.
        public let linearisationError: Double
        /// |Θ(θ₁) − Θ(θ₀)|/|Θ(θ₀)|, Frobenius norms.
        public let kernelDrift: Double
        /// The network linearised half-way, and at θ₁, brought back to the start: with e = f(θ₁) − f_lin(θ₁) and a kernel that changes evenly on
        /// the way, the linearisation at a part a of the way has the kernel Θ(θ₀) + a (Θ(θ₁) − Θ(θ₀)), and a training with it ends where the
        /// network does if its outputs start at f_0 − a² e.
        public let middle, end: LossForecast

        /// - Parameters:
        ///   - outputs: f(θ₁).
        ///   - kernel: Θ(θ₁).
        /// - Throws: `DualityError`; `.notFinite` where the move left the numbers.
        public init(_ probe: KernelProbe, of network: FrozenNetwork, outputs: [Double], kernel: [Double]) throws(DualityError) {
            try DualityError.check(outputs, "the array of outputs at the end")
            try DualityError.check(kernel, "the tangent kernel at the end")
            let count = network.fields
            var moved = [Double](repeating: 0, count: count)
            probe.coefficients.withUnsafeBufferPointer { coefficients in
                moved.withUnsafeMutableBufferPointer { network.applyKernel(to: coefficients, into: $0) }
            }
            for index in 0..<count { moved[index] *= Double(network.points) }
            let error = (0..<count).map { outputs[$0] - network.outputs[$0] - moved[$0] }
            func size(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            linearisationError = size(moved) > 0 ? size(error) / size(moved) : 0
            kernelDrift = Comparison.relativeChange(from: network.tangentKernel[...], to: kernel[...])
            func linearised(at part: Double) throws(DualityError) -> LossForecast {
                try LossForecast(
                    FrozenNetwork(
                        outputs: zip(network.outputs, error).map { $0 - part * part * $1 },
                        tangentKernel: zip(network.tangentKernel, kernel).map { $0 + part * ($1 - $0) }, points: network.points,
                        loss: network.loss, schedule: network.schedule, steps: network.steps))
            }
            middle = try linearised(at: 0.5)
            end = try linearised(at: 1)
        }
    }
}
