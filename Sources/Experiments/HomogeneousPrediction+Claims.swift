import Arrays
import Duality
import Foundation

extension HomogeneousPrediction {
    func judge(_ judged: [Trained], of all: [Trained]) throws -> [Claim] {
        let scope = "\(judged.count) of \(all.count) networks with Θ₀ l(f₀) < 0.1 V₀"
        var claims: [Claim] = []

        func quantile(_ claim: String, _ prediction: Prediction, _ fraction: Double, _ limit: Double, greatest: Bool) throws {
            let error = greatest ? "greatest error over time" : "error at the end"
            func errors(_ prediction: Prediction) -> [Double] {
                judged.map { greatest ? $0.greatestError(prediction) : $0.endError(prediction) }
            }
            let measured = try Statistics.quantile(errors(prediction), fraction)
            let control = try Statistics.quantile(errors(.null), fraction)
            let name = fraction == 0.5 ? "median" : "\(Claim.number(100 * fraction)) % quantile of the"
            // Accuracy is no evidence for inertia where the model without inertia is as accurate.
            let caution = control <= limit ? "; the null model, \(Claim.percent(control)), meets it too" : ""
            claims.append(
                .judged(
                    id, claim, "\(name) \(error) / travel ≤ \(Claim.percent(limit)); \(scope)", measured,
                    text: Claim.percent(measured) + caution,
                    standardError: fraction == 0.5 ? try Median(errors(prediction)).standardError : nil, .atMost(limit),
                    control: .value(control)))
        }
        try quantile("The paper's field ends where the network does", .paper, 0.5, 0.01, greatest: false)
        try quantile("The paper's field rarely misses", .paper, 0.9, 0.05, greatest: false)
        try quantile("The corrected field ends where the network does", .corrected, 0.5, 0.003, greatest: false)
        try quantile("The corrected field rarely misses", .corrected, 0.9, 0.05, greatest: false)
        try quantile("The paper's field follows the whole trajectory", .paper, 0.5, 0.01, greatest: true)
        try quantile("The corrected field follows the whole trajectory", .corrected, 0.5, 0.004, greatest: true)
        claims += try nullClaims(judged) + driftClaims(judged) + fitClaims(judged)
        return claims
    }

    /// Is there inertia? At momentum 0 the end point cannot tell.
    private func nullClaims(_ judged: [Trained]) throws -> [Claim] {
        let heavy = judged.filter { $0.field.momentum == 0.9 }, light = judged.filter { $0.field.momentum == 0 }
        var claims: [Claim] = []
        if !heavy.isEmpty {
            let paper = try Median(heavy.map { $0.endError(.paper) }), null = try Median(heavy.map { $0.endError(.null) })
            claims.append(
                .judged(
                    id, "At momentum 0.9 the field needs its inertia: the null model 3Hf′ = −Θ₀l′ does worse",
                    "paper's median error / travel at most a quarter of the null model's; \(heavy.count) networks",
                    paper.value / null.value,
                    text: "\(Claim.percent(paper.value)) against \(Claim.percent(null.value))",
                    standardError: paper.value / null.value
                        * hypot(paper.standardError / paper.value, null.standardError / null.value),
                    .atMost(0.25), control: .words("null model \(Claim.percent(null.value))")))
        }
        if !light.isEmpty {
            let paper = try Median(light.map { $0.endError(.paper) }), null = try Median(light.map { $0.endError(.null) })
            claims.append(
                Claim(
                    figure: id, claim: "At momentum 0 the end point shows the field's inertia",
                    criterion: "paper's median error / travel at most a quarter of the null model's; \(light.count) networks",
                    measured: paper.value / null.value,
                    measuredText: "\(Claim.percent(paper.value)) against \(Claim.percent(null.value)): the end point does not tell",
                    control: .words("null model \(Claim.percent(null.value))"),
                    verdict: paper.value <= 0.25 * null.value ? .holds : .undecidable))
        }
        return claims
    }

    /// What is left is the drift of the kernel.
    private func driftClaims(_ judged: [Trained]) throws -> [Claim] {
        let errors = judged.map { $0.field.comparisons[.paper]!.endError }, drifts = judged.map(\.field.kernelDrift)
        let correlation = try Statistics.spearmanCorrelation(errors, drifts)
        let pairs = Array(zip(errors, drifts))
        let error = try Statistics.bootstrapStandardError(count: pairs.count, resamples: 100) { sample in
            (try? Statistics.spearmanCorrelation(sample.map { pairs[$0].0 }, sample.map { pairs[$0].1 })) ?? .nan
        }
        let worst = pairs.sorted { $0.0 > $1.0 }.prefix(max(1, pairs.count / 20)).map(\.1)
        let worstDrift = try Statistics.median(worst)
        let rank = Double(drifts.count { $0 < worstDrift }) / Double(drifts.count)
        return [
            .judged(
                id, "The error grows with the drift of the tangent kernel", "Spearman correlation of |error| with |ΔΘ|/Θ ≥ 0.6",
                correlation,
                standardError: error, .atLeast(0.6)),
            .judged(
                id, "The worst predictions are those whose kernel drifted most",
                "median |ΔΘ|/Θ of the 5 % worst above the 90 % quantile of all", rank,
                text: "at the \(Claim.percent(rank)) quantile: \(Claim.number(worstDrift)) against a median of "
                    + Claim.number(try Statistics.median(drifts)), .atLeast(0.9),
                control: .words("90 % quantile \(Claim.number(try Statistics.quantile(drifts, 0.9)))")),
        ]
    }

    /// Friction and kernel fitted to the trajectories, without a dictionary.
    private func fitClaims(_ judged: [Trained]) throws -> [Claim] {
        let told = judged.filter { $0.fit?.isIdentifiable == true }
        var claims: [Claim] = []
        if !told.isEmpty {
            let deviations = try Median(told.map { abs($0.fit!.friction / $0.stated.friction - 1) })
            // (1 − γ)/√η is (1 + γ)/2 of the corrected friction.
            let paper = try Statistics.median(told.map { abs($0.fit!.friction / ($0.stated.friction * (1 + $0.field.momentum) / 2) - 1) })
            let momenta = Set(told.map(\.field.momentum)).sorted().map { Claim.number($0) }.joined(separator: ", ")
            claims.append(
                .judged(
                    id, "The friction fitted to a trajectory, knowing no dictionary, is the corrected dictionary's 3H",
                    "median |fitted / stated − 1| ≤ 5 % over the \(told.count) of \(judged.count) trajectories that tell friction "
                        + "and force apart (γ = \(momenta))",
                    deviations.value, text: "\(Claim.percent(deviations.value)); from the paper's 3H \(Claim.percent(paper))",
                    standardError: deviations.standardError, .atMost(0.05), control: .value(paper)))
        }
        let rest = judged.compactMap { trained -> Double? in
            guard let fit = trained.fit, fit.verdict == .transientTooShort || fit.verdict == .tooUncertain,
                let rate = fit.driftRate, rate.isFinite
            else { return nil }
            return abs(rate * trained.stated.friction / trained.stated.force - 1)
        }
        if !rest.isEmpty {
            let deviations = try Median(rest)
            claims.append(
                .judged(
                    id, "Where a trajectory does not tell friction and force apart, their ratio is FΘ₀/3H, on which the dictionaries agree",
                    "median |fitted / stated − 1| ≤ 5 % over the \(rest.count) such trajectories whose fit converged and whose kernel held",
                    deviations.value, text: Claim.percent(deviations.value), standardError: deviations.standardError, .atMost(0.05)))
        }
        return claims
    }
}
