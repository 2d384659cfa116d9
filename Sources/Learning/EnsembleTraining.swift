import Arrays
import Networks

/// An ensemble of micro networks from several initial densities, with everything that its numbers follow from: the unit of a scan of ensembles.
///
/// Network n of the ensemble draws its random numbers by n, so that neither the device nor how networks are divided changes a bit of what
/// whole numbers count.
public struct EnsembleTraining: Sendable, Hashable {
    /// The network.
    public var network: MicroNetwork
    /// E: networks from each initial density. Four parts of equal size are counted apart, so what is beyond a multiple of 4 is left out.
    public var networks: Int
    /// The initial densities, each normal.
    public var starts: [Start]
    /// How a step moves a weight; the same parameters at every step.
    public var schedule: Schedule
    /// K, the number of steps.
    public var steps: Int
    /// Steps after which weights are counted, ascending, 0 and K among them.
    public var recordedSteps: [Int]
    /// B: data of a step, each with neurons of its own.
    public var batch: Int
    /// The standard deviation of what is added to the gradient of a step.
    public var noise: Double
    /// The time that passes in a step: η for descent, of two settings the mean.
    public var timeStep: Double
    /// D₀ = noise² η/2 of descent, whose diffusion is D₀ + η Var(∂H/∂w)/2B; of other rules the D by which the quantum potential is measured.
    public var diffusion: Double
    /// What each network may change to and back; nil for networks that stay as they are.
    public var alternative: EnsembleAlternative?
    /// The key of the random numbers.
    public var seed: UInt64
    /// The bins in which weights are counted.
    public var bins: EnsembleProblem.Bins

    /// A normal density of weights.
    public struct Start: Sendable, Hashable {
        public var mean: Double
        public var deviation: Double

        public init(mean: Double, deviation: Double) { (self.mean, self.deviation) = (mean, deviation) }
    }

    /// Parts of an ensemble that are counted apart: their scatter gives standard errors.
    public static let parts = 4
    /// Networks from each density at the least: the sampling floor of a histogram of 320 bins stays near 0.02.
    public static let fewest = 40_000
    /// Six densities that share one landscape, between and beyond the wells of the default network.
    public static let standardStarts = [(-0.9, 0.18), (0.0, 0.25), (0.7, 0.15), (1.9, 0.2), (-1.8, 0.3), (0.3, 0.5)]
        .map { Start(mean: $0.0, deviation: $0.1) }

    /// An ensemble; see the properties. Default: counted about 40 times, at equal distances, in 320 bins from −3.2 to 3.2.
    public init(
        network: MicroNetwork, networks: Int, starts: [Start] = standardStarts, schedule: Schedule, steps: Int, recordedSteps: [Int]? = nil,
        batch: Int, noise: Double, timeStep: Double, diffusion: Double, alternative: EnsembleAlternative? = nil, seed: UInt64,
        bins: EnsembleProblem.Bins = .init(-3.2...3.2, count: 320)
    ) {
        self.network = network
        self.networks = networks
        self.starts = starts
        self.schedule = schedule
        self.steps = steps
        let stride = Self.standardStride(steps)
        self.recordedSteps = recordedSteps ?? Array(Set(Swift.stride(from: 0, through: steps, by: stride)).union([steps])).sorted()
        self.batch = batch
        self.noise = noise
        self.timeStep = timeStep
        self.diffusion = diffusion
        self.alternative = alternative
        self.seed = seed
        self.bins = bins
    }

    /// Descent with mini-batches and noise, w ← w − η ∂H/∂w + √(2D₀η) ξ.
    /// - Throws: `NetworkError` for a learning rate that is not positive.
    public static func descent(
        _ network: MicroNetwork, networks: Int, learningRate: Double, batch: Int, diffusion: Double, steps: Int,
        recordedSteps: [Int]? = nil, alternative: EnsembleAlternative? = nil, seed: UInt64
    ) throws -> EnsembleTraining {
        var training = EnsembleTraining(
            network: network, networks: networks, schedule: try Schedule(learningRate: learningRate), steps: steps,
            recordedSteps: recordedSteps, batch: batch, noise: 0, timeStep: learningRate, diffusion: diffusion, alternative: alternative,
            seed: seed)
        (training.noise, training.timeStep) = (training.noise(ofDiffusion: diffusion), training.meanRate)
        return training
    }

