import Arrays
import Duality
import Figures
import Networks

extension MeanFieldPrediction {
    func judge(_ fields: [InhomogeneousField]) throws -> [Claim] {
        try meanClaims(fields) + nullClaims(fields) + motionClaims(fields) + sourceClaims(fields) + backReactionClaims(fields)
    }

    private func part(_ fields: [InhomogeneousField], _ setting: IntervalSetting, degree: Int? = nil) -> [InhomogeneousField] {
        fields.filter { $0.setting == setting && (degree == nil || $0.run.degree == degree) }
    }

    /// How near the field of the leading eigenvalue is to the mean output.
    private func meanClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        try InhomogeneousField.settings.flatMap { setting in
            try [2, 4].map { degree in
                let selected = part(fields, setting, degree: degree)
                let paper = try Statistics.median(selected.map(\.paper.meanErrorOverTravel))
                return .judged(
                    id, "The mean output follows the field of the leading eigenvalue (n = \(degree), \(setting.label))",
                    "median |error of the mean| / travel ≤ 0.5 %; \(selected.count) trainings",
                    try Estimate(median: selected.map(\.corrected.meanErrorOverTravel)), .atMost(0.005), unit: .percent,
                    control: .init(try Statistics.median(selected.map(\.nullMeanErrorOverTravel)), "null model with λ_1/N"),
                    detail: "paper's dictionary \(Claim.percent(paper))")
            }
        }
    }

    /// Whether the corrected field is nearer than a null model that knows the same: both λ₁/N, or both the whole kernel.
    private func nullClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        let kinds: [(name: String, field: @Sendable (InhomogeneousField) -> Double, null: @Sendable (InhomogeneousField) -> Double)] = [
            ("λ_1/N", { abs($0.corrected.meanEndDifference) }, \.nullMeanError),
            ("the whole kernel", \.wholeKernelMeanErrors.corrected, \.wholeKernelMeanErrors.null),
        ]
        return try kinds.flatMap { kind in
            try InhomogeneousField.settings.flatMap { setting in
                try [2, 4].map { degree in
                    let selected = part(fields, setting, degree: degree)
                    func median(_ part: [InhomogeneousField], _ error: (InhomogeneousField) -> Double) throws -> Double {
                        try Statistics.median(part.map { error($0) / $0.corrected.travel })
                    }
                    return .judged(
                        id,
                        "The corrected field is nearer to the mean output than the null model, both knowing \(kind.name) (n = \(degree), "
                            + "\(setting.label))",
                        "its median |error of the mean| / travel below the null model's; \(selected.count) trainings",
                        try Estimate(selected, .logarithmic) { try median($0, kind.field) / median($0, kind.null) }, .lessThan(1),
                        control: .init(1, "the null model's own"),
                        detail: "\(Claim.percent(try median(selected, kind.field))) against "
                            + Claim.percent(try median(selected, kind.null)))
                }
            }
        }
    }

    /// Are the modes frozen? Judged over the travel of the mean, and over their own initial amplitude, beside modes of one mass.
    private func motionClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        let selected = part(fields, InhomogeneousField.settings[0])
        let label = InhomogeneousField.settings[0].label
        func greatest(_ modes: ClosedRange<Int>, _ part: [InhomogeneousField], _ value: (InhomogeneousField, Int) -> Double) throws
            -> Double
        {
            try modes.map { mode in try Statistics.median(part.map { value($0, mode) }) }.max()!
        }
        let unfrozen = "modes with the mass of the mean"
        var claims = try [(1...2, 5e-3), (3...4, 1e-3)].map { modes, limit in
            Claim.judged(
                id, "Modes \(modes.lowerBound + 1) and \(modes.upperBound + 1) hardly move while the mean does (\(label))",
                "greater median of |Δc_i| / |Δ⟨f⟩| ≤ \(Claim.number(limit)); \(selected.count) trainings",
                try Estimate(selected) { try greatest(modes, $0) { $0.motions.trained[$1].overTravel } }, .atMost(limit),
                control: .init(try greatest(modes, selected) { $0.unfrozen[$1].overTravel }, unfrozen))
        }
        for activation in [Activation.relu, .erf] {
            let own = selected.filter { $0.run.activation == activation }
            for mode in 1...2 {
                func median(_ value: (InhomogeneousField) -> ModeMotion) throws -> Double {
                    try Statistics.median(own.map { value($0).overInitial })
                }
                let (homogeneous, sourced) = (try median { $0.motions.homogeneous[mode] }, try median { $0.motions.sourced[mode] })
                claims.append(
                    .judged(
                        id, "Mode \(mode + 1) is frozen (\(activation.name), \(label))",
                        "median |Δc_i| / |c_i(0)| ≤ 5 %; \(own.count) trainings",
                        try Estimate(median: own.map { $0.motions.trained[mode].overInitial }), .atMost(0.05), unit: .percent,
                        control: .init(try median { $0.unfrozen[mode] }, unfrozen),
                        detail: "eq. 24 predicts \(Claim.percent(homogeneous)), with its source \(Claim.percent(sourced))",
                        explanation: "The motion of the mean drives a mode that has a mean of its own: the source term that eq. 24 lacks."))
            }
        }
        return claims
    }

    /// What the source term of eq. 24 buys.
    private func sourceClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        let largest = fields.map(\.run.width).max()!
        return try InhomogeneousField.settings[..<2].flatMap { setting in
            try [Activation.relu, .erf].map { activation in
                let selected = part(fields, setting, degree: 2).filter {
                    $0.run.activation == activation && $0.run.width == largest
                }
                return .judged(
                    id, "The source term makes eq. 24 at least five times better (\(activation.name), width \(largest), \(setting.label))",
                    "median ratio of end errors over all modes, eq. 24 / with source, ≥ 5; \(selected.count) trainings, n = 2",
                    try Estimate(median: selected.map(\.gainOfSource), .logarithmic), .atLeast(5), control: .init(1, "eq. 24 itself"),
                    explanation: "What is left is the drift of the kernel, which the source term does not know.")
            }
        }
    }

    /// What the perturbations do to the mean when the loss is quartic: in the equations, and in what trainings make of them.
    private func backReactionClaims(_ fields: [InhomogeneousField]) throws -> [Claim] {
        try InhomogeneousField.settings[..<2].flatMap { setting -> [Claim] in
            let selected = part(fields, setting, degree: 4)
            func claim(
                _ claim: String, _ what: String, _ errors: @escaping (InhomogeneousField) -> (without: Double, with: Double)
            ) throws -> Claim {
                func medians(_ part: [InhomogeneousField]) throws -> (without: Double, with: Double) {
                    (try Statistics.median(part.map { errors($0).without }), try Statistics.median(part.map { errors($0).with }))
                }
                let all = try medians(selected)
                let explanation =
                    "What back-reaction explains of the frozen system is small beside what the drift of the kernel does to a training."
                let ratio = try Estimate(selected, .logarithmic) { part in
                    let both = try medians(part)
                    return both.without / both.with
                }
                return .judged(
                    id, "\(claim) (n = 4, \(setting.label))",
                    "ratio of median greatest errors of the mean, without / with, ≥ 20; \(what) \(selected.count) trainings",
                    ratio, .atLeast(20), control: .init(1, "the mean field alone"),
                    detail: "\(Claim.number(all.without)) against \(Claim.number(all.with))", explanation: explanation)
            }
            return [
                try claim(
                    "Back-reaction of the modes explains what the mean field misses of the full frozen system",
                    "equations with the kernels of", \.backReaction),
                try claim(
                    "Back-reaction of the modes explains what the mean field misses of the training",
                    "against the outputs of", \.trainedBackReaction),
            ]
        }
    }
}
