import Networks

/// One network in Double: forward pass, sensitivities, Jacobian, tangent kernel and training, each in its textbook form.
struct ReferenceNetwork {
    let architecture: Architecture
    let layers: [Architecture.Layer]
    /// (α, β) of each layer.
    let scales: [(weight: Double, bias: Double)]
    let points: Int
    let inputs: [Double]
    var weights: [Double]
    /// (P, states of the rule).
    private var states: [Double] = []
    private var reductions: [Double] = []
    private var memory: [Double] = []

    init(_ ensemble: Ensemble, member index: Int) {
        let member = ensemble.members[index]
        architecture = ensemble.architecture
        layers = architecture.layers
        scales = layers.map { ensemble.forwardScales(layer: $0)[index] }
        points = ensemble.points
        inputs = ensemble.inputs(of: index).values
        switch member.source {
        case .weights(let given): weights = given.values
        case .seed(let seed):
            weights = Weights(seed: seed, sigmaW: member.sigmaW, sigmaB: member.sigmaB, for: architecture).values
        }
    }

    /// What a forward pass leaves behind.
    struct Pass {
        /// h_{l−1}, (N, fanIn), the input of each layer.
        var layerInputs: [[Double]] = []
        /// φ′(z_l), (N, fanOut), of each hidden layer.
        var slopes: [[Double]] = []
        /// f, (N, C).
        var outputs: [Double] = []
    }

    /// z_l = α h W + β b, h_l = φ(z_l); f = z of the last layer (KS eq. 1).
    func forward() -> Pass {
        var pass = Pass()
        var h = inputs
        for (layer, scale) in zip(layers, scales) {
            pass.layerInputs.append(h)
            var z = [Double](repeating: 0, count: points * layer.fanOut)
            for n in 0..<points {
                for i in 0..<layer.fanIn {
                    let below = h[n * layer.fanIn + i], row = layer.offset + i * layer.fanOut
                    for j in 0..<layer.fanOut { z[n * layer.fanOut + j] += below * weights[row + j] }
                }
                for j in 0..<layer.fanOut {
                    let bias = layer.hasBias ? scale.bias * weights[layer.offset + layer.fanIn * layer.fanOut + j] : 0
                    z[n * layer.fanOut + j] = scale.weight * z[n * layer.fanOut + j] + bias
                }
            }
            if layer.index == layers.count - 1 {
                pass.outputs = z
            } else {
                h = z.map(architecture.activation.value)
                pass.slopes.append(z.map(architecture.activation.slope))
            }
        }
        return pass
    }

    /// The sensitivities of each layer for given ones at the outputs, (rows, C): δ_{l−1} = α φ′(z) ∘ (δ_l W^T).
    func sensitivities(_ pass: Pass, atOutputs top: [Double], rowsPerPoint: Int) -> [[Double]] {
        let rows = points * rowsPerPoint
        var all = [top]
        for layer in layers.dropFirst().reversed() {
            let above = all[0], slope = pass.slopes[layer.index - 1], alpha = scales[layer.index].weight
            var below = [Double](repeating: 0, count: rows * layer.fanIn)
            for r in 0..<rows {
                for i in 0..<layer.fanIn {
                    var sum = 0.0
                    for j in 0..<layer.fanOut { sum += above[r * layer.fanOut + j] * weights[layer.offset + i * layer.fanOut + j] }
                    below[r * layer.fanIn + i] = alpha * slope[r / rowsPerPoint * layer.fanIn + i] * sum
                }
            }
            all.insert(below, at: 0)
        }
        return all
    }

    /// ∂f_c/∂z at the outputs: the identity for every point.
    private var unitSensitivities: [Double] {
        let outputs = architecture.outputs
        return (0..<points * outputs * outputs).map { $0 / outputs % outputs == $0 % outputs ? 1 : 0 }
    }

    /// df_c(x_n)/dθ_p, (N·C, P): α h_i δ_j for weights, β δ_j for biases.
    func jacobian() -> [Double] {
        let pass = forward(), outputs = architecture.outputs, count = architecture.parameterCount
        let sensitivity = sensitivities(pass, atOutputs: unitSensitivities, rowsPerPoint: outputs)
        var result = [Double](repeating: 0, count: points * outputs * count)
        for (layer, scale) in zip(layers, scales) {
            for r in 0..<points * outputs {
                for i in 0..<layer.rows {
                    let factor = i < layer.fanIn ? scale.weight * pass.layerInputs[layer.index][r / outputs * layer.fanIn + i] : scale.bias
                    for j in 0..<layer.fanOut {
                        result[r * count + layer.offset + i * layer.fanOut + j] = factor * sensitivity[layer.index][r * layer.fanOut + j]
                    }
                }
            }
        }
        return result
    }

    /// Θ, (N·C, N·C).
    func tangentKernel(_ method: TangentKernelMethod) -> [Double] {
        let rows = points * architecture.outputs
        return contraction(method).elements(KernelRectangle(rows: 0..<rows, columns: 0..<rows))
    }

    /// What Θ is a contraction of.
    struct Contraction {
        /// A layer's inputs, sensitivities and squared scales; of one layer without inputs the Jacobian.
        let layers: [(inputs: [Double], sensitivities: [Double], weight: Double, bias: Double)]
        let outputs: Int
        let rows: Int

