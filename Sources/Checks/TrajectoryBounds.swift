import Compute
import Engines
import Networks

/// A training trajectory with bounds on what rounding does to it.
///
/// A step of an engine is the exact step of the rule plus a local error of which ``ErrorBounds``, for the gradient, and the rule's own
/// `rounding` give a bound for every weight and its states. Following worst cases through the steps would bound
/// the distance of trajectories by an exponential that has nothing to do with them, so the growth is measured instead: replicas of
/// the trajectory are computed in Double, and every step of theirs is displaced by its full local bound, with signs that are
///
/// - random for every weight and every step: errors without memory;
/// - random for every weight and the same at all steps: a rounded input, weight or scale that errs in the same way every time;
/// - those of the step itself, all with it or all against it: a scale that is too large or too small as a whole.
///
/// With d the largest deviation of a replica, the bound is 4 d, plus the rounding of the pass that computes an output from exact
/// weights. Replicas start from weights that are displaced by their rounding to the precision. This is a statistical argument for the random signs: d is a sample of a sum Σ c_i s_i r_i whose standard deviation σ belongs
/// to errors that all take their worst size (true ones are smaller by √3 at least), and the largest of the six random replicas is
/// below σ/2 with probability 0.38^6 = 0.3 %. For coherent errors the replicas take the worst case itself.
public struct TrajectoryBounds: Sendable {
    /// f at every step from 0 to K, (N, C) each.
    public let outputs: [BoundedValues]
    /// L at every step from 0 to K.
    public let losses: [BoundedValues]
    /// What the rule records at every step from 0 to K.
    public let controls: [BoundedValues]
    /// θ after the last step.
    public let weights: BoundedValues
    /// Θ after the last step, if asked for.
    public let tangentKernel: BoundedValues?

    /// How many times the largest deviation of a replica is allowed.
    static let safety = 4.0
    private static let replicas: [Signs] = [.fresh(1), .fresh(2), .fresh(3), .kept(4), .kept(5), .kept(6), .coherent(1), .coherent(-1)]

    private enum Signs: Sendable {
        case fresh(UInt32)
        case kept(UInt32)
        case coherent(Double)

        func sign(step: Int, index: Int, of change: Double) -> Double {
            switch self {
            case .fresh(let seed): Self.random(seed, UInt32(step) &+ 1, UInt32(truncatingIfNeeded: index))
            case .kept(let seed): Self.random(seed, 0, UInt32(truncatingIfNeeded: index))
            case .coherent(let direction): change < 0 ? -direction : direction
            }
        }

        private static func random(_ seed: UInt32, _ step: UInt32, _ index: UInt32) -> Double {
            Philox.block(key: (seed, 0x7261_6A00), counter: (index, step, 0, 0)).0 & 1 == 0 ? 1 : -1
        }
    }

    /// A trajectory in Double, with the bounds on the rounding of each step and of each pass.
    private struct Run {
        var outputs: [BoundedValues] = []
        var losses: [BoundedValues] = []
        var controls: [BoundedValues] = []
        var weights: [Double] = []
        var kernel: BoundedValues?
        /// Of each step the bounds for every weight and its states.
        var local: [[UpdateRule.Weight]] = []
    }

    /// The trajectory of one member, whose loss and schedule must be there.
    ///
    /// - Parameters:
    ///   - steps: K.
    ///   - kernel: how the tangent kernel at the end is computed; nil if it is not wanted.
    /// - Throws: `NetworkError` for anchors of a wrong shape, `EngineError.invalidJob` without loss or schedule.
    public init(_ ensemble: Ensemble, member index: Int, precision: Precision, steps: Int, kernel: TangentKernelMethod? = nil) throws {
        let member = ensemble.members[index]
        guard let loss = member.loss, let schedule = member.schedule else {
            throw EngineError.invalidJob("member \(index) has no loss or no learning rate, but its training is to be bounded")
        }
        let anchors = try loss.anchors(points: ensemble.points, outputs: ensemble.architecture.outputs)
        let training = Training(loss: loss, anchors: anchors, schedule: schedule, steps: steps, kernel: kernel)
        let centre = training.run(ErrorBounds(ensemble, member: index, precision: precision))
        let replicas = Self.replicas.map {
            training.run(ErrorBounds(ensemble, member: index, precision: .float64), displacedBy: $0, centre, Arithmetic(precision))
        }
        func bounded(_ centre: BoundedValues, _ replicas: [[Double]]) -> BoundedValues {
            var spread = [Double](repeating: 0, count: centre.values.count)
            for replica in replicas {
                for i in spread.indices {
                    let deviation = abs(replica[i] - centre.values[i])
                    spread[i] = deviation.isNaN ? .infinity : max(spread[i], deviation)
                }
            }
            return centre.widened(by: spread.map { Self.safety * $0 })
        }
        outputs = (0...steps).map { step in bounded(centre.outputs[step], replicas.map { $0.outputs[step].values }) }
        losses = (0...steps).map { step in bounded(centre.losses[step], replicas.map { $0.losses[step].values }) }
        controls = (0...steps).map { step in bounded(centre.controls[step], replicas.map { $0.controls[step].values }) }
        weights = bounded(BoundedValues(centre.weights), replicas.map(\.weights))
        tangentKernel = centre.kernel.map { bounded($0, replicas.map { $0.kernel?.values ?? [] }) }
    }

