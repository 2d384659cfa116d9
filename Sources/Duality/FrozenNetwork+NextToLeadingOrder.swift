import Arrays
import Networks

extension FrozenNetwork {
    /// A prediction to next-to-leading order in 1/width, and how far it reaches.
    struct NextToLeadingOrder {
        /// f at each step.
        var values: [Double]
        /// The greatest sum of the sizes of the terms of order 1/width, over the greatest travel: the terms left out are of the order of its
        /// square. Signs are left out because terms that happen to cancel do not make the next order smaller.
        var spread: Double
    }

    /// Training expanded in 1/width. To first order the weights stay in the span θ₀ + y g + z Hg + z₂ HHg + ½w T[g, g], and
    /// f follows from four recursions that share heavy ball's operator, D x = x_{k+1} − x_k − γ_k (x_k − x_{k−1}):
    ///
    ///     D y = −η l′(f),   D z = −η l′(f) y,   D w = −η l′(f) y²,   D z₂ = −η l′(f) z,   all 0 at the start,
    ///     f = f₀ + Θ y + κ (z + y²/2) + μ (z₂ + yz) + τ (w/2 + y³/6).
    ///
    /// - Throws: `DualityError.couplingsNeeded`, and `.notOneField` for several.
    func nextToLeadingOrder() throws(DualityError) -> NextToLeadingOrder {
        guard fields == 1 else { throw .notOneField(fields: fields) }
        guard let couplings else { throw .couplingsNeeded }
        let kernel = tangentKernel[0], start = outputs[0]
        var place = SIMD4<Double>(), velocity = SIMD4<Double>()
        var result = NextToLeadingOrder(values: [start], spread: 0)
        var (greatest, travel) = (0.0, 0.0)
        for step in 0..<steps {
            let (y, z) = (place[0], place[1])
            let slope = loss.shape.slope(result.values[step], anchor: anchors[0], scale: loss.scale)
            velocity = schedule.momentum(at: step) * velocity
            velocity -= schedule.learningRate(at: step) * slope * SIMD4(1, y, y * y, z)
            place += velocity
            let (newY, newZ, newW, newZ2) = (place[0], place[1], place[2], place[3])
            let kappa = couplings.kappa * SIMD2(newZ, newY * newY / 2)
            let mu = couplings.mu * SIMD2(newZ2, newY * newZ)
            let tau = couplings.tau * SIMD2(newW / 2, newY * newY * newY / 6)
            let correction = (kappa + mu + tau).sum()
            greatest = max(greatest, [kappa, mu, tau].reduce(0) { $0 + abs($1[0]) + abs($1[1]) })
            result.values.append(start + (kernel * newY + correction))
            travel = max(travel, abs(kernel * newY + correction))
        }
        result.spread = greatest == 0 ? 0 : greatest.isFinite && travel.isFinite ? greatest / travel : .infinity
        return result
    }
}

extension Prediction {
    /// Refuses a network that the prediction does not apply to, before anything is computed.
    /// - Throws: `DualityError.notOneField`, `.kink`.
    public func check(_ architecture: Architecture, points: Int) throws(DualityError) {
        guard needsCouplings else { return }
        guard architecture.outputs == 1, points == 1 else {
            throw .notOneField(fields: points.times(architecture.outputs))
        }
        guard architecture.activation.higherSlopes != nil else { throw .kink(activation: architecture.activation.name) }
    }
}
