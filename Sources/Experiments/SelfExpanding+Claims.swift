import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

extension SelfExpanding {
    /// What the e-folds may be off by, over those that there are.
    static let largestExpansionError = 0.003

    func judge(
        _ networks: [Training], _ linear: [Training], _ intervals: [Training], _ expansions: [EFoldsError],
        _ paired: [EFoldsError]
    ) throws -> [Claim] {
        try [2, 4].flatMap { degree -> [Claim] in
            let wide = Dictionary(grouping: networks.filter { $0.degree == degree && $0.width >= 128 }, by: \.width)
            return try wide.sorted { $0.key > $1.key }.flatMap { try networkClaims($0.value, degree, width: $0.key) }
                + expansionClaims(expansions.filter { $0.degree == degree }, networks.filter { $0.degree == degree }, degree)
                + pairedClaims(
                    paired.filter { $0.degree == degree }, plain: expansions.filter { $0.degree == degree },
                    networks.filter { $0.degree == degree }, degree)
                + orderClaims(linear.filter { $0.degree == degree }, degree)
        } + [try vacuumClaim(intervals)]
    }

    private func networkClaims(_ trainings: [Training], _ degree: Int, width: Int) throws -> [Claim] {
        func error(_ training: Training) throws -> Double {
            abs(try Training.dilution(training.history) - Training.dilution(training.universe))
        }
        let own = trainings.filter(\.makesExpansion), constant = trainings.filter { !$0.makesExpansion }
        return [
            .judged(
                id, "After inflation the energy dilutes as that of the oscillating field (φ^\(degree), width \(width))",
                "median |d ln ρ/dN − that of FLRW| over the last 1.5 e-folds ≤ 0.05; \(own.count) networks, h = 0.02",
                try Estimate(median: own.map(error)), .atMost(0.05),
                control: .init(try Statistics.median(constant.map(error)), "constant friction of the first H"))
        ]
    }

    /// What both errors are judged by, whatever the networks start from.
    func followingClaims(_ errors: [EFoldsError], _ trainings: [Training], _ which: String, detail: String = "") throws -> [Claim] {
        let constant = trainings.filter { !$0.makesExpansion }, scope = "\(errors.count) networks, h = 0.02"
        return [
            .judged(
                id, "The output follows the field of a whole FLRW universe through inflation and after it (\(which))",
                "median over networks of the greatest |f − φ|/φ_0, at every twentieth step, ≤ 5e-3; \(scope)",
                try Estimate(median: errors.map(\.fieldError)), .atMost(5e-3),
                control: .init(try Statistics.median(constant.map(\.fieldError)), "constant friction of the first H")),
            .judged(
                id, "The expansion that the network makes is that universe's (\(which))",
                "median of the greatest |N − N_{FLRW}| / N_{FLRW}(T) ≤ 0.3 %; \(scope)", try Estimate(median: errors.map(\.error)),
                .atMost(Self.largestExpansionError), unit: .percent,
                control: .init(
                    try Statistics.median(constant.map { $0.eFoldsError / $0.eFolds }), "constant friction of the first H"),
                detail: detail),
        ]
    }

    /// The error of the e-folds at each width, of many networks, and how it falls.
    private func expansionClaims(_ expansions: [EFoldsError], _ networks: [Training], _ degree: Int) throws -> [Claim] {
        let byWidth = Dictionary(grouping: expansions, by: \.width).sorted { $0.key > $1.key }
        func slope(_ draws: [EFoldsError]) throws -> Double {
            let groups = Dictionary(grouping: draws, by: \.width).sorted { $0.key < $1.key }
            return try Statistics.line(
                groups.map { log(Double($0.key)) }, groups.map { log(try Statistics.median($0.value.map(\.error))) }
            ).slope
        }
        return try byWidth.flatMap { width, group in
            try followingClaims(group, networks, "φ^\(degree), width \(width)")
        } + nextOrderClaims(byWidth, degree) + [
            .judged(
                id, "What the expansion is off by falls as 1/width (φ^\(degree))",
                "slope of the logarithm of the median between widths 128 and 512 ≤ −0.75, nearer to −1 than to −1/2; \(expansions.count) networks",
                try Estimate(expansions, within: { AnyHashable($0.width) }) { try slope($0) }, .atMost(-0.75),
                control: .init(-0.5, "the 1/√width of fluctuations that add up"))
        ]
    }

