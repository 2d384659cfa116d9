import Networks

/// A second setting of every network of an ensemble, between which and the first it changes by itself: adjustable neurons, steps and mini-batches
/// (arXiv:2111.00903) by a law that is stated, as the paper states none.
///
/// Before a step a network draws its setting anew with probability ``renewal``, both being as likely whatever the weight is: numbers are exchanged
/// with a reservoir that does not hear of F. With renewal 1 settings are independent from step to step; with renewal rη they are forgotten at
/// the rate r in the time of learning.
public struct EnsembleAlternative: Sendable, Hashable {
    /// Its step over that of the first setting: the factor of its gradients, noise included.
    public var stepRatio: Double
    /// B of it.
    public var batch: Int
    /// N of it.
    public var neurons: Int
    /// The probability with which a network draws its setting before a step, above 0 and at most 1.
    public var renewal: Double

    public init(stepRatio: Double = 1, batch: Int, neurons: Int, renewal: Double) {
        (self.stepRatio, self.batch, self.neurons, self.renewal) = (stepRatio, batch, neurons, renewal)
    }

    /// The probability in parts of 2³¹, as devices have it.
    var renewalWord: UInt32 { UInt32((renewal * 0x1p31).rounded()) }

    /// Refuses what is none.
    /// - Parameter learningRate: that of the first setting, of descent; nil for other rules.
    /// - Throws: `LearningError`.
    func check(_ network: MicroNetwork, learningRate: Double?, within range: ClosedRange<Double>) throws(LearningError) {
        try LearningError.require((1...4096).contains(batch), "the other mini-batch", "\(batch)", "from 1 to 4096", "use 1")
        try LearningError.require((1...4096).contains(neurons), "the other number of neurons", "\(neurons)", "from 1 to 4096", "use 8")
        try LearningError.require(
            renewal >= 0x1p-31 && renewal <= 1, "the renewal of settings", "\(renewal)", "above 0 and at most 1",
            "use 1 for settings that are drawn at each step")
        try LearningError.require(
            stepRatio > 0 && stepRatio <= 1e6, "the ratio of both steps", "\(stepRatio)", "positive and at most 1e6", "use 3")
        guard let learningRate else { return }
        for neurons in [network.neurons, neurons] {
            try network.with(neurons: neurons).check(learningRate: learningRate * max(1, stepRatio), within: range)
        }
    }
}

extension EnsembleTraining {
    /// D₀ of a noise in the gradients of descent, ⟨η²⟩ noise²/2⟨η⟩ over both settings.
    public func diffusion(ofNoise noise: Double) -> Double { noise * noise * noisyStep / 2 }

    /// The noise in the gradients of descent that gives weights the diffusion D₀.
    public func noise(ofDiffusion diffusion: Double) -> Double { (2 * diffusion / noisyStep).squareRoot() }

    /// ⟨η²⟩/⟨η⟩ over both settings of descent.
    private var noisyStep: Double {
        let rate = schedule.learningRates[0], ratio = alternative?.stepRatio ?? 1
        return rate * (1 + ratio * ratio) / (1 + ratio)
    }

    /// ⟨η⟩ over both settings of descent: the time of a step.
    public var meanRate: Double { schedule.learningRates[0] * (1 + (alternative?.stepRatio ?? 1)) / 2 }

    /// D of descent with two settings at a weight: half the variance of a single step over ⟨η⟩, what the settings differ in included.
    func diffusion(at w: Double, _ alternative: EnsembleAlternative) -> Double {
        let rate = schedule.learningRates[0]
        let settings = [
            (network, batch, rate), (network.with(neurons: alternative.neurons), alternative.batch, rate * alternative.stepRatio),
        ].map { network, batch, rate -> (mean: Double, variance: Double) in
            let gradient = network.gradient(at: w)
            return (rate * gradient.mean, rate * rate * gradient.variance / Double(batch))
        }
        let apart = (settings[0].mean - settings[1].mean) / 2
        return diffusion + ((settings[0].variance + settings[1].variance) / 2 + apart * apart) / (2 * meanRate)
    }
}
