import Arrays
import Figures
import Foundation
import Networks

/// E2: the sign and size of the quantum potential in the ensembles of learning rules.
struct QuantumnessExperiment: LearningExperiment {
    let name = "quantumness"
    let title = "How quantum an ensemble of networks is"
    let claimed = """
        Trainable variables obey Madelung's equations, ∂_t p + ∂(pv) = 0 and ∂_t v + v ∂v = −∂V + χ ∂(2D² ∂²√p/√p) with χ = ħ²/4D² > 0 \
        (arXiv:2008.01540, 2111.00903).
        """
    let simulated = """
        Ensembles of micro networks from six initial densities on one landscape, moved by descent with noise, mini-batches and each \
        registered optimiser, and by descent whose neurons, step or mini-batch change by themselves; χ from their densities alone, with a potential that all six share and nobody knows.
        """
    let options: LearningOptions
    let network: MicroNetwork
    private let count: Int
    /// Of each ensemble whose settings change by themselves.
    let adjustingCount: Int
    let rates: [Double]

    static let diffusion = 0.06

    init(_ options: LearningOptions) throws(LearningError) {
        self.options = options
        network = try MicroNetwork(weightDecay: options.weightDecay ?? 0)
        count = options.networks ?? (options.quick ? 200_000 : 1_000_000)
        guard count >= 40_000 else {
            throw .tooFewNetworks(count: count, needed: 40_000, purpose: "log p(w, t) in 300 splines")
        }
        // A χ of +1 is told from −1 with far fewer networks than −1 from −1.02.
        adjustingCount = options.networks ?? (options.quick ? 50_000 : 1_000_000)
        rates = options.learningRate.map { [$0, $0 / 2] } ?? (options.quick ? [0.02, 0.01] : [0.04, 0.02, 0.01, 0.005])
        for rate in rates { try network.check(learningRate: rate, within: -3.2...3.2) }
        guard let largest = rates.max(), largest <= FokkerPlanckExperiment.duration / Double(FokkerPlanckExperiment.recordCount) else {
            throw .outOfRange(
                name: "the learning rate", value: "\(rates.max() ?? 0)", limit: "at most 0.04, of which 40 steps make the duration",
                remedy: "use 0.02")
        }
    }

    /// An ensemble and what claims call it.
    typealias Setting = (name: String, training: EnsembleTraining)

    /// About 40 counts over the duration.
    private static func recordedSteps(_ timeStep: Double) -> [Int] {
        let records = FokkerPlanckExperiment.recordCount
        let every = max(1, Int((FokkerPlanckExperiment.duration / timeStep / Double(records)).rounded()))
        return (0...records).map { $0 * every }
    }

    /// - Parameters:
    ///   - rate: η, of two settings the mean.
    ///   - networks: default: those of the experiment.
    func descent(
        _ name: String? = nil, batch: Int, diffusion: Double, rate: Double, networks: Int? = nil, _ alternative: EnsembleAlternative? = nil
    ) throws -> Setting {
        let steps = Self.recordedSteps(rate)
        return (
            name ?? "descent, B = \(batch), η = \(rate)",
            try .descent(
                network, networks: networks ?? count, learningRate: 2 * rate / (1 + (alternative?.stepRatio ?? 1)), batch: batch,
                diffusion: diffusion, steps: steps[steps.count - 1], recordedSteps: steps, alternative: alternative, seed: options.seed)
        )
    }

    /// Rules with states in their own time, √η a step, at the noise that gives weights the diffusion D in the end, with friction f.
    private func rules() throws -> [Setting] {
        let dt = 0.01, rate = dt * dt, diffusion = Self.diffusion, spread = (2 * diffusion / dt).squareRoot()
        let steps = Self.recordedSteps(dt)
        func setting(_ name: String, _ rule: UpdateRule, _ parameters: [Double], noise: Double) throws -> Setting {
            (
                name,
                EnsembleTraining(
                    network: network, networks: max(40_000, count / 5), schedule: try Schedule(rule, values: parameters.map { [$0] }),
                    steps: steps[steps.count - 1], recordedSteps: steps, batch: 8, noise: noise, timeStep: dt, diffusion: diffusion,
                    seed: options.seed)
            )
        }
        return try [
            setting("heavy-ball, friction 1", .heavyBall, [rate, 1 - dt], noise: spread),
            setting("heavy-ball, friction 3", .heavyBall, [rate, 1 - 3 * dt], noise: 3 * spread),
            setting("heavy-ball, friction 10", .heavyBall, [rate, 1 - 10 * dt], noise: 10 * spread),
            setting("adam", .adam, [dt * spread, 0.9, 0.999, 1e-8], noise: spread),
            setting("friedmann", .friedmann, [rate, 0.4, 0, 1], noise: 3 * spread),
            setting("fluid, w = 1/3", .fluid, [rate, 1.0 / 3, 0], noise: spread),
            setting("de-sitter, 3H = 3", .deSitter, [rate, 1], noise: 3 * spread),
            setting("nesterov", .nesterov, [rate], noise: spread),
            setting("born-infeld", .bornInfeld, [dt, 0, 0], noise: spread / 10),
        ]
    }

