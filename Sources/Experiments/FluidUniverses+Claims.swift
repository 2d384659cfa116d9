import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

extension FluidUniverses {
    func judge(_ linear: [Training], _ networks: [Training]) throws -> [Claim] {
        try Self.momentumAlone.flatMap { w in try orderClaims(linear, w) } + [try chainClaim(linear), try nesterovClaim(linear)]
            + Self.momentumAlone.map { try networkClaim(networks, linear, $0) }
    }

    /// The least order over halvings of the step.
    private func order(_ trainings: [Training]) throws -> Double {
        let errors = trainings.sorted { $0.tick > $1.tick }.map(\.error)
        guard errors.count == Self.ticks.count else {
            throw ExperimentError.nothingToJudge(experiment: id, reason: "a step of the linear model is missing")
        }
        return zip(errors, errors.dropFirst()).map { log2($0 / $1) }.min() ?? .nan
    }

    private func momentumAlone(_ linear: [Training], _ w: Double) throws -> [Training] {
        let place = Self.momentumAlone.firstIndex(of: w) ?? 0
        let alone = linear.filter { $0.schedule.rule == .heavyBall }
        return Self.ticks.indices.map { alone[$0 * Self.momentumAlone.count + place] }
    }

    private func orderClaims(_ linear: [Training], _ w: Double) throws -> [Claim] {
        let alone = try momentumAlone(linear, w)
        return try [0.0, 5].compactMap { start -> Claim? in
            let own = linear.filter { $0.schedule.rule == .fluid && $0.equationOfState == w && $0.start == start }
            guard !own.isEmpty else { return nil }
            return .constructed(
                id, "momentum and step together follow the exact field to second order (\(Self.name(w)), from t = \(Claim.number(start)))",
                "least log_2 of the ratio of errors at h = 0.1, 0.05, 0.025 ≥ 1.9", try order(own), .atLeast(1.9),
                control: .init(try order(alone), "the momentum alone"),
                detail:
                    "error at h = 0.1: \(Claim.number(own.map(\.error).max() ?? .nan)), with the momentum alone \(Claim.number(alone.map(\.error).max() ?? .nan))"
            )
        }
    }

    private func chainClaim(_ linear: [Training]) throws -> Claim {
        .constructed(
            id, "inflation, matter and radiation with continuous a and H are of second order too",
            "least log_2 of the ratio of errors at h = 0.1, 0.05, 0.025 ≥ 1.9", try order(linear.filter { $0.schedule.rule == .deSitter }),
            .atLeast(1.9), control: .init(try order(momentumAlone(linear, 0)), "the momentum of matter alone"))
    }

    private func nesterovClaim(_ linear: [Training]) throws -> Claim {
        .constructed(
            id, "Nesterov's method is the universe of w = −1/3 to first order only",
            "greatest order at h = 0.1, 0.05, 0.025 ≤ 1.3", try order(linear.filter { $0.schedule.rule == .nesterov }), .atMost(1.3),
            control: .init(
                try order(linear.filter { $0.schedule.rule == .fluid && $0.equationOfState.map { $0 < 0 } ?? false }),
                "with its step rescaled"))
    }

    private func networkClaim(_ networks: [Training], _ linear: [Training], _ w: Double) throws -> Claim {
        let own = networks.filter { $0.equationOfState == w && $0.width >= 512 }
        guard let alone = try momentumAlone(linear, w).map(\.error).max() else {
            throw ExperimentError.nothingToJudge(experiment: id, reason: "no momentum was tried alone")
        }
        return .judged(
            id, "The output of a network is the field of that universe (\(Self.name(w)))",
            "median greatest |f − φ|/φ_0 ≤ 0.02; \(own.count) networks of width 512 and more, h = 0.1",
            try Estimate(median: own.map(\.error)),
            .atMost(0.02), control: .init(alone, "the momentum alone, infinite width"))
    }
}
