import Networks

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the kernel at the start tells of a training before there is one: which learning rate and momentum to take, what they will reach, and
/// how sure that is.
public struct Advice: Sendable {
    /// Before the network was looked at where training would end: the choice of the frozen kernel alone, and that look.
    public struct Draft: Sendable {
        let forecast: LossForecast
        let steps: Int
        let range: AdviceRange
        /// The choice of the frozen kernel.
        public let learningRate, momentum: Double
        /// Where training would end.
        public let probe: KernelProbe

        /// - Parameters:
        ///   - network: at its start; its schedule and its steps are not used.
        ///   - steps: K, the budget.
        /// - Throws: `DualityError`, `.outOfRange` for a budget below 1 or where nothing is left to learn or to choose.
        public init(_ network: FrozenNetwork, steps: Int, range: AdviceRange) throws(DualityError) {
            guard steps >= 1 else {
                throw .outOfRange(what: "the budget of steps", value: Double(steps), limit: "at least 1", remedy: "use 200")
            }
            forecast = try LossForecast(network)
            (self.steps, self.range) = (steps, range)
            let best = try AdviceSearch(forecasts: [forecast], steps: steps, range: range).best()
            (learningRate, momentum) = (best.learningRate, best.momentum)
            probe = try KernelProbe(forecast, learningRate: learningRate, momentum: momentum, steps: steps)
        }

        /// The advice, once the network was evaluated at the end of the probe.
        /// - Parameters:
        ///   - outputs: f(θ₁), (N, C).
        ///   - kernel: Θ(θ₁), (N·C, N·C).
        /// - Throws: `DualityError`.
        public func advice(outputs: [Double], kernel: [Double]) throws(DualityError) -> Advice {
            try Advice(self, try KernelProbe.Finding(probe, of: forecast.network, outputs: outputs, kernel: kernel))
        }
    }

    /// A mode of the kernel: an eigenvector, and how the training moves along it.
    public struct Mode: Sendable, Hashable {
        /// L_i = λ_i/N.
        public let eigenvalue: Double
        /// Its part of the loss at the start, of quadratic losses; nil for others.
        public let share: Double?
        /// q = η L_i l″ with the advised η.
        public let stepCurvature: Double
        /// (1 − √q)², the momentum at which the mode is critically damped with the advised η: below it the mode creeps, above it oscillates. Nil
        /// for q ≥ 1, where it oscillates, or alternates, with every momentum.
        public let criticalMomentum: Double?
        /// The first step from which on the mode stays below 1 % of its first size; nil if that is not within 20 K steps, or, of losses that
        /// are not quadratic, K.
        public let learnedAt: Int?
    }

    /// η.
    public let learningRate: Double
    /// γ.
    public let momentum: Double
    /// K.
    public let steps: Int
    /// The predicted L_K: what was minimised, a mean over the kernels that training may meet.
    public let predictedLoss: Double
    /// From the least to the greatest of them.
    public let predictedRange: ClosedRange<Double>
    /// L_0.
    public let initialLoss: Double
    /// L₁ l″.
    public let curvature: Double
    /// Descending in the eigenvalue.
    public let modes: [Mode]
    /// How far it can be trusted.
    public let trust: AdviceTrust
    /// Of the kernel at the start, half-way and at the end of the probe, by all of which the choice is made.
    public let forecasts: [LossForecast]
    let range: AdviceRange

    /// Modes within this part of where they started are learned.
    public static let learned = 0.01
    /// A loss below this part of the first is learned.
    public static let learnedLoss = learned * learned

    private init(_ draft: Draft, _ finding: KernelProbe.Finding) throws(DualityError) {
        let start = draft.forecast
        forecasts = [start, finding.middle, finding.end]
        (steps, range) = (draft.steps, draft.range)
        let search = AdviceSearch(forecasts: forecasts, steps: steps, range: range), best = try search.best()
        (learningRate, momentum, predictedLoss) = (best.learningRate, best.momentum, best.loss)
        initialLoss = start.initialLoss
        curvature = start.rates[0]
        modes = try Self.modes(start, learningRate: best.learningRate, momentum: best.momentum, steps: draft.steps)
        trust = try AdviceTrust(forecasts, steps: steps, best, finding)
        predictedRange = trust.losses
    }

