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
        /// What becomes of the universe whose H follows from the expanded energy, of `friedmann`.
        var history: UniverseHistory?
    }

    /// Training expanded in 1/width, by any rule that is linear in the gradient. To first order the weights stay in the span
    /// θ₀ + y g + z Hg + z₂ HHg + ½w T[g, g], and f follows from four numbers that the rule moves as it moves a weight, by gradients
    ///
    ///     l′(f), l′(f) y, l′(f) y², l′(f) z   of y, z, w, z₂, all 0 at the start,
    ///     f = f₀ + Θ y + κ (z + y²/2) + μ (z₂ + yz) + τ (w/2 + y³/6).
    ///
    /// What the rule sums over all weights, such as |θ′|², are products of such directions to the same order
    /// (``FiniteWidthCouplings/product(_:_:)``).
    /// - Throws: `DualityError.couplingsNeeded`, and `.notOneField` for several.
    func nextToLeadingOrder() throws(DualityError) -> NextToLeadingOrder {
        guard fields == 1 else { throw .notOneField(fields: fields) }
        guard let couplings else { throw .couplingsNeeded }
        let kernel = tangentKernel[0], start = outputs[0], rule = schedule.rule
        let expanded = FiniteWidthCouplings(kernel: kernel, kappa: couplings.kappa, mu: couplings.mu, tau: couplings.tau)
        var weights = (0..<4).map { _ in UpdateRule.Weight(0, states: rule.states.map { _ in 0 }) }
        var control = UpdateRule.Control(before: rule)
        var result = NextToLeadingOrder(values: [start], spread: 0)
        var (greatest, travel) = (0.0, 0.0)
        var losses: [Double] = [], memories: [[Double]] = []
        for step in 0...steps {
            let f = result.values[step]
            control.loss = loss.shape.value(f, anchor: anchors[0], scale: loss.scale)
            (control.parameters, control.step) = (schedule.parameters(at: step), step)
            let scalars = rule.control(&control), factor = rule.gradientFactor.map { scalars[$0] } ?? 1
            losses.append(control.loss)
            memories.append(control.memory)
            guard step < steps else { break }
            let (y, z) = (weights[0].value, weights[1].value)
            let gradient = loss.shape.slope(f, anchor: anchors[0], scale: loss.scale) * SIMD4(1, y, y * y, z)
            for place in 0..<4 { rule.step(&weights[place], gradient[place], scalars) }
            for (place, reduction) in rule.reductions.enumerated() {
                func direction(_ factorOf: UpdateRule.Reduction.Factor) -> SIMD4<Double> {
                    guard case .state(let state) = factorOf else { return factor * gradient }
                    return SIMD4(weights[0].states[state], weights[1].states[state], weights[2].states[state], weights[3].states[state])
                }
                control.reductions[place] = expanded.product(direction(reduction.factors.0), direction(reduction.factors.1))
            }
            let (newY, newZ, newW, newZ2) = (weights[0].value, weights[1].value, weights[2].value, weights[3].value)
            let kappa = couplings.kappa * SIMD2(newZ, newY * newY / 2)
            let mu = couplings.mu * SIMD2(newZ2, newY * newZ)
            let tau = couplings.tau * SIMD2(newW / 2, newY * newY * newY / 6)
            let correction = (kappa + mu + tau).sum()
            greatest = max(greatest, [kappa, mu, tau].reduce(0) { $0 + abs($1[0]) + abs($1[1]) })
            result.values.append(start + (kernel * newY + correction))
            travel = max(travel, abs(kernel * newY + correction))
        }
        result.spread = greatest == 0 ? 0 : greatest.isFinite && travel.isFinite ? greatest / travel : .infinity
        if rule == .friedmann, steps > 0 {
            func recorded(_ name: String) -> [Double] {
                guard let place = rule.memory.firstIndex(where: { $0.name == name }) else { return [] }
                return memories.map { $0[place] }
            }
            result.history = UniverseHistory(
                try Expansion(schedule), step: schedule.learningRate(at: 0).squareRoot(), hubble: recorded("hubble"),
                eFolds: recorded("eFolds"), losses: losses)
        }
        return result
    }
}

extension FiniteWidthCouplings {
    /// The product of two directions y g + z Hg + w ½T[g, g] + z₂ HHg of weights, given as (y, z, w, z₂), to first order in 1/width.
    func product(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> Double {
        kernel * a[0] * b[0] + kappa * (a[0] * b[1] + a[1] * b[0]) + tau / 2 * (a[0] * b[2] + a[2] * b[0])
            + mu * (a[1] * b[1] + a[0] * b[3] + a[3] * b[0])
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