    /// Steps between two counts that make about 40 of them.
    public static func standardStride(_ steps: Int) -> Int { max(1, steps / 40) }

    /// Whether a step is −η g and nothing else.
    public var isDescent: Bool { schedule.rule == .heavyBall && schedule.momenta.allSatisfy { $0 == 0 } }

    /// D at a weight.
    public func diffusion(at w: Double) -> Double {
        if isDescent, let alternative { return diffusion(at: w, alternative) }
        return isDescent ? diffusion + timeStep * network.gradient(at: w).variance / Double(2 * batch) : diffusion
    }

    /// Times of the counts.
    public var times: [Double] { recordedSteps.map { Double($0) * timeStep } }

    /// One part of it, from one of its densities.
    var problem: EnsembleProblem {
        EnsembleProblem(
            network: network, count: networks / Self.parts, rule: schedule.rule.needed(for: [schedule]),
            parameters: schedule.parameters(at: 0), batch: batch, noise: noise, alternative: alternative,
            seed: seed, bins: bins)
    }

    /// Bytes that it takes of a device, of which a part is there at a time.
    public var deviceBytes: Int {
        let rule = schedule.rule.needed(for: [schedule])
        let numbers = rule.states.count.plus(rule.memory.count).plus(rule.reductions.count).plus(alternative == nil ? 2 : 3)
        return (networks / Self.parts).plus(64).times(numbers, 4).plus(bins.count.times(recordedSteps.count, 4))
    }

    /// Refuses what cannot be computed or says nothing, before any work.
    /// - Throws: `LearningError`.
    public func check() throws(LearningError) {
        guard networks >= Self.fewest else {
            throw .tooFewNetworks(count: networks, needed: Self.fewest, purpose: "a density in \(bins.count) bins told to 2 %")
        }
        // Numbers of networks are words of 32 bits in the counters of the random numbers; a density has no more than a GPU's memory holds.
        let most = min(1 << 28, Int(UInt32.max) / max(1, starts.count))
        try LearningError.require(networks <= most, "the number of networks", "\(networks)", "at most \(most)", "use several seeds")
        try LearningError.require(
            (1...64).contains(starts.count), "the number of initial densities", "\(starts.count)", "from 1 to 64", "use six")
        for start in starts {
            try LearningError.require(
                bins.range.contains(start.mean), "the mean of an initial density", "\(start.mean)",
                "from \(bins.range.lowerBound) to \(bins.range.upperBound)", "weights are counted there")
            try LearningError.require(
                start.deviation > 0 && start.deviation <= 1, "the deviation of an initial density", "\(start.deviation)",
                "positive and at most 1", "use 0.2")
        }
        try LearningError.require((1...4096).contains(batch), "the mini-batch", "\(batch)", "from 1 to 4096", "use 8")
        try LearningError.require(
            isDescent ? diffusion >= 0 && diffusion.isFinite : diffusion > 0 && diffusion.isFinite, "the diffusion", "\(diffusion)",
            "positive and finite", "use 0.06")
        try LearningError.require(
            noise >= 0 && noise <= 1e6, "the noise", "\(noise)", "from 0 to 1e6", "use 2.4, a diffusion of 0.06 at η = 0.02")
        try LearningError.require(
            timeStep > 0 && timeStep.isFinite, "the time of a step", "\(timeStep)", "positive and finite", "use η for descent")
        try LearningError.require(
            schedule.isConstant, "the schedule", "a list of steps", "the same at every step", "give one value for each parameter")
        try LearningError.require(steps: steps)
        try alternative?.check(network, learningRate: isDescent ? schedule.learningRates[0] : nil, within: bins.range)
        if schedule.rule == .heavyBall {
            try network.check(learningRate: schedule.learningRates[0], momentum: schedule.momenta[0], within: bins.range)
        }
    }
}
