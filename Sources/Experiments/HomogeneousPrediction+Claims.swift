import Arrays
import Duality
import Foundation

extension HomogeneousPrediction {
    func judge(_ judged: [Trained], of all: [Trained]) throws -> [Claim] {
        let scope = "\(judged.count) of \(all.count) networks with Θ₀ l(f₀) < 0.1 V₀"
        var claims: [Claim] = []

        func median(_ claim: String, _ prediction: Prediction, _ limit: Double, greatest: Bool) throws {
            let errors = judged.map { greatest ? $0.greatestError(prediction) : $0.endError(prediction) }
            let control = try Statistics.median(judged.map { greatest ? $0.greatestError(.null) : $0.endError(.null) })
            let median = try Median(errors)
            let error = greatest ? "greatest error over time" : "error at the end"
            claims.append(
                .judged(
                    id, claim, "median \(error) / travel ≤ \(Claim.percent(limit)); \(scope)",
                    median.value, text: Claim.percent(median.value), standardError: median.standardError, .atMost(limit),
                    control: .value(control)))
        }
        func tail(_ claim: String, _ prediction: Prediction) throws {
            let errors = judged.map { $0.endError(prediction) }
            let quantile = try Statistics.quantile(errors, 0.9)
            let control = try Statistics.quantile(judged.map { $0.endError(.null) }, 0.9)
            claims.append(
                .judged(
                    id, claim, "90 % quantile of the error at the end / travel ≤ 5 %; \(scope)", quantile, text: Claim.percent(quantile),
                    .atMost(0.05), control: .value(control)))
        }
        try median("The paper's field ends where the network does", .paper, 0.01, greatest: false)
        try tail("The paper's field rarely misses", .paper)
        try median("The corrected field ends where the network does", .corrected, 0.003, greatest: false)
        try tail("The corrected field rarely misses", .corrected)
        try median("The paper's field follows the whole trajectory", .paper, 0.01, greatest: true)
        try median("The corrected field follows the whole trajectory", .corrected, 0.004, greatest: true)
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
                    .atMost(0.25), control: .value(null.value)))
        }
        if !light.isEmpty {
            let paper = try Median(light.map { $0.endError(.paper) }), null = try Median(light.map { $0.endError(.null) })
            claims.append(
                Claim(
                    figure: id, claim: "At momentum 0 the end point shows the field's inertia",
                    criterion: "paper's median error / travel at most a quarter of the null model's; \(light.count) networks",
                    measured: paper.value / null.value,
                    measuredText: "\(Claim.percent(paper.value)) against \(Claim.percent(null.value)): the end point does not tell",
                    control: .value(null.value), verdict: paper.value <= 0.25 * null.value ? .holds : .undecidable))
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
                    + Claim.number(try Statistics.median(drifts)), .atLeast(0.9), control: .value(try Statistics.quantile(drifts, 0.9))),
        ]
    }

    /// Friction and kernel fitted to the trajectories, without a dictionary.
    private func fitClaims(_ judged: [Trained]) throws -> [Claim] {
        let told = judged.filter { $0.fit?.isIdentifiable == true }
        var claims: [Claim] = []
        if !told.isEmpty {
            let deviations = try Median(told.map { abs($0.fit!.friction / $0.stated.friction - 1) })
            claims.append(
                .judged(
                    id, "The friction fitted to a trajectory, knowing no dictionary, is the corrected dictionary's 3H",
                    "median |fitted / stated − 1| ≤ 5 % over the \(told.count) of \(judged.count) trajectories that tell friction "
                        + "and force apart",
                    deviations.value, text: Claim.percent(deviations.value), standardError: deviations.standardError, .atMost(0.05)))
        }
        let rest = judged.compactMap { trained -> Double? in
            guard let fit = trained.fit, !fit.isIdentifiable, let rate = fit.driftRate, rate.isFinite else { return nil }
            return abs(rate * trained.stated.friction / trained.stated.force - 1)
        }
        if !rest.isEmpty {
            let deviations = try Median(rest)
            claims.append(
                Claim(
                    figure: id, claim: "Where a trajectory does not tell friction and force apart, their ratio F/3H is the dictionary's",
                    criterion: "median |fitted / stated − 1| ≤ 5 % over \(rest.count) trajectories", measured: deviations.value,
                    measuredText: Claim.percent(deviations.value), standardError: deviations.standardError,
                    verdict: deviations.value <= 0.05 ? .holds : .fails))
        }
        return claims
    }
}
