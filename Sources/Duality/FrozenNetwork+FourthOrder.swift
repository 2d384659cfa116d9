import Networks

extension FrozenNetwork {
    /// The field of the fourth-order dictionary (``FourthOrder``), g = Θ l′/N for several points.
    func fourthOrderField() throws(DualityError) -> [Double] {
        let order = FourthOrder(learningRate: schedule.learningRates[0], momentum: schedule.momenta[0])
        let (h, c, force) = (order.timeStep, order.friction, order.forceFactor)
        let count = fields
        // The integrator calls its closure from one thread, one call after another.
        let scratch = UnsafeMutableBufferPointer<Double>.allocate(capacity: 3 * count)
        scratch.initialize(repeating: 0)
        defer { scratch.deallocate() }
        let vector = UnsafeMutableBufferPointer(rebasing: scratch[..<count])
        let g = UnsafeMutableBufferPointer(rebasing: scratch[count..<2 * count])
        let stiffness = UnsafeMutableBufferPointer(rebasing: scratch[(2 * count)...])
        func curvature(_ f: Double, _ index: Int) -> Double { loss.shape.curvature(f, anchor: anchors[index], scale: loss.scale) }

        guard order.isSecondOrder else {
            let states = try integrate(.fourthOrder, timeStep: h, initial: outputs) { _, f, rate in
                slope(of: f, factor: 1, into: vector)
                applyKernel(to: UnsafeBufferPointer(vector), into: g)
                for index in 0..<count { vector[index] = -h * (vector[index] + 0.5 * h * h * curvature(f[index], index) * g[index]) }
                applyKernel(to: UnsafeBufferPointer(vector), into: rate)
            }
            return fields(of: states)
        }
        let initial = outputs + [Double](repeating: 0, count: count)
        let states = try integrate(.fourthOrder, timeStep: h, initial: initial) { _, state, rate in
            let q = UnsafeBufferPointer(rebasing: state[..<count]), p = UnsafeBufferPointer(rebasing: state[count...])
            let acceleration = UnsafeMutableBufferPointer(rebasing: rate[count...])
            slope(of: q, factor: 1, into: vector)
            applyKernel(to: UnsafeBufferPointer(vector), into: g)
            for index in 0..<count { vector[index] = curvature(q[index], index) * p[index] }
            applyKernel(to: UnsafeBufferPointer(vector), into: stiffness)
            for index in 0..<count {
                let third = loss.shape.thirdDerivative(q[index], anchor: anchors[index], scale: loss.scale)
                vector[index] = force * third * p[index] * p[index] / 24 - force * force * curvature(q[index], index) * g[index] / 6
            }
            applyKernel(to: UnsafeBufferPointer(vector), into: acceleration)
            for index in 0..<count {
                let drag = c * p[index] + force * g[index]
                rate[index] = p[index] + h * h * (c * drag - force * stiffness[index]) / 12
                acceleration[index] = h * h * (acceleration[index] - c * force * stiffness[index] / 12) - drag
            }
        }
        return states.flatMap { state in (0..<count).map { state[$0] + 0.5 * h * state[count + $0] } }
    }
}