    /// The error of the e-folds is one of the kernel, which changes as its couplings at the start say: N = ∫(Θ₀/Θ)(l/l′) df/M² in slow roll.
    private func nextOrderClaims(_ byWidth: [(key: Int, value: [EFoldsError])], _ degree: Int) throws -> [Claim] {
        guard let narrowest = byWidth.last else { return [] }
        func medians(_ group: [EFoldsError]) throws -> (next: Double, frozen: Double) {
            let part = group.filter { $0.nextOrderError != nil }
            return (try Statistics.median(part.compactMap(\.nextOrderError)), try Statistics.median(part.map(\.error)))
        }
        let known = byWidth.flatMap { $0.value }.filter { $0.nextOrderError != nil }
        return [
            .judged(
                id, "It is that of the universe whose kernel changes to next order in 1/width (φ^\(degree), width \(narrowest.key))",
                "median of the greatest |N − N_{nlo}| / N_{FLRW}(T) ≤ 0.3 %; h = 0.02",
                try Estimate(median: narrowest.value.compactMap(\.nextOrderError)), .atMost(Self.largestExpansionError), unit: .percent,
                control: .init(try medians(narrowest.value).frozen, "the frozen kernel of the same networks")),
            .judged(
                id, "What the frozen kernel is off by is the next order in 1/width (φ^\(degree))",
                "greatest over widths of the median error of the next order over that of the frozen kernel ≤ 0.1; \(known.count) networks",
                try Estimate(known, .logarithmic, within: { AnyHashable($0.width) }) { draws in
                    try Dictionary(grouping: draws, by: \.width).values.map {
                        let medians = try medians($0)
                        return medians.next / medians.frozen
                    }.max() ?? .nan
                }, .atMost(0.1), control: .init(1, "the frozen kernel")),
        ]
    }

    /// The order in the step, by a model whose kernel does not drift.
    private func orderClaims(_ trainings: [Training], _ degree: Int) throws -> [Claim] {
        func order(_ isOwn: Bool, _ error: (Training) -> Double) throws -> Double {
            let errors = trainings.filter { $0.makesExpansion == isOwn }.sorted { $0.tick > $1.tick }.map(error)
            guard errors.count == 3 else {
                throw ExperimentError.nothingToJudge(experiment: id, reason: "a step of the linear model is missing")
            }
            return min(log2(errors[0] / errors[1]), log2(errors[1] / errors[2]))
        }
        return try [("field", { $0.fieldError }), ("e-folds", { $0.eFoldsError })].map {
            (name: String, error: @escaping (Training) -> Double) in
            .constructed(
                id, "the error of the \(name) of a linear model is of second order in the step (φ^\(degree))",
                "least log_2 of the ratio of errors at h = 0.1, 0.05, 0.025 ≥ 1.9", try order(true, error), .atLeast(1.9),
                control: .init(try order(false, error), "constant friction of the first H"))
        }
    }

    /// What does not move any more has a loss that does not dilute.
    private func vacuumClaim(_ trainings: [Training]) throws -> Claim {
        func left(_ part: [Training]) throws -> Double {
            func error(_ training: Training, _ history: UniverseHistory) -> Double {
                zip(training.history.eFolds, history.eFolds).map { abs($0 - $1) }.max() ?? .nan
            }
            return try Statistics.median(part.map { error($0, try $0.withFrozenPerturbations()) / error($0, $0.universe) })
        }
        return .judged(
            id, "Frozen perturbations of several points act as vacuum energy",
            "median error of the e-folds with Λ = Θ_0 s⟨δf^2⟩_T over that without ≤ 0.5; \(trainings.count) networks on 10 points",
            try Estimate(trainings, .logarithmic) { try left($0) }, .atMost(0.5), control: .init(1, "without Λ"),
            detail: "e-folds off by \(try Claim.number(Statistics.median(trainings.map(\.eFoldsError)))) without it")
    }
}
