import Compute
import Engines
import Networks

extension ErrorBounds {
    /// The loss of outputs that are off by up to their bounds, and its slope dL/df = l′/N.
    ///
    /// Powers: with w = f − m off by ê_w = ê_f + 2u(|f| + |m|), w^k is off by (|w| + ê_w)^k − |w|^k, and its products by γ_{k+4}.
    /// The double well is bounded in the same way from p = f² − m².
    /// Losses that couple the outputs are bounded by the ranges of their expressions.
    func loss(_ outputs: BoundedValues, _ loss: Loss, anchors: [Double]) -> (mean: BoundedValues, residual: BoundedValues) {
        if let coupling = loss.shape.coupling { return self.loss(outputs, loss, coupling, anchors: anchors) }
        let unit = arithmetic.unitRoundoff, count = outputs.values.count, shape = loss.shape
        let scale = abs(loss.scale), each = 1 / Double(points)
        var residual = BoundedValues([Double](repeating: 0, count: count))
        var sum = 0.0, size = 0.0, moved = 0.0
        for index in 0..<count {
            let f = outputs.values[index], error = outputs.errors[index], m = anchors[index]
            residual.values[index] = each * shape.slope(f, anchor: m, scale: loss.scale)
            let valueLimit: Double, slopeLimit: Double
            let valueRoundings: Int
            switch shape {
            case .evenPower(let degree):
                let w = abs(f - m) + error + 2 * unit * (abs(f) + error + abs(m))
                valueLimit = scale * Self.power(w, degree)
                slopeLimit = scale * Double(degree) * Self.power(w, degree - 1)
                valueRoundings = degree + 4
            case .doubleWell:
                let largest = abs(f) + error
                let p = abs(f * f - m * m) + 2 * abs(f) * error + error * error + arithmetic.gamma(4) * (largest * largest + m * m)
                valueLimit = 0.25 * scale * p * p
                slopeLimit = scale * largest * p
                valueRoundings = 8
            case .coupled:
                (valueLimit, slopeLimit, valueRoundings) = (.infinity, .infinity, 0)
            }
            let value = shape.value(f, anchor: m, scale: loss.scale)
            let rounding = arithmetic.gamma(valueRoundings + 1), tiny = Double(valueRoundings) * arithmetic.smallest
            residual.errors[index] = each * (slopeLimit - abs(residual.values[index]) / each + rounding * slopeLimit) + tiny
            sum += value
            moved += valueLimit - abs(value) + rounding * valueLimit + tiny
            size += valueLimit * (1 + rounding)
        }
        let mean = BoundedValues([each * sum], errors: [each * (moved + arithmetic.gamma(count + 1) * size)])
        return (mean, residual)
    }

    /// l = s W(u), whose u_c = f_c − m_c are off by ê_f + 3u(|f| + ê_f + |m|), m rounded once and the difference once.
    private func loss(
        _ outputs: BoundedValues, _ loss: Loss, _ coupling: Coupling, anchors: [Double]
    ) -> (mean: BoundedValues, residual: BoundedValues) {
        let unit = arithmetic.unitRoundoff, count = outputs.values.count, each = 1 / Double(points), scale = abs(loss.scale)
        var residual = BoundedValues([Double](repeating: 0, count: count))
        outputs.values.withUnsafeBufferPointer { f in
            anchors.withUnsafeBufferPointer { m in
                residual.values.withUnsafeMutableBufferPointer {
                    loss.shape.writeSlopes(f, anchors: m, scale: loss.scale, factor: each, into: $0)
                }
            }
        }
        var sum = 0.0, size = 0.0, moved = 0.0
        // The scale and its product round.
        let rounding = arithmetic.gamma(4), tiny = 4 * arithmetic.smallest
        for first in stride(from: 0, to: count, by: coupling.outputs) {
            let point = first..<first + coupling.outputs
            let ranges = coupling.ranges(
                point.map { index in
                    let f = outputs.values[index], error = outputs.errors[index], m = anchors[index]
                    let off = error + 3 * unit * (abs(f) + error + abs(m)), u = f - m
                    return off.isFinite ? u - off...u + off : -.infinity ... .infinity
                }, unit: unit, smallest: arithmetic.smallest)
            for (index, range) in zip(point, ranges.derivatives) {
                let exact = residual.values[index], low = each * scale * range.lowerBound, high = each * scale * range.upperBound
                let signed = loss.scale < 0 ? (-high, -low) : (low, high)
                let error = max(exact - signed.0, signed.1 - exact)
                residual.errors[index] = error + rounding * max(abs(low), abs(high)) + tiny
            }
            let value = loss.total(outputs.values[point], anchors: Array(anchors[point]))
            let low = scale * ranges.value.lowerBound, high = scale * ranges.value.upperBound
            let signed = loss.scale < 0 ? (-high, -low) : (low, high), largest = max(abs(low), abs(high))
            sum += value
            moved += max(value - signed.0, signed.1 - value) + rounding * largest + tiny
            size += largest * (1 + rounding)
        }
        return (BoundedValues([each * sum], errors: [each * (moved + arithmetic.gamma(count + 1) * size)]), residual)
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }

    /// ∂L/∂θ for given dL/df: Σ_n (α h or β) δ, off by ê = Σ_n α (ê_h |δ| + |h| ê_δ + ê_h ê_δ) + γ_{N+3} Σ_n α (|h| + ê_h)(|δ| + ê_δ).
    func gradient(_ pass: Pass, residual: BoundedValues) -> BoundedValues {
        let delta = sensitivities(pass, atOutputs: residual, rowsPerPoint: 1)
        let gamma = arithmetic.gamma(points + 3), tiny = Double(points + 2) * arithmetic.smallest
        var result = BoundedValues([Double](repeating: 0, count: architecture.parameterCount))
        for (layer, scale) in zip(layers, scales) {
            let below = pass.layerInputs[layer.index], above = delta[layer.index]
            for i in 0..<layer.rows {
                let isWeight = i < layer.fanIn, factor = isWeight ? scale.weight : scale.bias
                for j in 0..<layer.fanOut {
                    var sum = 0.0, moved = 0.0, size = 0.0
                    for n in 0..<points {
                        let at = n * layer.fanIn + i
                        let h = isWeight ? below.values[at] : 1, error = isWeight ? below.errors[at] : 0
                        let d = above.values[n * layer.fanOut + j], turned = above.errors[n * layer.fanOut + j]
                        sum += h * d
                        moved += error * abs(d) + abs(h) * turned + error * turned
                        size += (abs(h) + error) * (abs(d) + turned)
                    }
                    let p = layer.offset + i * layer.fanOut + j
                    result.values[p] = factor * sum
                    result.errors[p] = factor * (moved + gamma * size) + tiny
                }
            }
        }
        return result
    }
}
