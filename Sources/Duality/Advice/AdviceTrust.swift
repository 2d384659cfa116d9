/// How far an advice can be trusted, from what is known before the training.
public struct AdviceTrust: Sendable, Hashable {
    /// What is said of it.
    public enum Word: String, Sendable, Hashable, Codable, CaseIterable {
        /// Finite width does not matter to the choice.
        case sure
        /// It may decide between pairs that are nearly as good.
        case unsure
        /// The training goes where the kernel at the start does not tell, as the network is too narrow for so long a way, or diverges with one
        /// of the kernels that it may meet.
        case warning = "do not rely on it"
    }

    /// |f − f_lin| over the travel where training would end (`KernelProbe`).
    public let linearisationError: Double
    /// |Θ(T) − Θ(0)|/|Θ(0)| that is expected.
    public let kernelDrift: Double
    /// The steps that the advised pair takes to the predicted loss, or to a loss of 10⁻⁴ of the first if that is more, over the budget: the
    /// worst of the kernels that training may meet. At most 2, and 1 or less where nothing is in doubt.
    public let stepsOverBudget: Double
    /// The predicted losses, from the least to the greatest of these kernels.
    public let losses: ClosedRange<Double>
    /// Drift and error fall as 1/width: all hidden layers this many times as wide would have the drift at 2.5 %
    /// (`ConditionThresholds.kernelDrift`), or the error at ``sureError``, whichever asks for more. Below 1 the network is wide enough.
    public let widthFactor: Double
    public let word: Word

    /// Errors of linearisation up to which the choice is sure in any case; up to which it is where the budget suffices to learn all; and beyond
    /// which it warns. Where something is left to learn, pairs that differ little compete, and as little as this decides between them.
    public static let tightError = 0.002, sureError = 0.05, warningError = 0.2

    init(
        _ forecasts: [LossForecast], steps: Int, _ best: AdviceSearch.Candidate, _ finding: KernelProbe.Finding
    ) throws(DualityError) {
        linearisationError = finding.linearisationError
        kernelDrift = finding.kernelDrift
        let target = max(best.loss, Advice.learnedLoss * forecasts[0].initialLoss)
        var (least, greatest, worst) = (Double.infinity, 0.0, 0)
        for forecast in forecasts {
            for factor in AdviceSearch.factors {
                let rate = factor * best.learningRate
                let loss = try forecast.finalLoss(learningRate: rate, momentum: best.momentum, steps: steps)
                (least, greatest) = (min(least, loss), max(greatest, loss))
                let limit = steps > Int.max / 2 ? steps : 2 * steps
                worst = max(
                    worst,
                    try forecast.firstStep(below: target, learningRate: rate, momentum: best.momentum, limit: limit) ?? limit)
            }
        }
        losses = least...max(least, greatest)
        stepsOverBudget = Double(worst) / Double(steps)
        widthFactor = max(kernelDrift / ConditionThresholds().kernelDrift, linearisationError / Self.sureError)
        // A pair that diverges with one of the kernels may diverge.
        let mayDiverge = !(losses.upperBound < forecasts[0].initialLoss)
        let learnsAll = losses.upperBound <= Advice.learnedLoss * forecasts[0].initialLoss
        word =
            linearisationError > Self.warningError || mayDiverge
            ? .warning : linearisationError <= (learnsAll ? Self.sureError : Self.tightError) ? .sure : .unsure
    }
}
