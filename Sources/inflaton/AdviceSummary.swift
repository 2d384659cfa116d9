import Arrays
import Duality
import Experiments
import Figures

/// What `inflaton advise` says.
struct AdviceSummary: Encodable {
    struct Bound: Encodable {
        let momentum: Double
        let largestStable: Double
        let largestVacuum: Double
    }

    struct Mode: Encodable {
        let eigenvalue: Double
        let share: Double?
        let stepCurvature: Double
        let criticalMomentum: Double?
        let learnedAt: Int?
    }

    struct Asked: Encodable {
        let learningRate: Double
        let momentum: Double
        let predictedLoss: Double
    }

    let learningRate: Double
    let momentum: Double
    let steps: Int
    let initialLoss: Double
    let predictedLoss: Double
    let predictedLeast: Double
    let predictedGreatest: Double
    let bounds: [Bound]
    let modes: [Mode]
    let confidence: String
    let chance: Double
    let linearisationError: Double
    let kernelDrift: Double
    let trustedWidth: Int?
    let asked: Asked?
    let claims: [Claim]
    let warning: String

    /// The modes in the text; JSON has them all.
    private static let shownModes = 8

    init(
        _ advice: Advice, _ report: AdviceReport, momenta: [Double], planckMass: Double,
        asked: (learningRate: Double, momentum: Double)?
    ) throws {
        learningRate = advice.learningRate
        momentum = advice.momentum
        steps = advice.steps
        initialLoss = advice.initialLoss
        predictedLoss = advice.predictedLoss
        predictedLeast = advice.predictedRange.lowerBound
        predictedGreatest = advice.predictedRange.upperBound
        bounds = try momenta.map {
            Bound(
                momentum: $0, largestStable: try advice.largestStableLearningRate(momentum: $0),
                largestVacuum: try advice.largestVacuumLearningRate(momentum: $0, planckMass: planckMass))
        }
        modes = advice.modes.map {
            Mode(
                eigenvalue: $0.eigenvalue, share: $0.share, stepCurvature: $0.stepCurvature, criticalMomentum: $0.criticalMomentum,
                learnedAt: $0.learnedAt)
        }
        let trust = advice.trust
        confidence = trust.word.rawValue
        chance = trust.word.chance
        linearisationError = trust.linearisationError
        kernelDrift = trust.kernelDrift
        trustedWidth = report.trustedWidth
        self.asked = try asked.map {
            Asked(
                learningRate: $0.learningRate, momentum: $0.momentum,
                predictedLoss: try advice.loss(learningRate: $0.learningRate, momentum: $0.momentum))
        }
        claims = try report.claims()
        warning = Self.warning(
            advice, width: trust.widthFactor > 1 ? report.trustedWidth : nil, isChecked: claims.contains { $0.figure == "check" })
    }

    /// Why the advice is not sure, and what would help: a network that is wide enough needs no wider one.
    private static func warning(_ advice: Advice, width: Int?, isChecked: Bool) -> String {
        let trust = advice.trust
        var reasons: [String] = [], remedies: [String] = []
        let mayDiverge = !(trust.losses.upperBound < advice.initialLoss)
        if trust.linearisationError > AdviceTrust.sureError || trust.widthFactor > 1 {
            reasons.append("the network leaves its linearisation by \(NumberText.rounded(100 * trust.linearisationError)) % of its travel")
            if let width { remedies.append("widen the network to \(width)") }
            remedies.append("bring the targets closer")
        }
        if mayDiverge { reasons.append("with a kernel that the training may meet, the advised pair learns nothing") }
        if trust.stepsOverBudget > 1.1 {
            reasons.append(
                "with a kernel that the training may meet, the advised pair takes "
                    + (trust.stepsOverBudget >= 2
                        ? "twice the budget or more" : "\(NumberText.rounded(trust.stepsOverBudget)) times the budget"))
            remedies.append("train for more steps")
        }
        if reasons.isEmpty {
            reasons.append("\(advice.steps.number(of: "step")) leave much to learn, so that pairs differ by little")
            remedies.append("train for more steps")
        }
        if !isChecked { remedies.append("train others beside it (--check; in Python, check=True)") }
        return reasons.joined(separator: ", and ") + ": "
            + (trust.word == .warning
                ? "its kernel at the start does not tell where the training goes" : "which pair is best may be another")
            + (remedies.isEmpty ? "" : "; " + remedies.joined(separator: ", or "))
    }

