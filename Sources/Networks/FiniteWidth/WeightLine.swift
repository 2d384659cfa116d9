/// The output of a network at one point along a straight line θ + s v through its weights, as a power series in s, and the gradient of the
/// output with its rate of change, in Double on the host.
///
/// With z = α h W + β b the series of h and W multiply, z_k = α (h_k W + h_{k−1} V) + …, and through an activation it goes by φ′, φ″, φ‴.
/// All costs are that of a few products with each matrix of weights.
struct WeightLine {
    let architecture: Architecture
    let layers: [Architecture.Layer]
    /// (α, β) of each layer.
    private let scales: [(weight: Double, bias: Double)]

    /// - Parameter architecture: of one output.
    init(architecture: Architecture, sigmaW: Double, sigmaB: Double) {
        self.architecture = architecture
        layers = architecture.layers
        scales = layers.map { architecture.parameterisation.forwardScales(sigmaW: sigmaW, sigmaB: sigmaB, fanIn: $0.fanIn) }
    }

    /// What a forward pass leaves behind.
    struct Pass {
        /// For each layer the coefficients of its input h_{l−1}, (order + 1, fanIn).
        var inputs: [[Double]] = []
        /// φ′(z_l) of each hidden layer.
        var slopes: [[Double]] = []
        /// Its rate of change φ″(z_l) z_l′; empty at order 0.
        var slopeRates: [[Double]] = []
        /// The coefficients of f.
        var output: [Double] = []
    }

    /// f(θ + s v) up to s^order.
    /// - Parameters:
    ///   - direction: v; unused at order 0.
    ///   - order: 0 to 3; above 0 the activation must have higher slopes.
    func forward(_ point: [Double], weights: [Double], direction: [Double] = [], order: Int = 0) -> Pass {
        var pass = Pass()
        var h = point + [Double](repeating: 0, count: order * point.count)
        for (layer, scale) in zip(layers, scales) {
            pass.inputs.append(h)
            let (fanIn, fanOut) = (layer.fanIn, layer.fanOut), biases = layer.offset + fanIn * fanOut
            var z = [Double](repeating: 0, count: (order + 1) * fanOut)
            for i in 0..<fanIn {
                let row = layer.offset + i * fanOut
                for k in 0...order {
                    Self.add(scale.weight * h[k * fanIn + i], weights, at: row, to: &z, at: k * fanOut, count: fanOut)
                    if k > 0 { Self.add(scale.weight * h[(k - 1) * fanIn + i], direction, at: row, to: &z, at: k * fanOut, count: fanOut) }
                }
            }
            if layer.hasBias {
                Self.add(scale.bias, weights, at: biases, to: &z, at: 0, count: fanOut)
                if order > 0 { Self.add(scale.bias, direction, at: biases, to: &z, at: fanOut, count: fanOut) }
            }
            if layer.index == layers.count - 1 { pass.output = z } else { h = activate(z, order: order, &pass) }
        }
        return pass
    }

    /// φ of a series.
    private func activate(_ z: [Double], order: Int, _ pass: inout Pass) -> [Double] {
        let activation = architecture.activation, count = z.count / (order + 1)
        var h = z.prefix(count).map(activation.value) + [Double](repeating: 0, count: order * count)
        let slopes = z.prefix(count).map(activation.slope)
        pass.slopes.append(slopes)
        guard order > 0, let higherSlopes = activation.higherSlopes else { return h }
        var rates = [Double](repeating: 0, count: count)
        for i in 0..<count {
            let slope = slopes[i], (second, third) = higherSlopes(z[i]), first = z[count + i]
            rates[i] = second * first
            h[count + i] = slope * first
            if order > 1 { h[2 * count + i] = slope * z[2 * count + i] + 0.5 * second * first * first }
            if order > 2 {
                let bend = second * first * z[2 * count + i]
                h[3 * count + i] = slope * z[3 * count + i] + bend + third * first * first * first / 6
            }
        }
        pass.slopeRates.append(rates)
        return h
    }

    /// ∂f/∂z_l of each layer.
    func sensitivities(_ pass: Pass, weights: [Double]) -> [[Double]] {
        var all: [[Double]] = [[1]]
        for layer in layers.dropFirst().reversed() {
            let above = all[0], slopes = pass.slopes[layer.index - 1], alpha = scales[layer.index].weight
            all.insert(
                (0..<layer.fanIn).map { alpha * slopes[$0] * Self.dot(weights, at: layer.offset + $0 * layer.fanOut, above) }, at: 0)
        }
        return all
    }

