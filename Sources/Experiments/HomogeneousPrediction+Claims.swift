import Arrays
import Duality
import Figures
import Foundation
import Runs

extension HomogeneousPrediction {
    func judge(_ judged: [Trained], of all: [Trained]) throws -> [Claim] {
        try accuracyClaims(judged, of: all) + inertiaClaims(judged) + driftClaims(judged) + fitClaims(judged)
    }

    /// How near each field is. The control is the null model: where it is as near, nearness is no evidence for inertia.
    private func accuracyClaims(_ judged: [Trained], of all: [Trained]) throws -> [Claim] {
        let scope = "\(judged.count) of \(all.count) networks with Θ₀ l(f₀) < 0.1 V₀"
        func claim(_ claim: String, _ prediction: Prediction, _ fraction: Double, _ limit: Double, greatest: Bool) throws -> Claim {
            func quantile(_ prediction: Prediction, _ part: [Trained]) throws -> Double {
                try Statistics.quantile(part.map { greatest ? $0.greatestError(prediction) : $0.endError(prediction) }, fraction)
            }
            let name = fraction == 0.5 ? "median" : "\(Claim.number(100 * fraction)) % quantile of the"
            return .judged(
                id, claim,
                "\(name) \(greatest ? "greatest error over time" : "error at the end") / travel ≤ \(Claim.percent(limit)); \(scope)",
                try Estimate(judged) { try quantile(prediction, $0) }, .atMost(limit), unit: .percent,
                control: .init(try quantile(.null, judged), "null model"))
        }
        return [
            try claim("The paper's field ends where the network does", .paper, 0.5, 0.01, greatest: false),
            try claim("The paper's field rarely misses", .paper, 0.9, 0.05, greatest: false),
            try claim("The corrected field ends where the network does", .corrected, 0.5, 0.003, greatest: false),
            try claim("The corrected field rarely misses", .corrected, 0.9, 0.05, greatest: false),
            try claim("The paper's field follows the whole trajectory", .paper, 0.5, 0.01, greatest: true),
            try claim("The corrected field follows the whole trajectory", .corrected, 0.5, 0.004, greatest: true),
        ]
    }

    /// Is there inertia? By momentum, as the end point of a slow field cannot tell.
    private func inertiaClaims(_ judged: [Trained]) throws -> [Claim] {
        try Set(judged.map(\.field.momentum)).sorted().map { momentum in
            let part = judged.filter { $0.field.momentum == momentum }
            func median(_ prediction: Prediction, _ part: [Trained]) throws -> Double {
                try Statistics.median(part.map { $0.endError(prediction) })
            }
            let (paper, null) = (try median(.paper, part), try median(.null, part))
            return .judged(
                id, "At momentum \(Claim.number(momentum)) the end point shows the field's inertia: the null model 3Hf′ = −Θ₀l′ does worse",
                "paper's median error / travel at most a quarter of the null model's; \(part.count) networks",
                try Estimate(part, .logarithmic) { try median(.paper, $0) / median(.null, $0) }, .atMost(0.25),
                control: .init(1, "the null model's own"), detail: "\(Claim.percent(paper)) against \(Claim.percent(null))",
                explanation:
                    "With little momentum a field is overdamped: its acceleration is as small as the error of the paper's dictionary, "
                    + "so that friction alone, without inertia, predicts the end as well.")
        }
    }

    /// What is left is the drift of the kernel, which grows with the travel, as the error does by itself.
    private func driftClaims(_ judged: [Trained]) throws -> [Claim] {
        func errors(_ part: [Trained]) -> [Double] { part.map { $0.field.comparisons[.paper]!.endError } }
        func travels(_ part: [Trained]) -> [Double] { part.map { $0.field.comparisons[.paper]!.travel } }
        func drifts(_ part: [Trained]) -> [Double] { part.map(\.field.kernelDrift) }
        let all = (errors: errors(judged), travels: travels(judged), drifts: drifts(judged))
        let ranks = try Statistics.ranks(all.drifts).map { $0 / Double(judged.count) }
        /// The median of the drifts' ranks, 0 to 1, of the 5 % with the greatest values.
        func rankOfGreatest(_ values: [Double]) throws -> Double {
            let worst = values.indices.sorted { values[$0] > values[$1] }.prefix(max(1, values.count / 20))
            return try Statistics.median(worst.map { ranks[$0] })
        }
        let places = Array(judged.indices)
        return [
            .judged(
                id, "The error grows with the drift of the tangent kernel",
                "Spearman correlation of |error| with |ΔΘ|/Θ ≥ 0.6; \(judged.count) networks",
                try Estimate(judged, resamples: 100) { try Statistics.spearmanCorrelation(errors($0), drifts($0)) }, .atLeast(0.6),
                control: .init(try Statistics.spearmanCorrelation(all.errors, all.travels), "correlation of |error| with the travel")),
            .judged(
                id, "The error grows with the drift of the tangent kernel among networks of equal travel",
                "partial Spearman correlation of |error| with |ΔΘ|/Θ at fixed travel ≥ 0.6; \(judged.count) networks",
                try Estimate(judged, resamples: 100) {
                    try Statistics.partialSpearmanCorrelation(errors($0), drifts($0), given: travels($0))
                }, .atLeast(0.6), control: .init(0, "null hypothesis, no relation"),
                detail: "of drift with travel \(Claim.number(try Statistics.spearmanCorrelation(all.drifts, all.travels)))"),
            .judged(
                id, "The worst predictions are those whose kernel drifted most",
                "median rank of |ΔΘ|/Θ, from 0 to 1, of the 5 % greatest |error| ≥ 0.9; \(judged.count) networks",
                try Estimate(places) { sample in
                    let worst = sample.sorted { all.errors[$0] > all.errors[$1] }.prefix(max(1, sample.count / 20))
                    return try Statistics.median(worst.map { ranks[$0] })
                }, .atLeast(0.9), control: .init(try rankOfGreatest(all.travels), "of the 5 % greatest travel")),
        ]
    }

