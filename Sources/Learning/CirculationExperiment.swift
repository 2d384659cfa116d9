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
        for setting in settings { try setting.check() }
    }

    /// The last is the control.
    private var settings: [Circulation] {
        let rate = options.learningRate ?? 0.05
        func setting(_ rate: Double, batch: Int, turning: Double = 0, isMirrored: Bool = false) -> Circulation {
            Circulation(
                networks: count, learningRate: rate, batch: batch, turning: turning, isMirrored: isMirrored, steps: Self.steps,
                warmUp: Self.warmUp, seed: options.seed)
        }
        return [1, 2, 4].map { setting(rate, batch: $0) } + [setting(2 * rate, batch: 1)]
            + [0.2, 0.5].map { setting(rate, batch: 1, turning: $0) } + [setting(rate, batch: 4, isMirrored: true)]
    }

    private static let warmUp = 400
    private static let steps = 1000

    func processes() -> [LearningProcess] { settings.map { .circulation($0) } }

    func report(on device: LearningDevice) throws -> LearningReport {
        let found = try settings.map { setting in
            try device.proceed("\(count) networks with two weights, \(setting.name)")
            let record = try LearningProcess.circulation(setting).record(on: device)
            return (setting: setting, record: try CirculationRecord(record, of: setting))
        }
        let quanta = found.map(\.record.quanta), errors = found.map(\.record.standardError)
        let control = found[found.count - 1].record
        let claims = found.dropLast().map { one in
            Claim(
                figure: name, claim: "The circulation is a whole number of quanta (\(one.setting.name))",
                criterion: "at most 5 standard errors from the nearest whole number; \(count) networks, \(Self.steps - Self.warmUp) steps"
                    + (options.quick ? ", quick" : ""), measured: one.record.distance, bound: .atMost(5),
                control: .init(control.distance, "data with both hands, n = \(Claim.number(control.quanta))"),
                detail: "n = \(Claim.number(one.record.quanta)) ± \(Claim.number(one.record.standardError))", failureWord: Claim.ofTheory)
        }
        let places = found.indices.map { Double($0 + 1) }
        return LearningReport(
            figure: Figure(
                id: name, title: "Circulation of ensembles in quanta",
                caption: """
                    Quanta of circulation, Ω/2D_φ, of ensembles on chiral data: by batches of 1, 2 and 4, at twice the step, with a gradient \
                    turned in part by m = 0.2 and 0.5, and of data and their mirror image, the control. Bars are two standard errors. \
                    Whole numbers would be a single-valued wave function's.
                    """,
                panels: [
                    Panel(
                        title: "quanta of circulation",
                        x: Axis(
                            "ensemble (B: batch, 2η: twice the step, m: part of the gradient that is turned)",
                            range: 0.5...Double(found.count) + 0.5,
                            ticks: zip(places, found).map { .init($0, $1.setting.shortName(usual: settings[0].learningRate)) }),
                        y: Axis("n = Ω/2D_φ"),
                        layers: Layer.errorBars(x: places, y: quanta, standardErrors: errors) + [
                            .scatter(Scatter(x: places, y: quanta, titles: found.map(\.setting.name), name: "ensembles")),
                            .rule(Rule(.horizontal(y: 0), label: "n = 0")), .rule(Rule(.horizontal(y: 1), label: "n = 1")),
                        ])
                ],
                data: try CSVTable(byColumn: [
                    ("ensemble", .words(found.map(\.setting.name))), ("quanta", .numbers(quanta)),
                    ("standardError", .numbers(errors)), ("networks", .integers(found.map { _ in count })),
                ])), claims: Array(claims),
            notes: ["adiabatic ratio: fast neurons are drawn from their equilibrium (infinite)"]
                + found.map { "  \($0.setting.name): n = \(Claim.number($0.record.quanta)) ± \(Claim.number($0.record.standardError))" })
    }
}