    private struct Training {
        let loss: Loss
        let anchors: [Double]
        let schedule: Schedule
        let steps: Int
        let kernel: TangentKernelMethod?

        func run(
            _ network: ErrorBounds, displacedBy signs: Signs? = nil, _ centre: Run = Run(), _ displaced: Arithmetic? = nil
        ) -> Run {
            var network = network, result = Run()
            let rule = schedule.rule, count = network.weights.count
            var states = [[Double]](repeating: [Double](repeating: 0, count: rule.states.count), count: count)
            var reductions = [Double](repeating: 0, count: rule.reductions.count), memory = rule.memory.map(\.initial)
            if let signs, let displaced {
                for (p, weight) in network.weights.enumerated() {
                    let rounding = Double(displaced.weightRoundings) * displaced.unitRoundoff * abs(weight)
                    network.weights[p] += signs.sign(step: steps, index: p, of: weight) * rounding
                }
            }
            for step in 0...steps {
                let pass = network.forward(), (mean, residual) = network.loss(pass.outputs, loss, anchors: anchors)
                result.outputs.append(pass.outputs)
                result.losses.append(mean)
                let arithmetic = network.arithmetic
                // A control that follows the loss follows its rounding.
                let misread = signs.map { $0.sign(step: step, index: -1, of: mean.values[0]) * centre.losses[step].errors[0] } ?? 0
                var control = UpdateRule.Control(
                    parameters: schedule.parameters(at: step), reductions: reductions, loss: mean.values[0] + misread, step: step,
                    memory: memory)
                let scalars = rule.control(&control), factor = rule.gradientFactor.map { scalars[$0] } ?? 1
                memory = control.memory
                let recorded = zip(rule.memory, memory).filter { $0.0.isRecorded }.map { $0.1 }
                // Some 16 operations of a control round what it is given.
                result.controls.append(BoundedValues(recorded).widened(by: recorded.map { arithmetic.gamma(16) * abs($0) }))
                guard step < steps else { break }
                let gradient = network.gradient(pass, residual: residual)
                var local: [UpdateRule.Weight] = [], sizes = [Double](repeating: 0, count: rule.reductions.count)
                reductions = sizes
                for p in 0..<count {
                    let before = UpdateRule.Weight(network.weights[p], states: states[p])
                    var after = before
                    rule.step(&after, gradient.values[p], scalars)
                    local.append(
                        rule.rounding(before, after, gradient.values[p], gradient.errors[p], scalars, arithmetic.unitRoundoff))
                    if let signs {
                        let sign = signs.sign(step: step, index: p, of: after.value - before.value), bound = centre.local[step][p]
                        after.value += sign * bound.value
                        for k in after.states.indices { after.states[k] += sign * bound.states[k] }
                    }
                    (network.weights[p], states[p]) = (after.value, after.states)
                    for (index, reduction) in rule.reductions.enumerated() {
                        let term = reduction.term(after.states, factor * gradient.values[p])
                        reductions[index] += term
                        sizes[index] += abs(term)
                    }
                }
                // A sum over all weights rounds as often as there are terms at most.
                if let signs, let displaced {
                    for index in sizes.indices {
                        let rounding = displaced.gamma(count + 4) * sizes[index]
                        reductions[index] += signs.sign(step: step, index: count + index, of: reductions[index]) * rounding
                    }
                }
                result.local.append(local)
            }
            result.weights = network.weights
            result.kernel = kernel.map { network.tangentKernel($0) }
            return result
        }
    }
}
