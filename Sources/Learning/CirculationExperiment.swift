import Arrays
import Figures
import Foundation

/// E3c: a single-valued wave function has a circulation of whole quanta; descent has any.
struct CirculationExperiment: LearningExperiment {
    let name = "circulation"
    let title = "Whether the circulation of an ensemble is quantised"
    let claimed =
        "ψ = √p exp(iF/ħ) is single-valued, so that the circulation of the current velocity comes in quanta of 2πħ/m (arXiv:2012.05082)."
    let simulated = """
        Ensembles with two weights on chiral data, in a valley around the origin, by descent with mini-batches and with a gradient that \
        is turned in part; mean angular velocity over twice the angular diffusion counts quanta of h/m = 4πD.
        """
    private let options: LearningOptions
    private let count: Int

    init(_ options: LearningOptions) throws(LearningError) {
        self.options = options
        count = options.networks ?? (options.quick ? 20_000 : 60_000)
        guard count >= 2000 else {
            throw .tooFewNetworks(count: count, needed: 2000, purpose: "a mean angular velocity with an error from twenty parts")
        }
        if let rate = options.learningRate, !(rate > 0 && rate <= 0.2) {
            throw rate > 0.2
                ? .unstable(learningRate: rate, largest: 0.2)
                : .outOfRange(name: "the learning rate", value: "\(rate)", limit: "positive", remedy: "use 0.05")
        }
        if let decay = options.weightDecay {
            throw .outOfRange(
                name: "the weight decay", value: "\(decay)", limit: "left out: the valley is that of two weights without decay",
                remedy: "drop --weight-decay")
        }
    }

    func report(on device: LearningDevice) throws -> LearningReport {
        let rate = options.learningRate ?? 0.05
        let settings =
            [1, 2, 4].map { Circulation.Setting(learningRate: rate, batch: $0) }
            + [Circulation.Setting(learningRate: 2 * rate, batch: 1)]
            + [0.2, 0.5].map { Circulation.Setting(learningRate: rate, batch: 1, mixing: $0) }
            + [Circulation.Setting(learningRate: rate, batch: 4, isMirrored: true)]
        let found = try settings.map { setting in
            try device.proceed("\(count) networks with two weights, \(setting.name)")
            return try Circulation(setting, networks: count, options.seed)
        }
        let control = found[found.count - 1]
        let claims = found.dropLast().map { one in
            Claim(
                figure: name, claim: "The circulation is a whole number of quanta (\(one.setting.name))",
                criterion: "at most 5 standard errors from the nearest whole number; \(one.networks) networks, \(Circulation.steps) steps"
                    + (options.quick ? ", quick" : ""), measured: one.distance, bound: .atMost(5),
                control: .init(control.distance, "data with both hands, n = \(Claim.number(control.quanta))"),
                detail: "n = \(Claim.number(one.quanta)) ± \(Claim.number(one.standardError))", failureWord: Claim.ofTheory)
        }
        let places = found.indices.map { Double($0 + 1) }
        return LearningReport(
            figure: Figure(
                id: name, title: "Circulation of ensembles in quanta",
                caption: """
                    Quanta of circulation, Ω/2D_φ, of ensembles on chiral data: by batches of 1, 2 and 4, at twice the step, with a gradient \
                    turned in part by 0.2 and 0.5, and of data with both hands. Bars are two standard errors. Whole numbers would be a \
                    single-valued wave function's.
                    """,
                panels: [
                    Panel(
                        title: "n, in the order of the table", x: Axis("ensemble"), y: Axis("Ω/2D_φ"),
                        layers: [
                            .band(
                                Band(
                                    x: places, lower: found.map { $0.quanta - 2 * $0.standardError },
                                    upper: found.map { $0.quanta + 2 * $0.standardError }, name: "two standard errors")),
                            .scatter(Scatter(x: places, y: found.map(\.quanta), titles: found.map(\.setting.name), name: "ensembles")),
                            .rule(Rule(.horizontal(y: 0), label: "n = 0")), .rule(Rule(.horizontal(y: 1), label: "n = 1")),
                        ])
                ],
                data: try CSVTable(byColumn: [
                    ("ensemble", .words(found.map(\.setting.name))), ("quanta", .numbers(found.map(\.quanta))),
                    ("standardError", .numbers(found.map(\.standardError))), ("networks", .integers(found.map(\.networks))),
                ])), claims: Array(claims),
            notes: ["adiabatic ratio: fast neurons are drawn from their equilibrium (infinite)"]
                + found.map { "  \($0.setting.name): n = \(Claim.number($0.quanta)) ± \(Claim.number($0.standardError))" })
    }
}
