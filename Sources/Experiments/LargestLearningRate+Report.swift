import Arrays
import Duality
import Foundation
import Networks

extension LargestLearningRate {
    func figure(_ tried: [Tried]) throws -> Figure {
        let potentials = (0...60).map { pow(10, -3 + Double($0) / 10) }
        var layers: [Layer] = try Self.momenta.enumerated().map { slot, momentum in
            .line(
                Line(
                    x: potentials,
                    y: try potentials.map {
                        try VacuumDomination.largestLearningRate(.paper, potential: $0, momentum: momentum, dominance: Self.dominance)
                    }, name: "γ = \(Claim.number(momentum))", colour: slot))
        }
        for (slot, momentum) in Self.trainedMomenta.enumerated() {
            let part = tried.filter { $0.trial.momentum == momentum && $0.trial.factor == 1 }
            layers.append(.scatter(Scatter(x: part.map(\.trial.potential), y: part.map(\.trial.learningRate), slot: slot)))
        }
        layers.append(.rule(Rule(.horizontal(y: 1.0 / 9), label: "η = 1/9")))
        func effect(_ factor: Double) -> [Double] { tried.filter { $0.trial.factor == factor }.map(\.expansionEffect) }
        let edges = (0...40).map { pow(10, -4 + Double($0) / 10) }
        return Figure(
            id: id, title: "Vacuum domination bounds the learning rate",
            caption: """
                Above: the learning rate at which V_0 = 10 Θ_0 l(f_0), by momentum (lines), and the networks that were trained there \
                (points). Below: how far the full Friedmann equation and constant H are apart, in units of the travel, at that rate and at \
                ten times it.
                """,
            panels: [
                Panel(x: Axis("Θ_0 l(f_0)", scale: .log10), y: Axis("η_{max}", scale: .log10), layers: layers),
                Panel(
                    x: Axis("greatest |full Friedmann − constant H| / travel", scale: .log10, range: 1e-4...1), y: Axis("trainings"),
                    layers: Self.factors.enumerated().map { slot, factor in
                        .histogram(
                            Histogram(
                                values: effect(factor), edges: edges, name: factor == 1 ? "at η_{max}" : "at 10 η_{max}", colour: slot))
                    }),
            ], arrangement: Arrangement(columns: 1, heights: [1.4, 1]), data: try table(tried))
    }

    private func table(_ tried: [Tried]) throws -> CSVTable {
        func numbers(_ value: (Tried) -> Double) -> CSVTable.Column { .numbers(tried.map(value)) }
        return try CSVTable(byColumn: [
            ("activation", .words(tried.map(\.trial.run.architecture.activation.name))), ("sigmaW", numbers(\.trial.run.sigmaW)),
            ("degree", .integers(tried.map(\.trial.degree))), ("scale", numbers(\.field.training.loss.scale)),
            ("momentum", numbers(\.trial.momentum)), ("factor", numbers(\.trial.factor)), ("potential", numbers(\.trial.potential)),
            ("learningRate", numbers(\.trial.learningRate)), ("steps", .integers(tried.map(\.field.training.steps))),
            ("expansionEffect", numbers(\.expansionEffect)),
            ("paperGreatestError", numbers { $0.field.comparisons[.paper]!.greatestErrorOverTravel }),
            ("friedmannGreatestError", numbers { $0.field.comparisons[.friedmann]!.greatestErrorOverTravel }),
            ("correctedGreatestError", numbers { $0.field.comparisons[.corrected]!.greatestErrorOverTravel }),
            ("kernelDrift", numbers(\.field.kernelDrift)),
        ])
    }

    func judge(_ tried: [Tried], excluded: Int) throws -> [Claim] {
        var claims: [Claim] = []
        let grid = [1e-3, 1, 1e3]
        let logs = try grid.map {
            log(try VacuumDomination.largestLearningRate(.paper, potential: $0, momentum: 0, dominance: Self.dominance))
        }
        let slope = try Statistics.line(grid.map { log($0) }, logs).slope
        claims.append(
            .judged(
                id, "By construction, η_{max} falls as 1/(Θ_0 l(f_0))", "log-log slope −1 to 1e-12", slope,
                .within(-1 - 1e-12 ... -1 + 1e-12)))
        let spread = try Self.momenta.map { momentum in
            let ratio =
                try VacuumDomination.largestLearningRate(.paper, potential: 1, momentum: momentum, dominance: Self.dominance)
                / VacuumDomination.largestLearningRate(.paper, potential: 1, momentum: 0, dominance: Self.dominance)
            return abs(ratio / ((1 - momentum) * (1 - momentum)) - 1)
        }.max()!
        claims.append(
            .judged(
                id, "By construction, momentum lowers η_{max} by (1 − γ)²", "ratio of the lines over (1 − γ)² within 1e-12 of 1", spread,
                .atMost(1e-12)))

        let gentle = tried.filter { $0.trial.factor == 1 }, steep = tried.filter { $0.trial.factor == 10 }
        let left = excluded == 0 ? "" : "; \(excluded) more, beyond η L₁ l″ = 2(1 + γ), left out"
        if !gentle.isEmpty {
            let worst = gentle.map(\.expansionEffect).max()!
            claims.append(
                .judged(
                    id, "At η_{max} the universe expands as if H were constant",
                    "greatest |full Friedmann − constant H| / travel ≤ 1.6 % for the equations of all \(gentle.count) trainings", worst,
                    text: Claim.percent(worst), .atMost(0.016)))
        }
        if !gentle.isEmpty, !steep.isEmpty {
            let near = try Median(gentle.map(\.expansionEffect)), far = try Median(steep.map(\.expansionEffect))
            claims.append(
                .judged(
                    id, "At ten times η_{max} it does not",
                    "median |full Friedmann − constant H| / travel at least 5 times that at η_{max}; \(steep.count) trainings\(left)",
                    far.value / near.value, text: "\(Claim.percent(far.value)) against \(Claim.percent(near.value))", .atLeast(5),
                    control: .words("at η_{max} \(Claim.percent(near.value))")))
            let nearer = Double(
                steep.count { $0.field.comparisons[.paper]!.greatestError < $0.field.comparisons[.friedmann]!.greatestError })
            let constant = try Median(steep.map { $0.field.comparisons[.paper]!.greatestErrorOverTravel })
            let friedmann = try Median(steep.map { $0.field.comparisons[.friedmann]!.greatestErrorOverTravel })
            claims.append(
                .judged(
                    id, "Even there the network keeps constant friction: the condition binds the universe, not the network",
                    "share of trainings nearer to the paper's field with constant H than with the full Friedmann equation ≥ 90 %",
                    nearer / Double(steep.count),
                    text:
                        "\(Claim.percent(nearer / Double(steep.count))); median error \(Claim.percent(constant.value)) against \(Claim.percent(friedmann.value))",
                    .atLeast(0.9), control: .words("full Friedmann \(Claim.percent(friedmann.value))")))
        }
        return claims
    }
}
