import Arrays
import Duality
import Networks

extension MeanFieldPrediction {
    func judge(_ fields: [InhomogeneousField]) throws -> [Claim] {
        try meanClaims(fields) + motionClaims(fields) + sourceClaims(fields) + backReactionClaims(fields)
    }

    private func part(_ fields: [InhomogeneousField], _ setting: InhomogeneousGrid.Setting, degree: Int? = nil) -> [InhomogeneousField] {
        fields.filter { $0.sample.setting == setting && (degree == nil || $0.sample.degree == degree) }
    }

    private func meanClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        var claims: [Claim] = []
        for setting in InhomogeneousGrid.settings {
            for degree in [2, 4] {
                let selected = part(fields, setting, degree: degree)
                let corrected = try Median(selected.map(\.corrected.meanErrorOverTravel))
                let paper = try Statistics.median(selected.map(\.paper.meanErrorOverTravel))
                let null = try Statistics.median(selected.map(\.null.meanErrorOverTravel))
                let caution = null <= 0.005 ? "; the null model, \(Claim.percent(null)), meets it too" : ""
                claims.append(
                    .judged(
                        id, "The mean output follows the field of the leading eigenvalue (n = \(degree), \(setting.label))",
                        "median |error of the mean| / travel ≤ 0.5 %; \(selected.count) trainings", corrected.value,
                        text: "\(Claim.percent(corrected.value)); paper's dictionary \(Claim.percent(paper))\(caution)",
                        standardError: corrected.standardError, .atMost(0.005), control: .value(null)))
            }
        }
        return claims
    }

    /// Are the modes frozen? Judged over the travel of the mean, and over their own initial amplitude.
    private func motionClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        let selected = part(fields, InhomogeneousGrid.settings[0])
        let label = InhomogeneousGrid.settings[0].label
        var claims = try [(1...2, 5e-3), (3...4, 1e-3)].map { modes, limit in
            let worst = try modes.map { mode in try Statistics.median(selected.map { $0.motions.trained[mode].overTravel }) }.max()!
            return Claim.judged(
                id, "Modes \(modes.lowerBound + 1) and \(modes.upperBound + 1) hardly move while the mean does (\(label))",
                "greater median of |Δc_i| / |Δ⟨f⟩| ≤ \(Claim.number(limit)); \(selected.count) trainings", worst, .atMost(limit))
        }
        for activation in InhomogeneousGrid.activations {
            let own = selected.filter { $0.sample.activation == activation }
            for mode in 1...2 {
                let trained = try Median(own.map { $0.motions.trained[mode].overInitial })
                let homogeneous = try Statistics.median(own.map { $0.motions.homogeneous[mode].overInitial })
                let sourced = try Statistics.median(own.map { $0.motions.sourced[mode].overInitial })
                claims.append(
                    .judged(
                        id, "Mode \(mode + 1) is frozen (\(activation.name), \(label))",
                        "median |Δc_i| / |c_i(0)| ≤ 5 %; \(own.count) trainings", trained.value,
                        text: "\(Claim.percent(trained.value)); eq. 24 predicts \(Claim.percent(homogeneous)), with its source "
                            + Claim.percent(sourced), standardError: trained.standardError, .atMost(0.05), control: .value(sourced)))
            }
        }
        return claims
    }

    /// What the source term of eq. 24 buys.
    private func sourceClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        var claims: [Claim] = []
        for setting in InhomogeneousGrid.settings[..<2] {
            for activation in InhomogeneousGrid.activations {
                let largest = fields.map(\.sample.width).max()!
                let selected = part(fields, setting, degree: 2).filter {
                    $0.sample.activation == activation && $0.sample.width == largest
                }
                let gain = try Median(selected.map(\.gainOfSource))
                claims.append(
                    .judged(
                        id,
                        "The source term makes eq. 24 at least five times better (\(activation.name), width \(largest), \(setting.label))",
                        "median ratio of end errors over all modes, eq. 24 / with source, ≥ 5; \(selected.count) trainings, n = 2",
                        gain.value,
                        standardError: gain.standardError, .atLeast(5)))
            }
        }
        return claims
    }

    /// What the perturbations do to the mean when the loss is quartic.
    private func backReactionClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        try InhomogeneousGrid.settings[..<2].map { setting in
            let selected = part(fields, setting, degree: 4)
            let without = try Statistics.median(selected.map(\.backReaction.without))
            let with = try Statistics.median(selected.map(\.backReaction.with))
            return .judged(
                id, "Back-reaction of the modes explains what the mean field misses of the full frozen system (n = 4, \(setting.label))",
                "ratio of median greatest errors of the mean, without / with, ≥ 20; \(selected.count) trainings", without / with,
                text: "\(Claim.number(without / with)): \(Claim.number(without)) against \(Claim.number(with))", .atLeast(20),
                control: .words("mean field alone \(Claim.number(without))"))
        }
    }
}
