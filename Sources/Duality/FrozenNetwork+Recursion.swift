import Networks

extension FrozenNetwork {
    /// The recursion of the training itself with the kernel frozen: f_k = f_0 + Θ u_k, where the update rule moves the coefficients u of the
    /// gradients df_i/dθ as it moves the weights, by l′/N. For heavy ball f_{k+1} = f_k + γ_k (f_k − f_{k−1}) − (η_k/N) Θ l′(f_k),
    /// f_{−1} = f_0. What the rule sums over all weights are products of such vectors with Θ between them.
    ///
    /// The rule has to be linear: ``Prediction/check(_:_:)``.
    /// - Returns: (K + 1, N·C).
    func recursion() -> [Double] {
        let rule = schedule.rule, count = fields, states = rule.states.count
        var values = [Double](repeating: 0, count: (steps + 1) * count)
        values.replaceSubrange(0..<count, with: outputs)
        var coefficients = [Double](repeating: 0, count: count), kept = [[Double]](repeating: coefficients, count: states)
        var product = coefficients, gradient = coefficients, scaled = coefficients
        var weight = UpdateRule.Weight(0, states: [Double](repeating: 0, count: states))
        var control = UpdateRule.Control(before: rule)
        func apply(_ vector: [Double]) {
            vector.withUnsafeBufferPointer { vector in product.withUnsafeMutableBufferPointer { applyKernel(to: vector, into: $0) } }
        }
        for step in 0..<steps {
            values.withUnsafeBufferPointer { values in
                let now = UnsafeBufferPointer(rebasing: values[step * count..<(step + 1) * count])
                gradient.withUnsafeMutableBufferPointer { slope(of: now, factor: 1, into: $0) }
                control.loss = meanLoss(of: now)
            }
            (control.parameters, control.step) = (schedule.parameters(at: step), step)
            let scalars = rule.control(&control), factor = rule.gradientFactor.map { scalars[$0] } ?? 1
            for index in 0..<count {
                weight.value = coefficients[index]
                for state in 0..<states { weight.states[state] = kept[state][index] }
                rule.step(&weight, gradient[index], scalars)
                scaled[index] = weight.value - coefficients[index]
                coefficients[index] = weight.value
                for state in 0..<states { kept[state][index] = weight.states[state] }
            }
            apply(scaled)
            for index in 0..<count { values[(step + 1) * count + index] = values[step * count + index] + product[index] }
            for (place, reduction) in rule.reductions.enumerated() {
                func vector(_ factor: UpdateRule.Reduction.Factor) -> [Double] {
                    if case .state(let state) = factor { kept[state] } else { scaled }
                }
                if reduction.factors.0 == .gradient || reduction.factors.1 == .gradient {
                    for index in 0..<count { scaled[index] = factor * gradient[index] }
                }
                apply(vector(reduction.factors.1))
                // Coefficients are of l′, N times those of the gradient of the mean loss, as is the product.
                control.reductions[place] = zip(vector(reduction.factors.0), product).reduce(0) { $0 + $1.0 * $1.1 } / Double(points)
            }
        }
        return values
    }
}
