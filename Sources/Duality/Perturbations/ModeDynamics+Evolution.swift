import Cosmology
import Networks

extension ModeDynamics {
    /// y_{k+1} = y_k + γ_k (y_k − y_{k−1}) − η_k force(y_k), y_{−1} = y_0, for the means and each mode.
    func recursion(_ initial: ModeTrajectory, _ forces: ModeForces) -> ModeTrajectory {
        let (steps, schedule) = (network.steps, network.schedule)
        let size = outputs + network.fields
        var rows = [Double](repeating: 0, count: (steps + 1) * size)
        rows.replaceSubrange(0..<size, with: initial.mean + initial.perturbations)
        withScratch(forces) { force, scratch in
            rows.withUnsafeMutableBufferPointer { rows in
                for step in 0..<steps {
                    let (now, before) = (step * size, max(0, step - 1) * size)
                    let (learningRate, momentum) = (schedule.learningRate(at: step), schedule.momentum(at: step))
                    write(forces, UnsafeBufferPointer(rebasing: rows[now..<now + size]), into: force, scratch)
                    for i in 0..<size {
                        let change = momentum * (rows[now + i] - rows[before + i]) - learningRate * force[i]
                        rows[now + size + i] = rows[now + i] + change
                    }
                }
            }
        }
        return trajectory((0...steps).map { rows[$0 * size..<($0 + 1) * size] })
    }

    /// y″ + 3H y′ + F force(y) = 0 with the first kick of the dictionary, for the means and each mode.
    func field(_ initial: ModeTrajectory, _ forces: ModeForces, dictionary: DualityDictionary) throws(DualityError) -> ModeTrajectory {
        let prediction: Prediction = dictionary == .paper ? .paper : .corrected
        let terms = try terms(dictionary, for: prediction)
        let (friction, factor, kick) = (terms.friction ?? 0, terms.forceFactor ?? 0, terms.initialVelocityFactor ?? 0)
        let size = outputs + network.fields
        // The state: f̄_1…f̄_C, δ_1…δ_NC, then their rates.
        var states: [[Double]] = []
        var failure: IntegrationError?
        let times = (0...network.steps).map { Double($0) * terms.timeStep }
        withScratch(forces) { force, scratch in
            var state = initial.mean + initial.perturbations
            state.withUnsafeBufferPointer { write(forces, $0, into: force, scratch) }
            state.append(contentsOf: force.map { -kick * $0 })
            do throws(IntegrationError) {
                let integrator = DormandPrince853.resolving(1, samples: times.count)
                states = try integrator.solve(from: 0, initial: state, at: times) { _, state, rate in
                    let accelerations = UnsafeMutableBufferPointer(rebasing: rate[size...])
                    write(forces, UnsafeBufferPointer(rebasing: state[..<size]), into: accelerations, scratch)
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
        return trajectory(states.map { $0[..<size] })
    }

    /// Quadratic losses: each mode by itself, passing through every step. The coordinate of the whole field in mode i,
    /// δ_i + Σ_a u_ia (f̄_a − f_min), moves with L_i alone, which sums up the source.
    func exact(_ initial: ModeTrajectory, _ forces: ModeForces) throws(DualityError) -> ModeTrajectory {
        guard network.loss.shape.isQuadratic else { throw .notQuadratic(loss: network.loss.shape) }
        let terms = try terms(.corrected, for: .exact)
        let (count, steps, rates) = (network.fields, network.steps, forces.rates)
        let (learningRate, momentum) = (terms.timeStep * terms.timeStep, network.schedule.momenta[0])
        func mode(_ rate: Double, _ number: Int) throws(DualityError) -> ExactMode {
            try ExactMode(learningRate: learningRate, momentum: momentum, curvature: 2 * network.loss.scale * rate, mode: number)
        }
        func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
            (0..<outputs).map { a in (0..<outputs).reduce(0) { $0 + matrix[a * outputs + $1] * vector[$1] } }
        }
        var leading: [ExactMode] = []
        for (number, rate) in rates.eigenvalues.enumerated() { leading.append(try mode(rate, number)) }
        let start = product(rates.toModes, zip(initial.mean, anchors).map { $0 - $1 })
        // f̄ − f_min at each step.
        let distances = (0...steps).map { step in
            product(rates.fromModes, (0..<outputs).map { start[$0] * leading[$0].value(at: Double(step)) })
        }
        func source(_ i: Int, _ distance: [Double]) -> Double {
            guard forces.equation == .sourced else { return 0 }
            return (0..<outputs).reduce(0) { $0 + overlaps[i * outputs + $1] * distance[$1] }
        }
        var modes = [Double](repeating: 0, count: (steps + 1) * count)
        for i in 0..<count {
            let own = try mode(spectrum.eigenvalues[i], i)
            let whole = initial.perturbations[i] + source(i, distances[0])
            for step in 0...steps { modes[step * count + i] = whole * own.value(at: Double(step)) - source(i, distances[step]) }
        }
        return ModeTrajectory(
            mean: distances.flatMap { zip($0, anchors).map { $0 + $1 } }, perturbations: modes, overlaps: overlaps, outputs: outputs)
    }

    private func terms(_ dictionary: DualityDictionary, for prediction: Prediction) throws(DualityError) -> DictionaryTerms {
        try prediction.check(network.schedule, network.loss.shape)
        return try dictionary.terms(learningRate: network.schedule.learningRates[0], momentum: network.schedule.momenta[0])
    }

    /// Means and modes from rows that hold one after the other.
    private func trajectory(_ rows: [ArraySlice<Double>]) -> ModeTrajectory {
        ModeTrajectory(
            mean: rows.flatMap { $0.prefix(outputs) }, perturbations: rows.flatMap { $0.dropFirst(outputs) }, overlaps: overlaps,
            outputs: outputs)
    }

    /// The forces on a row of means and modes.
    private func write(
        _ forces: ModeForces, _ row: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>,
        _ scratch: UnsafeMutableBufferPointer<Double>
    ) {
        forces.write(
            mean: UnsafeBufferPointer(rebasing: row[..<outputs]), modes: UnsafeBufferPointer(rebasing: row[outputs...]),
            onMean: UnsafeMutableBufferPointer(rebasing: result[..<outputs]),
            into: UnsafeMutableBufferPointer(rebasing: result[outputs...]), scratch: scratch)
    }

    /// Forces on means and modes, and what the forces need besides.
    private func withScratch(
        _ forces: ModeForces, _ body: (UnsafeMutableBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) -> Void
    ) {
        let size = outputs + network.fields
        withUnsafeTemporaryAllocation(of: Double.self, capacity: size + forces.scratchCount) { buffer in
            buffer.initialize(repeating: 0)
            body(UnsafeMutableBufferPointer(rebasing: buffer[..<size]), UnsafeMutableBufferPointer(rebasing: buffer[size...]))
        }
    }
}
