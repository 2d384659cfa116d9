import Networks

extension FrozenNetwork {
    /// f_{k+1} = f_k + γ_k (f_k − f_{k−1}) − (η_k/N) Θ l′(f_k), f_{−1} = f_0.
    func recursion() -> [Double] {
        let count = fields
        var values = [Double](repeating: 0, count: (steps + 1) * count)
        values.replaceSubrange(0..<count, with: outputs)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { scratch in
            let slope = UnsafeMutableBufferPointer(rebasing: scratch[..<count])
            let force = UnsafeMutableBufferPointer(rebasing: scratch[count...])
            slope.initialize(repeating: 0)
            force.initialize(repeating: 0)
            values.withUnsafeMutableBufferPointer { values in
                for step in 0..<steps {
                    let (now, before) = (step * count, max(0, step - 1) * count)
                    let (learningRate, momentum) = (schedule.learningRate(at: step), schedule.momentum(at: step))
                    self.slope(of: UnsafeBufferPointer(rebasing: values[now..<now + count]), factor: 1, into: slope)
                    applyKernel(to: UnsafeBufferPointer(slope), into: force)
                    for index in 0..<count {
                        let current = values[now + index]
                        let change = momentum * (current - values[before + index]) - learningRate * force[index]
                        values[now + count + index] = current + change
                    }
                }
            }
        }
        return values
    }
}
