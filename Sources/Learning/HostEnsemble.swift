import Arrays
import Networks

/// The twin of `ensemble.cl` and `histogram.cl` on the host. Descent has the same bits as on a device whose division and roots are those of IEEE 754;
/// other rules are computed in double precision.
public final class HostEnsemble: TrainedEnsemble {
    public let problem: EnsembleProblem
    private var networks: [Network] = []
    private var step = 0
    private var records: [[Int]] = []
    private var changed: BinnedChanges
    private let data: [Float]

    private struct Network {
        var w: Float
        var number: UInt32
        var states: [Double]
        var control: UpdateRule.Control?
        /// Whether it has the second setting.
        var isOther: Bool
    }

    public init(_ problem: EnsembleProblem) {
        self.problem = problem
        data = problem.network.data.map(Float.init)
        changed = BinnedChanges(bins: problem.bins.count)
    }

    public func start(mean: Double, deviation: Double, firstNetwork: UInt32) {
        let rule = problem.rule
        networks = (0..<problem.count).map { index in
            let number = firstNetwork &+ UInt32(truncatingIfNeeded: index)
            let words = TrainingNoise.block(seed: problem.seed, network: number, step: 0, block: 0, .start)
            let w = Float(mean).addingProduct(Float(deviation), TrainingNoise.normals(words.x, words.y).0)
            return Network(
                w: w, number: number, states: rule.states.map { _ in 0 }, control: isDescent ? nil : UpdateRule.Control(before: rule),
                isOther: problem.alternative != nil && words.z >> 31 == 1)
        }
        (step, records, changed) = (0, [], BinnedChanges(bins: problem.bins.count))
    }

    /// Whether a step is −η g and nothing else.
    private var isDescent: Bool { problem.rule.states.isEmpty }

    public func advance(steps: Int) throws {
        let (first, problem, data, isDescent) = (step, problem, data, isDescent)
        let pieces = stride(from: 0, to: networks.count, by: 4096).map { Array(networks[$0..<min($0 + 4096, networks.count)]) }
        networks = try pieces.parallelMap { piece in
            piece.map { network in
                var network = network
                for s in first..<first + steps {
                    Self.advance(&network, step: UInt32(truncatingIfNeeded: s), problem, data, isDescent: isDescent)
                }
                return network
            }
        }.flatMap { $0 }
        step += steps
    }

    public func advanceMeasuring() throws {
        let before = networks.map(\.w)
        try advance(steps: 1)
        let scale = Float(BinnedChanges.scale)
        for (old, network) in zip(before, networks) {
            let bin = bin(of: old)
            let q = Int(max(-32767, min(32767, ((network.w - old) * scale).rounded(.toNearestOrEven))))
            changed.count[bin] += 1
            changed.sum[bin] += q
            changed.squares[bin] += q * q
        }
    }

    public func record() {
        var counts = [Int](repeating: 0, count: problem.bins.count)
        for network in networks { counts[bin(of: network.w)] += 1 }
        records.append(counts)
    }

    public func counts() -> [[Int]] { records }
    public func changes() -> BinnedChanges { changed }
    public func weights() -> [Float] { networks.map(\.w) }

    private func bin(of w: Float) -> Int {
        let place = (w - Float(problem.bins.range.lowerBound)) * Float(1 / problem.bins.width)
        return place > 0 ? Int(min(place, Float(problem.bins.count - 1))) : 0
    }

    private static func advance(
        _ network: inout Network, step: UInt32, _ problem: EnsembleProblem, _ data: [Float], isDescent: Bool
    ) {
        if let alternative = problem.alternative {
            let drawn = TrainingNoise.block(seed: problem.seed, network: network.number, step: step, block: 0, .setting)
            if drawn.x >> 1 < alternative.renewalWord { network.isOther = drawn.y >> 31 == 1 }
        }
        let other = network.isOther ? problem.alternative : nil, batch = other?.batch ?? problem.batch
        let most = max(problem.batch, problem.alternative?.batch ?? 0)
        let own = other.map { problem.network.with(neurons: $0.neurons) } ?? problem.network, w = network.w,
            stiffness = Float(own.totalStiffness)
        let inverse = 1 / stiffness.addingProduct(w, w)
        let spread = (inverse * Float(1 / problem.network.inverseTemperature)).squareRoot()
        let added = Float(problem.noise) * Float(batch), isNoisy = problem.noise > 0
        var g: Float = 0, loss: Float = 0
        func add(_ word: UInt32, _ n: Float) {
            let a = data[TrainingNoise.place(word, of: data.count)], z = w * a, t = TrainingNoise.tangent(z)
            let s = (z.addingProduct(stiffness, t) * inverse).addingProduct(spread, n), d = s - t, e = a.addingProduct(-w, s)
            g += -(e * s).addingProduct(stiffness * d * (1 as Float).addingProduct(-t, t), a)
            loss += 0.5 * (e * e).addingProduct(stiffness * d, d)
        }
        for b in stride(from: 0, to: most + (isNoisy ? 1 : 0), by: 2) {
            let words = TrainingNoise.block(
                seed: problem.seed, network: network.number, step: step, block: UInt32(truncatingIfNeeded: b / 2), .training)
            let pair = TrainingNoise.normals(words.x, words.y)
            if b < batch { add(words.z, pair.0) } else if b == most { g = g.addingProduct(added, pair.0) }
            if b + 1 < batch { add(words.w, pair.1) } else if isNoisy, b + 1 == most { g = g.addingProduct(added, pair.1) }
        }
        let decay = Float(problem.network.weightDecay), part = 1 / Float(batch)
        g = (w * decay).addingProduct(g, part)
        loss = Float(own.idleEnergy).addingProduct(w * (0.5 * decay), w).addingProduct(loss, part)
        if let other { g *= Float(other.stepRatio) }
        if isDescent {
            network.w = w + -Float(problem.parameters[0]) * g
            return
        }
        guard var control = network.control else { return }
        (control.parameters, control.loss) = (problem.parameters, Double(loss))
        let rule = problem.rule, scalars = rule.control(&control), factor = rule.gradientFactor.map { scalars[$0] } ?? 1
        var weight = UpdateRule.Weight(Double(w), states: network.states)
        rule.step(&weight, Double(g), scalars)
        for (place, reduction) in rule.reductions.enumerated() {
            control.reductions[place] = reduction.term(weight.states, factor * Double(g))
        }
        control.step += 1
        (network.w, network.states, network.control) = (Float(weight.value), weight.states, control)
    }
}
