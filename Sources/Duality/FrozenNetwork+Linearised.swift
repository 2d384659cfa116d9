import Networks

extension FrozenNetwork {
    /// The training of the linearised network f = f_0 + J (θ − θ_0), weight by weight: what ``recursion()`` is of rules that are linear in the
    /// gradient, for all others. At infinite width it is the training.
    ///
    /// - Returns: (K + 1, N·C).
    /// - Throws: `DualityError.jacobianNeeded` without ``jacobian``, `.sizeMismatch`.
    func linearised() throws(DualityError) -> [Double] {
        let rule = schedule.rule, count = fields
        guard let jacobian else { throw .jacobianNeeded(optimiser: rule.name) }
        guard !jacobian.isEmpty, jacobian.count.isMultiple(of: count) else {
            throw .sizeMismatch(
                what: "the Jacobian", found: jacobian.count, expected: count, remedy: "give a row for each of the \(count) outputs")
        }
        let parameters = jacobian.count / count
        var motion = UpdateRule.Motion(rule, from: [Double](repeating: 0, count: parameters))
        var values = [Double](repeating: 0, count: (steps + 1) * count), residual = [Double](repeating: 0, count: count)
        values.replaceSubrange(0..<count, with: outputs)
        for step in 0..<steps {
            let loss = values.withUnsafeBufferPointer { values in
                let now = UnsafeBufferPointer(rebasing: values[step * count..<(step + 1) * count])
                residual.withUnsafeMutableBufferPointer { slope(of: now, factor: 1 / Double(points), into: $0) }
                return meanLoss(of: now)
            }
            motion.step(parameters: schedule.parameters(at: step), loss: loss) { p in
                (0..<count).reduce(0) { $0 + jacobian[$1 * parameters + p] * residual[$1] }
            }
            for row in 0..<count {
                values[(step + 1) * count + row] = motion.weights.indices.reduce(outputs[row]) {
                    $0 + jacobian[row * parameters + $1] * motion.weights[$1].value
                }
            }
        }
        return values
    }
}
