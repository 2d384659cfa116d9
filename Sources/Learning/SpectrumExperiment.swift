import Arrays
import Figures
import Foundation

/// E3a: how an ensemble relaxes is the spectrum of a Schrödinger operator of imaginary time that log Z gives.
struct SpectrumExperiment: LearningExperiment {
    let name = "spectrum"
    let title = "Relaxation of ensembles and the levels of a Schrödinger operator"
    let claimed = "Learning is Schrödinger's equation in imaginary time, with the operator H_S = −D∂² + b²/4D + b′/2, b = −F′."
    let simulated = """
        Ensembles in the right well, and between the wells, by descent with single data and noise; the decay of E[ψ_n/ψ_0] against the \
        levels of H_S, built from log Z without a fit; and the rate of tunnelling for other numbers of neurons and batches.
        """
    private let options: LearningOptions
    private let count: Int
    private let rate: Double
    private let decay: Double

    static let noise = 0.15

    init(_ options: LearningOptions) throws {
        self.options = options
        count = options.networks ?? (options.quick ? 120_000 : 300_000)
        rate = options.learningRate ?? 0.01
        decay = options.weightDecay ?? 0.3
        guard count >= EnsembleTraining.fewest else {
            throw LearningError.tooFewNetworks(
                count: count, needed: EnsembleTraining.fewest, purpose: "decays that are followed to 5 % of their start")
        }
        guard rate <= 0.05 else {
            throw LearningError.outOfRange(
                name: "the learning rate", value: "\(rate)", limit: "at most 0.05, at which levels are off by 10 %", remedy: "use 0.01")
        }
        for neurons in [4, 16] {
            let network = try MicroNetwork(neurons: neurons, weightDecay: decay)
            try network.check(learningRate: rate, within: Relaxation.Setting.bins.range)
        }
        // Refuses a landscape without a stationary density before any training.
        _ = try LearningSpectrum(MicroNetwork(weightDecay: decay), learningRate: rate, batch: 1, noise: Self.noise, grid: 200)
    }

    private func setting(
        _ neurons: Int, batch: Int, _ count: Int, duration: Double, modes: [Int] = [1, 2, 3]
    ) throws -> Relaxation.Setting {
        Relaxation.Setting(
            network: try MicroNetwork(neurons: neurons, weightDecay: decay), learningRate: rate, batch: batch, noise: Self.noise,
            count: count,
            duration: duration, modes: modes, seed: options.seed)
    }

    /// Ensembles that are followed to the end, and those of which only tunnelling is asked.
    private func settings() throws -> (main: [Relaxation.Setting], tunnelling: [Relaxation.Setting]) {
        let pairs = options.quick ? [(2, 1), (4, 4)] : [(1, 1), (2, 1), (8, 1), (4, 2), (4, 8)]
        return (
            try (options.quick ? [4] : [4, 16]).map { try setting($0, batch: 1, count, duration: 30) },
            try pairs.map {
                try setting($0.0, batch: $0.1, max(EnsembleTraining.fewest, count / 3), duration: 15, modes: [1])
            }
        )
    }

    func ensembles() throws -> [EnsembleTraining] {
        let (main, tunnelling) = try settings()
        return try (main + tunnelling).flatMap { try $0.trainings() }
    }

    func report(on device: LearningDevice) throws -> LearningReport {
        let settings = try settings()
        let main = try settings.main.map { try Relaxation($0, on: device) }
        let tunnelling = try settings.tunnelling.map { try Relaxation($0, on: device) }
        let theory = try [1, 2, 3, 4, 6, 8, 12, 16].map { neurons in
            (
                Double(neurons),
                try LearningSpectrum(
                    MicroNetwork(neurons: neurons, weightDecay: decay), learningRate: rate, batch: 1, noise: Self.noise
                ).levels[1]
            )
        }
        return LearningReport(
            figure: try figure(main, tunnelling, theory), claims: main.flatMap(claims),
            notes: ["adiabatic ratio: fast neurons are drawn from their equilibrium (infinite)"]
                + (main + tunnelling).map {
                    "  N = \($0.neurons), B = \($0.batch): tunnelling \(Claim.number($0.rates[0].value)) ± \(Claim.number($0.rates[0].error)), "
                        + "λ_1 = \(Claim.number($0.spectrum.levels[1]))"
                })
    }

    private func claims(_ one: Relaxation) -> [Claim] {
        let sizes = "N = \(one.neurons), B = 1, η = \(rate), \(count) networks" + (options.quick ? ", quick" : "")
        let levels = (1...3).map { n -> Claim in
            let level = one.spectrum.levels[n], found = one.rates[n - 1], other = one.spectrum.levels[n == 3 ? 2 : n + 1]
            return Claim(
                figure: name, claim: "Ensembles relax at level \(n) of H_S (N = \(one.neurons))",
                criterion: "rate over λ_\(n) = \(Claim.number(level)) within 2 % of 1; \(sizes)", measured: found.value / level,
                standardError: found.error / level, bound: .within(0.98...1.02),
                control: .init(found.value / other, "over λ_\(n == 3 ? 2 : n + 1)"),
                failureWord: Claim.ofTheory)
        }
        let difference = zip(one.spectrum.levels.dropFirst(), one.spectrum.otherLevels.dropFirst()).map { abs($1 / $0 - 1) }.max() ?? .nan
        return levels + [
            Claim(
                figure: name, claim: "The root of the stationary density is the ground state of H_S (N = \(one.neurons))",
                criterion: "overlap Σ √(p ψ_0²) above 0.999; \(sizes)", measured: one.overlap,
                standardError: Double(one.shares.count) / (8 * Double(count)), bound: .moreThan(0.999),
                control: .init(one.startOverlap, "the density at the start, on both sides"), failureWord: Claim.ofTheory),
            Claim(
                figure: name, claim: "By construction, the operator is the same from the generator and from V_S (N = \(one.neurons))",
                criterion: "relative difference of three levels at most 0.001", measured: difference, bound: .atMost(1e-3),
                basis: .construction, failureWord: Claim.ofTheory),
        ]
    }