    private func noisy() throws -> [Setting] { try rates.map { try descent(batch: 8, diffusion: Self.diffusion, rate: $0) } }
    private func small() throws -> [Setting] { try rates.map { try descent(batch: 1, diffusion: 0.02, rate: $0) } }

    func ensembles() throws -> [EnsembleTraining] { try (noisy() + small() + rules()).map(\.training) + adjustingEnsembles() }

    func report(on device: LearningDevice) throws -> LearningReport {
        func metered(_ setting: Setting) throws -> EnsembleMeter {
            try device.proceed("\(setting.training.networks) networks from \(setting.training.starts.count) densities, \(setting.name)")
            return try EnsembleMeter(setting.name, setting.training, setting.training.record(on: device))
        }
        let noisy = try noisy().map(metered), small = try small().map(metered), others = try rules().map(metered)
        let adjusting = try adjusting(metered)
        try device.proceed("calibrations")
        let calibrations = try Calibration.allCases.map { ($0, try $0.measured(network, diffusion: Self.diffusion)) }
        let schrodinger = calibrations.first { $0.0 == .schrodinger }?.1.value ?? .nan
        return LearningReport(
            figure: try figure(noisy, small, others, adjusting, calibrations),
            claims: calibrations.map(calibrationClaim)
                + [
                    limitClaim("descent with noise, B = 8, D_0 = 0.06", noisy, within: 0.02, control: schrodinger),
                    limitClaim("mini-batches of one, D_0 = 0.02", small, within: 0.04, control: schrodinger),
                    realClaim(noisy, small, others + adjusting.flatMap { $0.fast.suffix(1) + [$0.slow] }, schrodinger),
                ] + others.map(closureClaim)
                + adjusting.flatMap { claims($0, control: Self.limit($0.what == .batch ? small : noisy).value) },
            notes: ["adiabatic ratio: fast neurons are drawn from their equilibrium (infinite)"]
                + (noisy + small + others + adjusting.flatMap(\.all)).map {
                    "  \($0.name): χ = \(Claim.number($0.whole.value)) ± \(Claim.number($0.standardError)), residual \(Claim.number($0.whole.residual))"
                        + ($0.closes ? "" : ": no closure")
                })
    }

    private func calibrationClaim(_ calibration: Calibration, _ found: Quantumness) -> Claim {
        Claim(
            figure: name, claim: "By construction, the meter reads \(calibration.exact) for densities of \(calibration.title)",
            criterion: "|χ − (\(calibration.exact))| ≤ 0.02, densities without sampling noise",
            measured: abs(found.value - Double(calibration.exact)),
            bound: .atMost(0.02), basis: .construction, detail: "χ = \(Claim.number(found.value))", failureWord: Claim.ofTheory)
    }

    /// χ at η → 0 by a straight line, weighted by the errors.
    static func limit(_ meters: [EnsembleMeter]) -> (value: Double, error: Double) {
        guard meters.count > 1 else { return (meters[0].whole.value, meters[0].standardError) }
        let weights = meters.map { 1 / ($0.standardError * $0.standardError) }
        func sum(_ term: (EnsembleMeter) -> Double) -> Double { zip(meters, weights).reduce(0) { $0 + $1.1 * term($1.0) } }
        let (s, x, xx) = (sum { _ in 1 }, sum { $0.learningRate }, sum { $0.learningRate * $0.learningRate })
        let (y, xy) = (sum { $0.whole.value }, sum { $0.learningRate * $0.whole.value })
        let determinant = s * xx - x * x
        return ((xx * y - x * xy) / determinant, (xx / determinant).squareRoot())
    }

    private func limitClaim(_ title: String, _ meters: [EnsembleMeter], within margin: Double, control: Double) -> Claim {
        let limit = Self.limit(meters)
        return Claim(
            figure: name, claim: "Its quantum potential has the wrong sign: χ = −1 for \(title)",
            criterion: "χ at η → 0 within \(margin) of −1; \(meters[0].count) networks from six densities, η from "
                + "\(meters.map { "\($0.learningRate)" }.joined(separator: ", "))" + (options.quick ? ", quick" : ""),
            measured: limit.value, standardError: limit.error, bound: .within(-1 - margin...(-1 + margin)),
            control: .init(control, "Schrödinger's equation on the same landscape"),
            detail: meters.map { "\(Claim.number($0.whole.value)) ± \(Claim.number($0.standardError)) at \($0.learningRate)" }
                .joined(separator: ", "), failureWord: Claim.ofTheory)
    }

