import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

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
        for (slot, momentum) in tried.distinct(\.field.momentum).enumerated() {
            // The potential is the same for every degree: s Θ₀ one unit from the minimum.
            let part = tried.filter { $0.field.momentum == momentum && $0.factor == 1 && $0.degree == 2 }
            layers.append(.scatter(Scatter(x: part.map(\.potential), y: part.map(\.field.learningRate), slot: slot)))
        }
        layers.append(.rule(Rule(.horizontal(y: 1.0 / 9), label: "η = 1/9, that of the paper")))
        let beside = [1.0, 10].enumerated().map { slot, factor -> Layer in
            let part = tried.filter { $0.factor == factor }
            return .scatter(
                Scatter(
                    x: part.map { $0.error(.paper) }, y: part.map { $0.error(.friedmann) },
                    titles: part.map { one in
                        "n = \(one.degree), γ = \(one.field.momentum): \(Claim.number(one.error(.paper))) from constant H, "
                            + "\(Claim.number(one.error(.friedmann))) from the full Friedmann equation"
                    }, name: factor == 1 ? "at η_{max}" : "at 10 η_{max}", slot: slot))
        }
        let networks = Set(tried.map(\.network)).count
        let cases = Set(tried.map { [Double($0.degree), $0.field.momentum, $0.factor] }).count
        return Figure(
            id: id, title: "Vacuum domination bounds the learning rate η",
            subtitle: "\(networks) networks, \(tried.map(\.field.result.run).architectureText) · γ = \([Run].listed(Self.momenta)) · "
                + "V_0 = 10 Θ_0 l(f_0), M = 1",
            caption: """
                Above: the learning rate at which V_0 = 10 Θ_0 l(f_0) with M = 1, by momentum (lines), and \(networks) networks with \
                \(Set(tried.map(\.field.training.loss.scale)).count) scales of the loss, trained at that rate (points, on the lines by \
                construction). Below: how far trainings at that rate and at ten times it are from the paper's field with constant H and from \
                its field whose H follows the full Friedmann equation; above the line they are nearer to constant H. In units of its travel \
                and of the Hubble time a frozen network depends on the degree of the loss, the momentum and the rate alone, so that the \
                \(tried.count) trainings repeat \(cases) cases but for the drift of their kernels.
                """,
            panels: [
                Panel(x: Axis("Θ_0 l(f_0)", scale: .log10), y: Axis("η_{max}", scale: .log10), layers: layers),
                Panel(
                    x: Axis("greatest error / travel of the field with constant H", scale: .log10),
                    y: Axis("the same with Friedmann's H(t)", scale: .log10),
                    layers: beside + [.rule(Rule(.diagonal(x: 1, y: 1, slope: 1), label: "equal errors"))]),
            ], arrangement: Arrangement(columns: 1, heights: [1.4, 1]), data: try table(tried))
    }

    private func table(_ tried: [Tried]) throws -> CSVTable {
        func numbers(_ value: (Tried) -> Double) -> CSVTable.Column { .numbers(tried.map(value)) }
        return try CSVTable(byColumn: [
            ("activation", .words(tried.map(\.field.result.run.activation.name))), ("sigmaW", numbers(\.field.result.run.sigmaW)),
            ("degree", .integers(tried.map(\.degree))), ("scale", numbers(\.field.training.loss.scale)),
            ("momentum", numbers(\.field.momentum)), ("factor", numbers(\.factor)), ("potential", numbers(\.potential)),
            ("learningRate", numbers(\.field.learningRate)), ("steps", .integers(tried.map(\.field.training.steps))),
            ("expansionEffect", numbers(\.expansionEffect)),
            ("paper.greatestErrorOverTravel", numbers { $0.error(.paper) }),
            ("friedmann.greatestErrorOverTravel", numbers { $0.error(.friedmann) }),
            ("corrected.greatestErrorOverTravel", numbers { $0.error(.corrected) }), ("kernelDrift", numbers(\.field.kernelDrift)),
            ("network", .integers(tried.map(\.network))),
        ])
    }

    func judge(_ tried: [Tried], excluded: Int) throws -> [Claim] {
        try formulaClaims() + universeClaims(tried) + networkClaims(tried, excluded: excluded)
    }

    private func formulaClaims() throws -> [Claim] {
        let grid = [1e-3, 1, 1e3]
        let logs = try grid.map {
            log(try VacuumDomination.largestLearningRate(.paper, potential: $0, momentum: 0, dominance: Self.dominance))
        }
        let slope = try Statistics.line(grid.map { log($0) }, logs).slope
        let spread = try Self.momenta.map { momentum in
            let ratio =
                try VacuumDomination.largestLearningRate(.paper, potential: 1, momentum: momentum, dominance: Self.dominance)
                / VacuumDomination.largestLearningRate(.paper, potential: 1, momentum: 0, dominance: Self.dominance)
            return abs(ratio / ((1 - momentum) * (1 - momentum)) - 1)
        }.max()!
        return [
            .constructed(
                id, "η_{max} falls as 1/(Θ_0 l(f_0))", "log-log slope −1 to 1e-12", slope, .within(-1 - 1e-12 ... -1 + 1e-12),
                detail: "the formula, no network"),
            .constructed(
                id, "momentum lowers η_{max} by (1 − γ)²", "greatest |ratio of the lines/(1 − γ)² − 1| ≤ 1e-12", spread, .atMost(1e-12),
                detail: "the formula, no network"),
        ]
    }

    /// How far apart the two universes are: equations in which a network is Θ₀ l(f₀)/V₀, the same number for all, and nothing else.
    private func universeClaims(_ tried: [Tried]) throws -> [Claim] {
        func universes(_ factor: Double) throws -> [Double] {
            let groups = Dictionary(grouping: tried.filter { $0.factor == factor }) { [Double($0.degree), $0.field.momentum] }
            return try groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                .map { try Statistics.median($0.value.map(\.expansionEffect)) }
        }
        let (gentle, steep) = (try universes(1), try universes(10))
        guard let worst = gentle.max(), let mildest = steep.min() else { return [] }
        func listed(_ values: [Double]) -> String { values.map { Claim.percent($0) }.joined(separator: ", ") }
        let trainings = tried.count { $0.factor == 1 }
        return [
            .constructed(
                id, "at η_{max} the universe expands as if H were constant",
                "greatest |full Friedmann − constant H| / travel ≤ 1.6 % over degrees and momenta; equations alone", worst,
                .atMost(0.016), unit: .percent, control: .init(mildest, "least at ten times η_{max}"),
                detail: "\(gentle.count) different numbers, which the \(trainings) trainings repeat: \(listed(gentle))"),
            .constructed(
                id, "at ten times η_{max} it does not",
                "median |full Friedmann − constant H| / travel over degrees and momenta at least 5 times that at η_{max}; equations alone",
                try Statistics.median(steep) / Statistics.median(gentle), .atLeast(5), control: .init(1, "null hypothesis, no difference"),
                detail: "\(steep.count) different numbers: \(listed(steep))"),
        ]
    }

    /// What real networks do where the two universes differ.
    private func networkClaims(_ tried: [Tried], excluded: Int) throws -> [Claim] {
        let far = tried.filter { $0.factor == 10 }
        // A network is one draw of weights, whatever it is trained with.
        let networks = Dictionary(grouping: far, by: \.network).sorted { $0.key < $1.key }
        guard !networks.isEmpty else { return [] }
        let ratios = try networks.map { try Statistics.median($0.value.map { $0.error(.paper) / $0.error(.friedmann) }) }
        let errors = try [Prediction.paper, .friedmann, .corrected].map { prediction in
            Claim.percent(try Statistics.median(far.map { $0.error(prediction) }))
        }
        let nearer = far.count { $0.error(.paper) < $0.error(.friedmann) }
        let cases = Set(far.map { [Double($0.degree), $0.field.momentum] }).count
        let left = excluded == 0 ? "" : "; \(excluded) trainings beyond η L₁ l″ = 2(1 + γ) left out"
        return [
            .judged(
                id, "Even there the network keeps constant friction: the condition binds the universe, not the network",
                "greatest error with constant H below that with the full Friedmann equation at ten times η_{max}, median ratio over "
                    + "\(networks.count) networks; \(far.count) trainings", try Estimate(median: ratios, .logarithmic), .lessThan(1),
                control: .init(1, "null hypothesis, as near to both"),
                detail:
                    "\(nearer) of \(far.count) trainings, which repeat \(cases) cases, nearer to constant H; median errors \(errors[0]) with constant H, \(errors[1]) with "
                    + "Friedmann's, both by the paper's dictionary, and \(errors[2]) with constant H by the corrected one\(left)")
        ]
    }
}