    /// Both factors of a loss of float64 are known to 1e-16 of what the outputs began with: below that no training comes.
    private static let rounding = 1e-31

    /// A predicted loss, or that training would not reach it.
    private func text(ofLoss loss: Double) -> String {
        loss < Self.rounding * initialLoss ? "below rounding (about 1e-31 of the first)" : NumberText.rounded(loss)
    }

    var text: String {
        var listing = Listing()
        listing.add(
            "advised",
            "η = \(NumberText.rounded(learningRate, digits: 4)), γ = \(NumberText.rounded(momentum, digits: 4))"
                + (steps == 1 ? ", which has no effect in one step" : ""))
        listing.add(
            "predicted loss",
            "\(text(ofLoss: predictedLoss)) after \(steps.number(of: "step")), from \(NumberText.rounded(initialLoss)): the mean over kernels and "
                + "η ± 1 %"
                + (predictedGreatest < Self.rounding * initialLoss
                    ? "" : "; with η as it is \(text(ofLoss: predictedLeast)) to \(text(ofLoss: predictedGreatest))"))
        listing.add(
            "confidence",
            "\(confidence): of such problems \(NumberText.rounded(100 * chance, digits: 2)) % went as well as the best of 64 trained pairs")
        listing.add(
            "linearisation error",
            "\(NumberText.rounded(100 * linearisationError)) % of the travel; drift of the kernel "
                + "\(NumberText.rounded(100 * kernelDrift)) %")
        if let trustedWidth { listing.add("trusted from width", "\(trustedWidth)") }
        for bound in bounds {
            listing.add(
                "largest η at γ = \(NumberText.rounded(bound.momentum, digits: 4))",
                "\(NumberText.rounded(bound.largestStable, digits: 4)) stable, \(NumberText.rounded(bound.largestVacuum, digits: 4)) vacuum-dominated"
            )
        }
        if let asked {
            listing.add(
                "predicted at η = \(NumberText.rounded(asked.learningRate, digits: 4)), γ = \(NumberText.rounded(asked.momentum, digits: 4))",
                text(ofLoss: asked.predictedLoss))
        }
        var rows = [["mode", "λ/N", "of the loss", "η L l″", "critical γ", "learned to 1 %"]]
        for (index, mode) in modes.prefix(Self.shownModes).enumerated() {
            let share: String = mode.share.map { NumberText.rounded(100 * $0) + " %" } ?? "-"
            let critical: String = mode.criticalMomentum.map { NumberText.rounded($0) } ?? "none"
            let learned: String = mode.learnedAt.map { "step \($0)" } ?? "later"
            rows.append([
                "\(index + 1)", NumberText.rounded(mode.eigenvalue), share, NumberText.rounded(mode.stepCurvature), critical, learned,
            ])
        }
        let table = TextTable.text(rows)
        let rest = modes.count > Self.shownModes ? "and \(modes.count - Self.shownModes) more in summary.json\n" : ""
        let checks = claims.filter { $0.figure == "check" }.map { claim in
            let more = [claim.detail, claim.reason].filter { !$0.isEmpty }.map { "; \($0)" }.joined()
            return "\(claim.claim): \(claim.verdictText), \(claim.numberText) (\(claim.criterion))\(more)\n"
        }
        return listing.text + "\n" + table + rest + checks.joined()
    }
}

extension AdviceTrust.Word {
    /// The share of the 200 random problems of `reproduce --experiment advise` of which this was said where the advised pair did as well as the
    /// best of 64 trained ones; of n problems (k + 2)/(n + 4), as Agresti and Coull have it.
    fileprivate var chance: Double {
        switch self {
        case .sure: 0.946
        case .unsure: 0.774
        case .warning: 0.714
        }
    }
}