    private func realClaim(_ noisy: [EnsembleMeter], _ small: [EnsembleMeter], _ others: [EnsembleMeter], _ control: Double) -> Claim {
        let closed = (noisy.suffix(1) + small.suffix(1) + others).filter(\.closes)
        let greatest = closed.max { $0.whole.value < $1.whole.value }
        return Claim(
            figure: name, claim: "Some learning rule obeys Madelung's equations with ħ = 2D",
            criterion: "greatest χ of all rules whose momentum equation closes (relative residual ≤ 0.15) within 0.1 of 1",
            measured: greatest?.whole.value, standardError: greatest?.standardError, bound: .within(0.9...1.1),
            detail: (greatest.map { "that of \($0.name); " } ?? "")
                + "\(closed.count) of \(others.count + 2) rules close; Schrödinger's equation gives \(Claim.number(control))",
            failureWord: Claim.ofTheory)
    }

    func closureClaim(_ meter: EnsembleMeter) -> Claim {
        Claim(
            figure: name, claim: "The ensemble of \(meter.name) obeys an equation of Madelung's form",
            criterion: "relative residual at most 0.15; \(meter.count) networks from six densities" + (options.quick ? ", quick" : ""),
            measured: meter.whole.residual, standardError: meter.residualError, bound: .atMost(0.15),
            detail: (meter.closes ? "" : "no closure; ") + "χ = \(Claim.number(meter.whole.value)) ± \(Claim.number(meter.standardError))",
            failureWord: Claim.ofTheory)
    }

    private func figure(
        _ noisy: [EnsembleMeter], _ small: [EnsembleMeter], _ others: [EnsembleMeter], _ adjusting: [Adjusting],
        _ calibrations: [(Calibration, Quantumness)]
    ) throws -> Figure {
        func cloud(_ title: String, _ found: Quantumness) -> Panel {
            let range = found.quantum.map { abs($0) }.max() ?? 1
            let ends = [-range, range]
            return Panel(
                title: title, x: Axis("quantum term"), y: Axis("acceleration"),
                layers: [
                    .scatter(Scatter(x: found.quantum, y: found.acceleration, name: "test equations")),
                    .line(Line(x: ends, y: ends.map { -$0 }, name: "χ = −1", style: .solid, colour: 1)),
                    .line(Line(x: ends, y: ends, name: "χ = +1", style: .dashed, colour: 2)),
                ])
        }
        let last = noisy[noisy.count - 1]
        let rates = noisy.map(\.learningRate), extent = [0, (rates.max() ?? 0) * 1.05], line = Self.limit(noisy)
        let slope = noisy.count > 1 ? (noisy[0].whole.value - line.value) / noisy[0].learningRate : 0
        let extrapolation = Panel(
            title: "descent: χ against η", x: Axis("η", range: 0...extent[1]), y: Axis("χ"),
            layers: [
                .scatter(Scatter(x: rates, y: noisy.map(\.whole.value), name: "B = 8")),
                .scatter(Scatter(x: small.map(\.learningRate), y: small.map(\.whole.value), name: "B = 1", slot: 1)),
            ]
                + adjusting.enumerated().map { place, one in
                    .scatter(
                        Scatter(
                            x: one.fast.map(\.learningRate), y: one.fast.map(\.whole.value), name: "\(one.what.word) changes",
                            slot: 2 + place))
                } + [
                    .line(Line(x: extent, y: extent.map { line.value + slope * $0 }, style: .dotted)),
                    .rule(Rule(.horizontal(y: -1), label: "Fokker–Planck")),
                ])
        let rest = others.map(\.whole.residual), place = others.indices.map { Double(others.count - $0) }
        let closure = Panel(
            title: "residual of each optimiser", x: Axis("relative residual", range: 0...1),
            y: Axis("", range: 0.5...Double(others.count) + 0.5, ticks: zip(place, others).map { .init($0, $1.name) }),
            layers: [.scatter(Scatter(x: rest, y: place, titles: others.map(\.name))), .rule(Rule(.vertical(x: 0.15), label: "closure"))])
        let all = noisy + small + others + adjusting.flatMap(\.all)
        let data = try CSVTable(byColumn: [
            ("ensemble", .words(all.map(\.name) + calibrations.map { "calibration: \($0.0.title)" })),
            ("networks", .integers(all.map(\.count))),
            ("chi", .numbers(all.map(\.whole.value) + calibrations.map(\.1.value))), ("standardError", .numbers(all.map(\.standardError))),
            ("residual", .numbers(all.map(\.whole.residual) + calibrations.map(\.1.residual))),
            ("signal", .numbers(all.map(\.whole.signal) + calibrations.map(\.1.signal))),
        ])
        return Figure(
            id: name, title: "The quantum potential in ensembles that learn",
            caption: """
                Each dot is the momentum equation tested at one place and time, the shared potential projected out: its slope is χ. Descent with \
                noise has χ = −1, the sign of diffusion; Schrödinger's equation +1. Below, χ at smaller steps, also where networks draw \
                neurons, steps or mini-batches anew at each step, and what is left of the \
                accelerations in the ensembles of optimisers with momentum, which obey no such equation.
                """,
            panels: [
                cloud("descent, η = \(last.learningRate)", last.whole),
                cloud("Schrödinger, same landscape", calibrations.first { $0.0 == .schrodinger }?.1 ?? last.whole), extrapolation, closure,
            ], arrangement: .grid(columns: 2), data: data)
    }
}