    private static func modes(
        _ forecast: LossForecast, learningRate: Double, momentum: Double, steps: Int
    ) throws(DualityError) -> [Mode] {
        let network = forecast.network, (values, vectors) = try network.modes(), count = network.fields
        let trajectory =
            forecast.shares.isEmpty ? try forecast.trajectory(learningRate: learningRate, momentum: momentum, steps: steps) : []
        return values.indices.map { mode in
            let q = learningRate * forecast.rates[mode]
            var learnedAt: Int?
            if forecast.shares.isEmpty {
                let amplitudes = (0...steps).map { step in
                    (0..<count).reduce(0.0) {
                        $0 + vectors[$1 * count + mode] * (trajectory[step * count + $1] - network.anchors[$1])
                    }
                }
                let last = amplitudes.lastIndex { !(abs($0) <= learned * abs(amplitudes[0])) } ?? -1
                learnedAt = last < steps ? last + 1 : nil
            } else {
                learnedAt = HeavyBallPower.settles(
                    stepCurvature: q, momentum: momentum, below: learned, limit: min(1_000_000, steps > 50_000 ? 1_000_000 : 20 * steps))
            }
            let root = 1 - q.squareRoot()
            return Mode(
                eigenvalue: max(0, values[mode]) / Double(network.points),
                share: forecast.shares.isEmpty ? nil : forecast.shares[mode] / forecast.initialLoss, stepCurvature: q,
                criticalMomentum: q < 1 ? root * root : nil, learnedAt: learnedAt)
        }
    }

    /// What was minimised at any pair: the mean of the predicted losses after K steps.
    public func loss(learningRate: Double, momentum: Double) throws(DualityError) -> Double {
        try AdviceSearch(forecasts: forecasts, steps: steps, range: range).loss(learningRate, momentum)
    }

    /// 2 (1 + γ)/(L₁ l″): below it training is stable as long as the kernel stays what it is.
    public func largestStableLearningRate(momentum: Double) throws(DualityError) -> Double {
        try RegimeBounds(momentum: momentum).largestStableLearningRate(curvature: curvature)
    }

    /// The largest η at which vacuum energy dominates the universe that training is dual to, V₀ ≥ 10 Θ₀l(f₀) by the paper's dictionary.
    public func largestVacuumLearningRate(momentum: Double, planckMass: Double = 1) throws(DualityError) -> Double {
        try VacuumDomination.largestLearningRate(
            .paper, potential: try forecasts[0].network.potential(), momentum: momentum, planckMass: planckMass)
    }

    /// A lattice of pairs to train: momenta 0 and from ½ to 0.98 evenly in ln(1 − γ), learning rates from 1 to 97 % of the largest stable one
    /// evenly in ln η.
    /// - Parameters:
    ///   - side: how many of each, at least 2.
    ///   - curvature: L₁ l″.
    public static func lattice(side: Int, curvature: Double) -> [(learningRate: Double, momentum: Double)] {
        // Six digits, the same on machines whose eigenvalues differ in the last place.
        func rounded(_ value: Double) -> Double {
            let unit = pow(10, 5 - floor(log10(value)))
            return (value * unit).rounded() / unit
        }
        let momenta = [0.0] + (0..<side - 1).map { rounded(1 - 0.5 * pow(0.04, Double($0) / Double(max(1, side - 2)))) }
        return momenta.flatMap { momentum in
            (0..<side).map { column in
                (rounded(0.01 * pow(97, Double(column) / Double(side - 1)) * 2 * (1 + momentum) / curvature), momentum)
            }
        }
    }
}
