import Cosmology
import Networks

extension ModeDynamics {
    /// y_{k+1} = y_k + γ_k (y_k − y_{k−1}) − η_k force(y_k), y_{−1} = y_0, for the mean and each mode.
    func recursion(_ initial: ModeTrajectory, _ forces: ModeForces) -> ModeTrajectory {
        let (count, steps, schedule) = (network.points, network.steps, network.schedule)
        var means = [Double](repeating: initial.mean[0], count: steps + 1)
        var modes = [Double](repeating: 0, count: (steps + 1) * count)
        modes.replaceSubrange(0..<count, with: initial.perturbations)
        withScratch { force, scratch in
            modes.withUnsafeMutableBufferPointer { modes in
                for step in 0..<steps {
                    let (now, before) = (step * count, max(0, step - 1) * count)
                    let (learningRate, momentum) = (schedule.learningRate(at: step), schedule.momentum(at: step))
                    let current = UnsafeBufferPointer(rebasing: modes[now..<now + count])
                    let meanForce = forces.write(mean: means[step], modes: current, into: force, scratch: scratch)
                    let drift = momentum * (means[step] - means[max(0, step - 1)])
                    means[step + 1] = means[step] + (drift - learningRate * meanForce)
                    for i in 0..<count {
                        let change = momentum * (modes[now + i] - modes[before + i]) - learningRate * force[i]
                        modes[now + count + i] = modes[now + i] + change
                    }
                }
            }
        }
        return ModeTrajectory(mean: means, perturbations: modes, overlaps: spectrum.overlaps)
    }

    /// y″ + 3H y′ + F force(y) = 0 with the first kick of the dictionary, for the mean and each mode.
    func field(_ initial: ModeTrajectory, _ forces: ModeForces, dictionary: DualityDictionary) throws(DualityError) -> ModeTrajectory {
        let prediction: Prediction = dictionary == .paper ? .paper : .corrected
        let terms = try terms(dictionary, for: prediction)
        let (friction, factor, kick) = (terms.friction ?? 0, terms.forceFactor ?? 0, terms.initialVelocityFactor ?? 0)
        let count = network.points
        let size = count + 1
        // The state: f̄, δ_1…δ_N, then their rates.
        var states: [[Double]] = []
        var failure: IntegrationError?
        let times = (0...network.steps).map { Double($0) * terms.timeStep }
        withScratch { force, scratch in
            var state = [initial.mean[0]] + initial.perturbations
            let meanForce = initial.perturbations.withUnsafeBufferPointer {
                forces.write(mean: initial.mean[0], modes: $0, into: force, scratch: scratch)
            }
            state.append(-kick * meanForce)
            state.append(contentsOf: force.map { -kick * $0 })
            do throws(IntegrationError) {
                let integrator = DormandPrince853.resolving(1, samples: times.count)
                states = try integrator.solve(from: 0, initial: state, at: times) { _, state, rate in
                    let modes = UnsafeBufferPointer(rebasing: state[1..<size])
                    let accelerations = UnsafeMutableBufferPointer(rebasing: rate[(size + 1)...])
                    rate[size] = forces.write(mean: state[0], modes: modes, into: accelerations, scratch: scratch)
                    for i in 0..<size {
                        rate[i] = state[size + i]
                        rate[size + i] = -friction * state[size + i] - factor * rate[size + i]
                    }
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw .integration(prediction: prediction, reason: failure) }
        var modes: [Double] = []
        modes.reserveCapacity(states.count * count)
        for state in states { modes.append(contentsOf: state[1..<size]) }
        return ModeTrajectory(mean: states.map { $0[0] }, perturbations: modes, overlaps: spectrum.overlaps)
    }

    /// Quadratic losses: each mode by itself, passing through every step. The coordinate of the whole field in mode i,
    /// δ_i + u_i (f̄ − f_min), moves with L_i alone, which sums up the source.
    func exact(_ initial: ModeTrajectory, _ forces: ModeForces) throws(DualityError) -> ModeTrajectory {
        guard network.loss.shape.isQuadratic else { throw .notQuadratic(loss: network.loss.shape) }
        let terms = try terms(.corrected, for: .exact)
        let (count, steps) = (network.points, network.steps)
        let (learningRate, momentum) = (terms.timeStep * terms.timeStep, network.schedule.momenta[0])
        func mode(_ rate: Double, _ number: Int) throws(DualityError) -> ExactMode {
            try ExactMode(learningRate: learningRate, momentum: momentum, curvature: 2 * network.loss.scale * rate, mode: number)
        }
        let leading = try mode(forces.rate, 0)
        let distance = initial.mean[0] - anchor
        let decay = (0...steps).map { leading.value(at: Double($0)) }
        var modes = [Double](repeating: 0, count: (steps + 1) * count)
        for i in 0..<count {
            let own = try mode(spectrum.eigenvalues[i], i)
            let source = forces.equation == .sourced ? spectrum.overlaps[i] * distance : 0
            for step in 0...steps {
                let value = (initial.perturbations[i] + source) * own.value(at: Double(step)) - source * decay[step]
                modes[step * count + i] = value
            }
        }
        return ModeTrajectory(mean: decay.map { anchor + distance * $0 }, perturbations: modes, overlaps: spectrum.overlaps)
    }

    private func terms(_ dictionary: DualityDictionary, for prediction: Prediction) throws(DualityError) -> DictionaryTerms {
        try prediction.check(network.schedule, network.loss.shape)
        return try dictionary.terms(learningRate: network.schedule.learningRates[0], momentum: network.schedule.momenta[0])
    }

    /// Forces on the modes, and room for one number at each point.
    private func withScratch(_ body: (UnsafeMutableBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * network.points) { buffer in
            buffer.initialize(repeating: 0)
            body(
                UnsafeMutableBufferPointer(rebasing: buffer[..<network.points]),
                UnsafeMutableBufferPointer(rebasing: buffer[network.points...]))
        }
    }
}
