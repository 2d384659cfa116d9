import Compute
import Engines
import Networks

/// What one network computes, with bounds on the rounding errors of an engine, evaluated in Double before the engine is asked: a
/// running error analysis.
///
/// With ê the bound on the error of a quantity, u the unit roundoff and γ_n = n u/(1 − n u) (`Arithmetic`), layer by layer:
///
///     z = α h W + β b        ê_z = α ê_h |W| + γ_{n+4} (α (|h| + ê_h) |W| + |β b|)
///     h = φ(z)               ê_h = sup|φ′| ê_z + k u |φ(z)|,  ê_φ′ = sup|φ″| ê_z + k′ u |φ′(z)|       (`ActivationError`)
///     δ⁻ = α φ′ ∘ (δ W^T)     ê = α (φ′ ê_δ |W^T| + ê_φ′ D) + γ_{m+4} α (φ′ + ê_φ′) D,    D = (|δ| + ê_δ) |W^T|
///     J = α h δ              ê_J = α (ê_h |δ| + |h| ê_δ + ê_h ê_δ) + γ_3 α (|h| + ê_h)(|δ| + ê_δ)
///     A A^T                  ê = ê_A |A|^T + |A| ê_A^T + ê_A ê_A^T + γ_K (|A| + ê_A)(|A| + ê_A)^T
///
/// n and m are the layer's inputs and outputs, K the length of the rows; the four further roundings are those of the given weight, of
/// α, of the product with it and of the bias. Gram sums round with the unit roundoff of their own precision. Every formula holds for
/// any order of summation and with or without fused operations, and is valid for one engine; two engines on the same network differ
/// at most by the sum of their bounds.
public struct ErrorBounds: Sendable {
    let architecture: Architecture
    let layers: [Architecture.Layer]
    let scales: [(weight: Double, bias: Double)]
    let points: Int
    let inputs: [Double]
    let arithmetic: Arithmetic
    var weights: [Double]

    /// Bounds for one member of an ensemble. The weights of a member with a seed are taken as drawn on the host.
    public init(_ ensemble: Ensemble, member index: Int, precision: Precision) {
        let member = ensemble.members[index]
        let architecture = ensemble.architecture
        self.architecture = architecture
        layers = architecture.layers
        scales = layers.map { architecture.parameterisation.forwardScales(sigmaW: member.sigmaW, sigmaB: member.sigmaB, fanIn: $0.fanIn) }
        points = ensemble.points
        inputs = (ensemble.inputs.count == 1 ? ensemble.inputs[0] : ensemble.inputs[index]).values
        arithmetic = Arithmetic(precision)
        switch member.source {
        case .weights(let given): weights = given.values
        case .seed(let seed):
            weights = Weights(seed: seed, sigmaW: member.sigmaW, sigmaB: member.sigmaB, for: architecture).values
        }
    }

    /// f, (N, C).
    public func outputs() -> BoundedValues { forward().outputs }

    /// What a forward pass leaves behind.
    struct Pass {
        var layerInputs: [BoundedValues] = []
        var slopes: [BoundedValues] = []
        var outputs = BoundedValues([])
    }

    func forward() -> Pass {
        var pass = Pass()
        // Inputs given as Doubles are rounded once.
        var h = BoundedValues(inputs, errors: inputs.map { Double(arithmetic.weightRoundings) * arithmetic.unitRoundoff * abs($0) })
        for (layer, scale) in zip(layers, scales) {
            pass.layerInputs.append(h)
            let z = affine(h, layer, scale)
            guard layer.index < layers.count - 1 else {
                pass.outputs = z
                break
            }
            let activated = architecture.activation.applied(to: z, arithmetic)
            h = activated.values
            pass.slopes.append(activated.slopes)
        }
        return pass
    }

    private func affine(_ h: BoundedValues, _ layer: Architecture.Layer, _ scale: (weight: Double, bias: Double)) -> BoundedValues {
        let fanIn = layer.fanIn, fanOut = layer.fanOut
        let gamma = arithmetic.gamma(fanIn + 4), tiny = Double(fanIn + 2) * arithmetic.smallest
        var z = BoundedValues([Double](repeating: 0, count: points * fanOut))
        for n in 0..<points {
            for j in 0..<fanOut {
                var sum = 0.0, size = 0.0, moved = 0.0
                for i in 0..<fanIn {
                    let below = h.values[n * fanIn + i], error = h.errors[n * fanIn + i]
                    let weight = weights[layer.offset + i * fanOut + j]
                    sum += below * weight
                    moved += error * abs(weight)
                    size += (abs(below) + error) * abs(weight)
                }
                let bias = layer.hasBias ? scale.bias * weights[layer.offset + fanIn * fanOut + j] : 0
                z.values[n * fanOut + j] = scale.weight * sum + bias
                z.errors[n * fanOut + j] = scale.weight * moved + gamma * (scale.weight * size + abs(bias)) + tiny
            }
        }
        return z
    }

    /// The sensitivities of each layer for given ones at the outputs, (rows, C).
    func sensitivities(_ pass: Pass, atOutputs top: BoundedValues, rowsPerPoint: Int) -> [BoundedValues] {
        let rows = points * rowsPerPoint
        var all = [top]
        for layer in layers.dropFirst().reversed() {
            let above = all[0], slope = pass.slopes[layer.index - 1], alpha = scales[layer.index].weight
            let fanIn = layer.fanIn, fanOut = layer.fanOut
            let gamma = arithmetic.gamma(fanOut + 4), tiny = Double(fanOut + 2) * arithmetic.smallest
            var below = BoundedValues([Double](repeating: 0, count: rows * fanIn))
            for r in 0..<rows {
                for i in 0..<fanIn {
                    var sum = 0.0, size = 0.0, moved = 0.0
                    for j in 0..<fanOut {
                        let weight = weights[layer.offset + i * fanOut + j], delta = above.values[r * fanOut + j]
                        let error = above.errors[r * fanOut + j]
                        sum += delta * weight
                        moved += error * abs(weight)
                        size += (abs(delta) + error) * abs(weight)
                    }
                    let at = r / rowsPerPoint * fanIn + i
                    let steepness = abs(slope.values[at]), turned = slope.errors[at]
                    below.values[r * fanIn + i] = alpha * slope.values[at] * sum
                    below.errors[r * fanIn + i] =
                        alpha * (steepness * moved + turned * size) + gamma * alpha * (steepness + turned) * size + tiny
                }
            }
            all.insert(below, at: 0)
        }
        return all
    }
}
