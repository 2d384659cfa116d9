import Networks

extension FrozenNetwork {
    /// The training of the linearised network f = f_0 + J (θ − θ_0), weight by weight: what ``recursion()`` is of rules that are linear in the
    /// gradient, for all others. At infinite width it is the training.
    ///
    /// - Returns: (K + 1, N·C).
    /// - Throws: `DualityError.jacobianNeeded` without ``jacobian``, `.sizeMismatch`.
    func linearised() throws(DualityError) -> [Double] {
        let rule = schedule.rule, count = fields, states = rule.states.count
        guard let jacobian else { throw .jacobianNeeded(optimiser: rule.name) }
        guard !jacobian.isEmpty, jacobian.count.isMultiple(of: count) else {
            throw .sizeMismatch(
                what: "the Jacobian", found: jacobian.count, expected: count, remedy: "give a row for each of the \(count) outputs")
        }
        let parameters = jacobian.count / count
        var weights = [UpdateRule.Weight](
            repeating: .init(0, states: [Double](repeating: 0, count: states)), count: parameters)
        var values = [Double](repeating: 0, count: (steps + 1) * count), residual = [Double](repeating: 0, count: count)
        values.replaceSubrange(0..<count, with: outputs)
        var control = UpdateRule.Control(
            parameters: [], reductions: rule.reductions.map { _ in 0 }, loss: 0, step: 0, memory: rule.memory.map(\.initial))
        for step in 0..<steps {
            values.withUnsafeBufferPointer { values in
                let now = UnsafeBufferPointer(rebasing: values[step * count..<(step + 1) * count])
                residual.withUnsafeMutableBufferPointer { slope(of: now, factor: 1 / Double(points), into: $0) }
                control.loss = meanLoss(of: now)
            }
            (control.parameters, control.step) = (schedule.parameters(at: step), step)
            let scalars = rule.control(&control), factor = rule.gradientFactor.map { scalars[$0] } ?? 1
            control.reductions = rule.reductions.map { _ in 0 }
            var outputs = self.outputs
            for p in 0..<parameters {
                var gradient = 0.0
                for row in 0..<count { gradient += jacobian[row * parameters + p] * residual[row] }
                rule.step(&weights[p], gradient, scalars)
                for row in 0..<count { outputs[row] += jacobian[row * parameters + p] * weights[p].value }
                for (place, reduction) in rule.reductions.enumerated() {
                    control.reductions[place] += reduction.term(weights[p].states, factor * gradient)
                }
            }
            values.replaceSubrange((step + 1) * count..<(step + 2) * count, with: outputs)
        }
        return values
    }
}