    /// Friction and kernel fitted to the trajectories, without a dictionary.
    private func fitClaims(_ judged: [Trained]) throws -> [Claim] {
        let told = judged.filter { $0.fit?.isIdentifiable == true }
        var claims: [Claim] = []
        if !told.isEmpty {
            // (1 − γ)/√η is (1 + γ)/2 of the corrected friction.
            let paper = try Statistics.median(told.map { abs($0.fit!.friction / ($0.stated.friction * (1 + $0.field.momentum) / 2) - 1) })
            let momenta = Set(told.map(\.field.momentum)).sorted().map { momentum in
                "\(told.count { $0.field.momentum == momentum }) at γ = \(Claim.number(momentum))"
            }.joined(separator: ", ")
            claims.append(
                .judged(
                    id, "The friction fitted to a trajectory, knowing no dictionary, is the corrected dictionary's 3H",
                    "median |fitted / stated − 1| ≤ 5 % over the \(told.count) of \(judged.count) trajectories that tell friction "
                        + "and force apart (\(momenta))",
                    try Estimate(median: told.map { abs($0.fit!.friction / $0.stated.friction - 1) }), .atMost(0.05), unit: .percent,
                    control: .init(paper, "paper's 3H")))
        }
        let rest = judged.filter { trained in
            guard let fit = trained.fit, let rate = fit.driftRate else { return false }
            return rate.isFinite && (fit.verdict == .transientTooShort || fit.verdict == .tooUncertain)
        }
        if !rest.isEmpty {
            let rates = rest.map { $0.fit!.driftRate! }, stated = rest.map { $0.stated.force / $0.stated.friction }
            // The next network's: one that has nothing to do with the trajectory.
            let others = stated.indices.map { abs(rates[$0] / stated[($0 + 1) % stated.count] - 1) }
            claims.append(
                .judged(
                    id,
                    "Where a trajectory does not tell friction and force apart, their ratio is FΘ₀/3H, on which dictionaries and null model agree",
                    "median |fitted / stated − 1| ≤ 5 % over the \(rest.count) such trajectories whose fit converged and whose kernel held",
                    try Estimate(median: zip(rates, stated).map { abs($0 / $1 - 1) }), .atMost(0.05), unit: .percent,
                    control: .init(try Statistics.median(others), "ratio stated for the next network of the list"),
                    detail:
                        "\(judged.count - told.count - rest.count) of \(judged.count) fits are in neither claim: their kernel drifted or "
                        + "they did not converge"))
        }
        return claims
    }

    /// Networks with the same step in units of their own kernel, η Θ₀ l″/(1 − γ) = 0.1, and travel 1: how much the correction of the
    /// dictionary buys.
    func singleClaims(_ results: [RunResult]) throws -> [Claim] {
        let fields = try results.map { try HomogeneousField($0, predictions: [.paper, .corrected]) }
        return try fields.distinct { [$0.learningRate, $0.momentum] }.map { optimiser in
            let own = fields.filter { [$0.learningRate, $0.momentum] == optimiser }
            func errors(_ prediction: Prediction) -> [Double] { own.map { $0.comparisons[prediction]!.greatestErrorOverTravel } }
            let paper = errors(.paper), corrected = errors(.corrected)
            return .judged(
                id,
                "The corrected dictionary's error is a twentieth of the paper's (erf, width 512, η = \(Claim.number(optimiser[0])), γ = \(Claim.number(optimiser[1])))",
                "median ratio of greatest errors, paper / corrected, ≥ 20; \(own.count) networks, travel 1, η Θ_0 l″ = 0.1 (1 − γ)",
                try Estimate(median: zip(paper, corrected).map { $0 / $1 }, .logarithmic), .atLeast(20),
                control: .init(1, "the paper's dictionary itself"),
                detail: "\(Claim.number(try Statistics.median(paper))) against \(Claim.number(try Statistics.median(corrected)))")
        }
    }
}
