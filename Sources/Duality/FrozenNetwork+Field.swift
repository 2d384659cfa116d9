import Cosmology
import Networks

extension FrozenNetwork {
    /// f″ + 3H f′ + (F/N) Θ l′(f) = 0 with the terms of the prediction's dictionary, 3H constant or from Friedmann's equation.
    ///
    /// Integrated as f′ = Θ w/N, w′ = −3H w − F l′(f): one product with the kernel, and |θ′|² = f′·w/N without inverting it.
    ///
    /// - Returns: f at t_k, and the expansion where Friedmann's equation makes it.
    func field(_ prediction: Prediction, planckMass: Double) throws(DualityError) -> (fields: [Double], expansion: FieldExpansion?) {
        let terms = try (prediction.dictionary ?? .standard).terms(
            learningRate: schedule.learningRates[0], momentum: schedule.momenta[0], planckMass: planckMass)
        let (constantFriction, force) = (terms.friction ?? 0, terms.forceFactor ?? 0)
        let (kick, vacuum) = (terms.initialVelocityFactor ?? 0, terms.vacuumEnergy ?? 0)
        let expands = prediction == .friedmann
        let leading = expands ? try leadingEigenvalue() : 0

        // f, w, and the e-folds.
        let count = fields
        var initial = outputs + [Double](repeating: 0, count: count + (expands ? 1 : 0))
        outputs.withUnsafeBufferPointer { outputs in
            initial.withUnsafeMutableBufferPointer {
                slope(of: outputs, factor: -kick, into: UnsafeMutableBufferPointer(rebasing: $0[count..<2 * count]))
            }
        }
        func threeH(_ f: UnsafeBufferPointer<Double>, _ w: UnsafeBufferPointer<Double>, velocity: UnsafeBufferPointer<Double>) -> Double {
            (3 * max(0, leading * energy(f, w, velocity: velocity) + vacuum)).squareRoot() / planckMass
        }
        let states = try integrate(prediction, timeStep: terms.timeStep, initial: initial) { _, state, rate in
            let f = UnsafeBufferPointer(rebasing: state[..<count])
            let w = UnsafeBufferPointer(rebasing: state[count..<2 * count])
            let velocity = UnsafeMutableBufferPointer(rebasing: rate[..<count])
            let acceleration = UnsafeMutableBufferPointer(rebasing: rate[count..<2 * count])
            applyKernel(to: w, into: velocity)
            slope(of: f, factor: -force, into: acceleration)
            var friction = constantFriction
            if expands {
                friction = threeH(f, w, velocity: UnsafeBufferPointer(velocity))
                rate[2 * count] = friction / 3
            }
            for index in 0..<count { acceleration[index] -= friction * w[index] }
        }
        guard expands else { return (fields(of: states), nil) }
        let hubble = states.map { state in
            state.withUnsafeBufferPointer { state in
                let f = UnsafeBufferPointer(rebasing: state[..<count]), w = UnsafeBufferPointer(rebasing: state[count..<2 * count])
                return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { velocity in
                    velocity.initialize(repeating: 0)
                    applyKernel(to: w, into: velocity)
                    return threeH(f, w, velocity: UnsafeBufferPointer(velocity)) / 3
                }
            }
        }
        return (fields(of: states), FieldExpansion(hubble: hubble, eFolds: states.map { $0[2 * count] }))
    }

    /// |θ′|²/2 + ⟨l⟩, where f′ = Θ w/N and |θ′|² = f′·w/N.
    func energy(_ f: UnsafeBufferPointer<Double>, _ w: UnsafeBufferPointer<Double>, velocity: UnsafeBufferPointer<Double>) -> Double {
        var kinetic = 0.0
        for index in 0..<fields { kinetic += velocity[index] * w[index] }
        return 0.5 * kinetic / Double(points) + meanLoss(of: f)
    }

    /// 3H f′ = −(1/N) Θ l′(f) with the paper's 3H.
    func inertialess() throws(DualityError) -> [Double] {
        let terms = try DualityDictionary.paper.terms(learningRate: schedule.learningRates[0], momentum: schedule.momenta[0])
        guard let friction = terms.friction, friction > 0 else { throw .noFriction }
        let count = fields
        // The integrator calls its closure from one thread, one call after another.
        let scratch = UnsafeMutableBufferPointer<Double>.allocate(capacity: count)
        scratch.initialize(repeating: 0)
        defer { scratch.deallocate() }
        return fields(
            of: try integrate(.null, timeStep: terms.timeStep, initial: outputs) { _, state, rate in
                slope(of: state, factor: -1 / friction, into: scratch)
                applyKernel(to: UnsafeBufferPointer(scratch), into: rate)
            })
    }

    /// The state at t_k = k · timeStep, k = 0…K.
    func integrate(
        _ prediction: Prediction, timeStep: Double, initial: [Double], derivative: DormandPrince853.Derivative
    ) throws(DualityError) -> [[Double]] {
        let times = (0...steps).map { Double($0) * timeStep }
        do {
            let size = zip(outputs, anchors).reduce(0) { max($0, abs($1.0), abs($1.0 - $1.1)) }
            return try DormandPrince853.resolving(size, samples: times.count)
                .solve(from: 0, initial: initial, at: times, derivative: derivative)
        } catch {
            throw .integration(prediction: prediction, reason: error)
        }
    }

    /// The fields of such states, (K + 1, N·C).
    func fields(of states: [[Double]]) -> [Double] { states.flatMap { $0[..<fields] } }
}