    /// Their rates of change along v, of a pass of order 1 or more.
    func sensitivityRates(_ pass: Pass, _ sensitivities: [[Double]], weights: [Double], direction: [Double]) -> [[Double]] {
        var all: [[Double]] = [[0]]
        for layer in layers.dropFirst().reversed() {
            let above = sensitivities[layer.index], aboveRate = all[0], alpha = scales[layer.index].weight
            let slopes = pass.slopes[layer.index - 1], slopeRates = pass.slopeRates[layer.index - 1]
            all.insert(
                (0..<layer.fanIn).map { i in
                    let row = layer.offset + i * layer.fanOut
                    let change = Self.dot(weights, at: row, aboveRate) + Self.dot(direction, at: row, above)
                    return alpha * (slopes[i] * change + slopeRates[i] * Self.dot(weights, at: row, above))
                }, at: 0)
        }
        return all
    }

    /// factor · ∂f/∂θ, added to a list of all weights.
    func addGradient(_ factor: Double, _ pass: Pass, _ sensitivities: [[Double]], to gradient: inout [Double]) {
        for (layer, scale) in zip(layers, scales) {
            let sensitivity = sensitivities[layer.index], h = pass.inputs[layer.index]
            for i in 0..<layer.rows {
                let below = factor * (i < layer.fanIn ? scale.weight * h[i] : scale.bias)
                Self.add(below, sensitivity, at: 0, to: &gradient, at: layer.offset + i * layer.fanOut, count: layer.fanOut)
            }
        }
    }

    /// Θ(x, x′) = Σ_l (α² h·h′ + β²) δ·δ′.
    func tangentKernel(_ pass: Pass, _ sensitivities: [[Double]], _ other: Pass, _ otherSensitivities: [[Double]]) -> Double {
        var sum = 0.0
        for (layer, scale) in zip(layers, scales) {
            let index = layer.index
            let inputs = Self.dot(pass.inputs[index], at: 0, Array(other.inputs[index].prefix(layer.fanIn)))
            let bias = layer.hasBias ? scale.bias * scale.bias : 0
            let slopes = Self.dot(sensitivities[index], at: 0, otherSensitivities[index])
            sum += (scale.weight * scale.weight * inputs + bias) * slopes
        }
        return sum
    }

    /// |d/ds ∂f/∂θ|², the squared length of the second derivatives applied to v.
    func gradientRateSquared(_ pass: Pass, _ sensitivities: [[Double]], rates: [[Double]]) -> Double {
        func dot(_ a: [Double], _ b: [Double]) -> Double { Self.dot(a, at: 0, b) }
        var sum = 0.0
        for (layer, scale) in zip(layers, scales) {
            let fanIn = layer.fanIn, inputs = pass.inputs[layer.index]
            let h = Array(inputs[..<fanIn]), hRate = Array(inputs[fanIn..<2 * fanIn])
            let delta = sensitivities[layer.index], deltaRate = rates[layer.index]
            // |h′ δᵀ + h δ′ᵀ|².
            var weights = dot(hRate, hRate) * dot(delta, delta)
            weights += 2 * dot(hRate, h) * dot(delta, deltaRate)
            weights += dot(h, h) * dot(deltaRate, deltaRate)
            sum += scale.weight * scale.weight * weights
            if layer.hasBias { sum += scale.bias * scale.bias * dot(deltaRate, deltaRate) }
        }
        return sum
    }

    /// `result[place + j] += factor · values[start + j]`.
    private static func add(
        _ factor: Double, _ values: [Double], at start: Int, to result: inout [Double], at place: Int, count: Int
    ) {
        precondition(start >= 0 && start + count <= values.count && place >= 0 && place + count <= result.count)
        values.withUnsafeBufferPointer { values in
            result.withUnsafeMutableBufferPointer { result in
                guard let source = values.baseAddress, let target = result.baseAddress else { return }
                for j in 0..<count { target[place + j] += factor * source[start + j] }
            }
        }
    }

    /// Σ_j values[start + j] · other[j], in four sums that run side by side.
    private static func dot(_ values: [Double], at start: Int, _ other: [Double]) -> Double {
        precondition(start >= 0 && start + other.count <= values.count)
        return values.withUnsafeBufferPointer { values in
            other.withUnsafeBufferPointer { other in
                var sums = SIMD4<Double>()
                let whole = other.count / 4 * 4
                for j in stride(from: 0, to: whole, by: 4) {
                    let place = start + j
                    let left = SIMD4<Double>(values[place], values[place + 1], values[place + 2], values[place + 3])
                    let right = SIMD4<Double>(other[j], other[j + 1], other[j + 2], other[j + 3])
                    sums += left * right
                }
                var sum = sums.sum()
                for j in whole..<other.count { sum += values[start + j] * other[j] }
                return sum
            }
        }
    }
}