        /// Θ of those rows and columns of the whole (NC, NC), which begin and end with points.
        func elements(_ part: KernelRectangle) -> [Double] {
            let columns = part.columns.count, across = columns / outputs
            let points = KernelRectangle(
                rows: part.rows.lowerBound / outputs..<part.rows.upperBound / outputs,
                columns: part.columns.lowerBound / outputs..<part.columns.upperBound / outputs)
            var kernel = [Double](repeating: 0, count: part.rows.count * columns)
            for layer in layers {
                let above = gram(layer.sensitivities, rows: rows, part)
                let below = layer.inputs.isEmpty ? [] : gram(layer.inputs, rows: rows / outputs, points)
                for r in 0..<part.rows.count {
                    for s in 0..<columns {
                        let slopes = above[r * columns + s]
                        // A layer that no output depends on adds nothing, also where its inputs' products overflow.
                        guard slopes != 0 else { continue }
                        let inputs = below.isEmpty ? 1 : layer.weight * below[r / outputs * across + s / outputs] + layer.bias
                        kernel[r * columns + s] += inputs * slopes
                    }
                }
            }
            return kernel
        }

        /// A part of A A^T, of a matrix A of so many rows.
        private func gram(_ matrix: [Double], rows: Int, _ part: KernelRectangle) -> [Double] {
            let length = matrix.count / rows, columns = part.columns.count, isSquare = part.rows == part.columns
            var result = [Double](repeating: 0, count: part.rows.count * columns)
            for r in 0..<part.rows.count {
                for s in 0..<(isSquare ? r + 1 : columns) {
                    let left = (part.rows.lowerBound + r) * length, right = (part.columns.lowerBound + s) * length
                    var sum = 0.0
                    for k in 0..<length { sum += matrix[left + k] * matrix[right + k] }
                    result[r * columns + s] = sum
                    if isSquare { result[s * columns + r] = sum }
                }
            }
            return result
        }
    }

    /// Inputs and sensitivities of every layer, or the Jacobian.
    func contraction(_ method: TangentKernelMethod) -> Contraction {
        let outputs = architecture.outputs, rows = points * outputs
        guard method == .gram else { return Contraction(layers: [([], jacobian(), 1, 0)], outputs: outputs, rows: rows) }
        let pass = forward(), sensitivity = sensitivities(pass, atOutputs: unitSensitivities, rowsPerPoint: outputs)
        return Contraction(
            layers: zip(layers, scales).map { layer, scale in
                (
                    pass.layerInputs[layer.index], sensitivity[layer.index], scale.weight * scale.weight,
                    layer.hasBias ? scale.bias * scale.bias : 0
                )
            }, outputs: outputs, rows: rows)
    }

    /// The loss of one member.
    struct PointLoss {
        let shape: LossShape
        let scale: Double
        /// (N, C).
        let anchors: [Double]

        /// L = (1/N) Σ l.
        func mean(_ outputs: [Double], points: Int) -> Double {
            outputs.withUnsafeBufferPointer { f in anchors.withUnsafeBufferPointer { shape.total(f, anchors: $0, scale: scale) } }
                / Double(points)
        }

        /// dL/df = l′/N (KS eq. 29).
        func residual(_ outputs: [Double], points: Int) -> [Double] {
            var slopes = outputs
            outputs.withUnsafeBufferPointer { f in
                anchors.withUnsafeBufferPointer { m in
                    slopes.withUnsafeMutableBufferPointer { shape.writeSlopes(f, anchors: m, scale: scale, into: $0) }
                }
            }
            return slopes.map { $0 / Double(points) }
        }
    }

    /// The numbers of a step: the rule's control.
    /// - Returns: them, and what is recorded of the step.
    mutating func beginStep(_ step: Int, loss: Double, _ rule: UpdateRule, parameters: [Double]) -> (scalars: [Double], recorded: [Double])
    {
        if step == 0 {
            states = [Double](repeating: 0, count: rule.states.count * weights.count)
            reductions = [Double](repeating: 0, count: rule.reductions.count)
            memory = rule.memory.map(\.initial)
        }
        var control = UpdateRule.Control(parameters: parameters, reductions: reductions, loss: loss, step: step, memory: memory)
        let scalars = rule.control(&control)
        memory = control.memory
        return (scalars, zip(rule.memory, memory).filter { $0.0.isRecorded }.map { $0.1 })
    }

    /// A step of every weight by ∂L/∂θ = Σ_n (α h or β) δ, and the sums that the next control sees.
    mutating func update(_ pass: Pass, _ loss: PointLoss, _ rule: UpdateRule, scalars: [Double]) {
        reductions = [Double](repeating: 0, count: rule.reductions.count)
        let count = rule.states.count, factor = rule.gradientFactor.map { scalars[$0] } ?? 1
        var weight = UpdateRule.Weight(0, states: [Double](repeating: 0, count: count))
        let top = loss.residual(pass.outputs, points: points)
        let delta = sensitivities(pass, atOutputs: top, rowsPerPoint: 1)
        for (layer, scale) in zip(layers, scales) {
            for i in 0..<layer.rows {
                for j in 0..<layer.fanOut {
                    var gradient = 0.0
                    for n in 0..<points {
                        let below = i < layer.fanIn ? scale.weight * pass.layerInputs[layer.index][n * layer.fanIn + i] : scale.bias
                        gradient += below * delta[layer.index][n * layer.fanOut + j]
                    }
                    let p = layer.offset + i * layer.fanOut + j
                    weight.value = weights[p]
                    for k in 0..<count { weight.states[k] = states[p * count + k] }
                    rule.step(&weight, gradient, scalars)
                    weights[p] = weight.value
                    for k in 0..<count { states[p * count + k] = weight.states[k] }
                    for (index, reduction) in rule.reductions.enumerated() {
                        reductions[index] += reduction.term(weight.states, factor * gradient)
                    }
                }
            }
        }
    }
}
