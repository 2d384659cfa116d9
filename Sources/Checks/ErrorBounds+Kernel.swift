import Compute
import Engines
import Networks

extension ErrorBounds {
    private func unitSensitivities(_ pass: Pass) -> [BoundedValues] {
        let outputs = architecture.outputs
        let unit = (0..<points * outputs * outputs).map { $0 / outputs % outputs == $0 % outputs ? 1.0 : 0 }
        return sensitivities(pass, atOutputs: BoundedValues(unit), rowsPerPoint: outputs)
    }

    /// df_c(x_n)/dθ_p, (N·C, P).
    public func jacobian() -> BoundedValues {
        let pass = forward(), outputs = architecture.outputs, count = architecture.parameterCount, rows = points * outputs
        let delta = unitSensitivities(pass), gamma = arithmetic.gamma(3), tiny = 3 * arithmetic.smallest
        var result = BoundedValues([Double](repeating: 0, count: rows * count))
        for (layer, scale) in zip(layers, scales) {
            let below = pass.layerInputs[layer.index], above = delta[layer.index]
            for r in 0..<rows {
                for i in 0..<layer.rows {
                    let isWeight = i < layer.fanIn, at = r / outputs * layer.fanIn + i
                    let h = isWeight ? below.values[at] : 1, error = isWeight ? below.errors[at] : 0
                    let factor = isWeight ? scale.weight : scale.bias
                    for j in 0..<layer.fanOut {
                        let d = above.values[r * layer.fanOut + j], moved = above.errors[r * layer.fanOut + j]
                        let p = r * count + layer.offset + i * layer.fanOut + j
                        result.values[p] = factor * h * d
                        result.errors[p] =
                            factor * (error * abs(d) + abs(h) * moved + error * moved)
                            + gamma * factor * (abs(h) + error) * (abs(d) + moved) + tiny
                    }
                }
            }
        }
        return result
    }

    /// Θ, (N·C, N·C), by either method.
    public func tangentKernel(_ method: TangentKernelMethod) -> BoundedValues {
        let outputs = architecture.outputs, rows = points * outputs
        guard method == .gram else { return gram(jacobian(), rows: rows) }
        let pass = forward(), delta = unitSensitivities(pass)
        var kernel = BoundedValues([Double](repeating: 0, count: rows * rows))
        // α² and β² of scales that may have been rounded to float, their product and sum, and the sum over layers.
        let roundings = 2 * Double(arithmetic.weightRoundings) * arithmetic.unitRoundoff + arithmetic.gramGamma(layers.count + 5)
        for (layer, scale) in zip(layers, scales) {
            let below = gram(pass.layerInputs[layer.index], rows: points), above = gram(delta[layer.index], rows: rows)
            let square = scale.weight * scale.weight, bias = layer.hasBias ? scale.bias * scale.bias : 0
            for r in 0..<rows {
                for s in 0..<rows {
                    let at = r / outputs * points + s / outputs
                    let factor = square * below.values[at] + bias, moved = square * below.errors[at]
                    let size = square * (abs(below.values[at]) + below.errors[at]) + bias
                    let d = above.values[r * rows + s], error = above.errors[r * rows + s]
                    kernel.values[r * rows + s] += factor * d
                    kernel.errors[r * rows + s] += moved * (abs(d) + error) + size * error + roundings * size * (abs(d) + error)
                }
            }
        }
        return kernel
    }

    /// A A^T.
    private func gram(_ matrix: BoundedValues, rows: Int) -> BoundedValues {
        let columns = matrix.values.count / rows, gamma = arithmetic.gramGamma(columns + 2)
        var result = BoundedValues([Double](repeating: 0, count: rows * rows))
        for r in 0..<rows {
            for s in 0...r {
                var sum = 0.0, moved = 0.0, size = 0.0
                for k in 0..<columns {
                    let a = matrix.values[r * columns + k], b = matrix.values[s * columns + k]
                    let ea = matrix.errors[r * columns + k], eb = matrix.errors[s * columns + k]
                    sum += a * b
                    moved += ea * abs(b) + abs(a) * eb + ea * eb
                    size += (abs(a) + ea) * (abs(b) + eb)
                }
                let error = moved + gamma * size + Double(columns) * arithmetic.smallest
                for at in [r * rows + s, s * rows + r] {
                    result.values[at] = sum
                    result.errors[at] = error
                }
            }
        }
        return result
    }
}