    private func figure(_ main: [Relaxation], _ tunnelling: [Relaxation], _ theory: [(Double, Double)]) throws -> Figure {
        let one = main[0]
        var decays: [Layer] = []
        for n in 1...3 {
            let y = one.decays[n - 1], stop = y.firstIndex { $0 < 0.01 } ?? y.count
            let x = Array(one.times.prefix(stop))
            decays.append(.scatter(Scatter(x: x, y: Array(y.prefix(stop)), name: "n = \(n)", slot: n - 1)))
            let line = one.times.filter { exp(-one.spectrum.levels[n] * $0) > 6e-3 }
            decays.append(.line(Line(x: line, y: line.map { exp(-one.spectrum.levels[n] * $0) }, style: .solid, colour: n - 1)))
        }
        let width = one.edges[1] - one.edges[0], centres = one.shares.indices.map { one.edges[$0] + width / 2 }
        let inside = one.spectrum.coordinate.indices.filter { abs(one.spectrum.coordinate[$0]) < 2.6 }
        let all = main + tunnelling, single = all.filter { $0.batch == 1 }.sorted { $0.neurons < $1.neurons }
        let batches = all.filter { $0.neurons == 4 && $0.batch > 1 }
        let data = try CSVTable(byColumn: [
            ("neurons", .integers(all.map(\.neurons))), ("batch", .integers(all.map(\.batch))),
            ("networks", .integers(all.map(\.count))), ("rate1", .numbers(all.map { $0.rates[0].value })),
            ("rate1Error", .numbers(all.map { $0.rates[0].error })), ("level1", .numbers(all.map { $0.spectrum.levels[1] })),
            ("rate2", .numbers(main.map { $0.rates[1].value })), ("level2", .numbers(main.map { $0.spectrum.levels[2] })),
            ("rate3", .numbers(main.map { $0.rates[2].value })), ("level3", .numbers(main.map { $0.spectrum.levels[3] })),
            ("time", .numbers(one.times)), ("decay1", .numbers(one.decays[0])), ("decay2", .numbers(one.decays[1])),
            ("decay3", .numbers(one.decays[2])),
        ])
        return Figure(
            id: name, title: "How ensembles relax, and the levels of H_S",
            caption: """
                The decay of E[ψ_n/ψ_0] in an ensemble of \(count) networks (dots) and e^{−λ_n t} with the levels of the operator that log Z \
                gives (lines, no fit); the stationary density and ψ_0²; the operator's potential with its levels; and the rate of \
                tunnelling between the wells by the number of fast neurons, whose free energy makes the wells.
                """,
            panels: [
                Panel(
                    title: "decay of modes, N = \(one.neurons)", x: Axis("t"), y: Axis("E[ψ_n/ψ_0]", scale: .log10, range: 5e-3...1.3),
                    layers: decays),
                Panel(
                    title: "stationary density", x: Axis("w"), y: Axis("p"),
                    layers: [
                        .scatter(Scatter(x: centres, y: one.shares.map { $0 / width }, name: "networks")),
                        .line(Line(x: centres, y: one.ground.map { $0 / width }, name: "ψ_0^2", style: .solid, colour: 1)),
                    ]),
                Panel(
                    title: "V_S and the levels", x: Axis("z"), y: Axis("V_S", range: -3...4),
                    layers: [
                        .line(
                            Line(
                                x: inside.map { one.spectrum.coordinate[$0] }, y: inside.map { one.spectrum.potential[$0] }, name: "V_S",
                                style: .solid))
                    ]
                        + one.spectrum.levels.enumerated().map { n, level in
                            .rule(Rule(.horizontal(y: level), label: n == 0 ? "" : "λ_\(n) = \(Claim.number(level))"))
                        }),
                Panel(
                    title: "rate of tunnelling", x: Axis("N"), y: Axis("rate", scale: .log10),
                    layers: [
                        .line(Line(x: theory.map(\.0), y: theory.map(\.1), name: "λ_1, B = 1", style: .solid, colour: 1)),
                        .scatter(
                            Scatter(x: single.map { Double($0.neurons) }, y: single.map { $0.rates[0].value }, name: "networks, B = 1")),
                        .scatter(
                            Scatter(x: batches.map { Double($0.neurons) }, y: batches.map { $0.rates[0].value }, name: "B > 1", slot: 2)),
                    ]),
            ], arrangement: .grid(columns: 2), data: data)
    }
}
