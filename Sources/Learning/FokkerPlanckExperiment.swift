import Arrays
import Figures
import Foundation

/// E1: the weights of an ensemble that learns with noise drift along −∂F/∂w and diffuse by the noise of their gradients, as fast neurons in
/// equilibrium have it. Nothing is fitted.
struct FokkerPlanckExperiment: LearningExperiment {
    let name = "fokker-planck"
    let title = "Ensembles of networks against the Fokker–Planck equation"
    let claimed = """
        Slow weights drift along −∂F/∂w with F = −(1/β) log Z of the fast neurons, and diffuse by D = D_0 + η Var(∂H/∂w)/2B: \
        ∂p/∂t = ∂(D ∂p + p ∂F) (arXiv:2008.01540, 2111.00903).
        """
    let simulated = """
        Ensembles of tied auto-encoders with one weight, 4 fast neurons and 512 data, from six initial densities, by descent with \
        mini-batches and noise; drift and diffusion by bins, densities against an integration of the equation with F and D in closed form. \
        Then explicit Langevin neurons at frozen weights.
        """
    let options: LearningOptions
    let network: MicroNetwork
    private let count: Int
    private let scanCount: Int
    private let rates: [Double]

    static let duration = 1.6
    static let recordCount = 40
    /// The adiabatic ratio that the claims are made for.
    static let recommendedRatio = 6.4

    init(_ options: LearningOptions) throws(LearningError) {
        self.options = options
        network = try MicroNetwork(weightDecay: options.weightDecay ?? 0)
        count = options.networks ?? (options.quick ? 100_000 : 1_000_000)
        scanCount = options.networks ?? (options.quick ? 100_000 : 400_000)
        // So many that the sampling floor of a histogram of 320 bins stays near 0.02.
        guard count >= 40_000 else {
            throw .tooFewNetworks(count: count, needed: 40_000, purpose: "a density in 320 bins told to 2 %")
        }
        rates = options.learningRate.map { [$0] } ?? (options.quick ? [0.04, 0.02] : [0.04, 0.02, 0.01, 0.005])
        for rate in rates { try network.check(learningRate: rate, within: -3.2...3.2) }
        guard let largest = rates.max(), largest <= Self.duration / Double(Self.recordCount) else {
            throw .outOfRange(
                name: "the learning rate", value: "\(rates.max() ?? 0)", limit: "at most 0.04, of which 40 steps make the duration",
                remedy: "use 0.02")
        }
    }

    /// An ensemble from all starts, beside the equation.
    struct Setting: Sendable {
        let name: String
        let batch: Int
        let diffusion: Double
        let learningRate: Double
        let count: Int
    }

    /// The two ensembles that are shown, and those of other learning rates.
    private func settings() -> (main: [Setting], scan: [Setting]) {
        let rate = options.learningRate ?? 0.02, small = "B = 1, D_0 = 0.02"
        return (
            [
                Setting(name: "B = 8, D_0 = 0.06", batch: 8, diffusion: 0.06, learningRate: rate, count: count),
                Setting(name: small, batch: 1, diffusion: 0.02, learningRate: rate, count: count),
            ],
            rates.filter { $0 != rate }.map { Setting(name: small, batch: 1, diffusion: 0.02, learningRate: $0, count: scanCount) }
        )
    }

    private func training(_ setting: Setting) throws -> EnsembleTraining {
        let every = max(1, Int((Self.duration / setting.learningRate / Double(Self.recordCount)).rounded()))
        return try .descent(
            network, networks: setting.count, learningRate: setting.learningRate, batch: setting.batch, diffusion: setting.diffusion,
            steps: every * Self.recordCount, recordedSteps: (0...Self.recordCount).map { $0 * every }, seed: options.seed)
    }

    func ensembles() throws -> [EnsembleTraining] {
        let settings = settings()
        return try (settings.main + settings.scan).map(training)
    }

    func report(on device: LearningDevice) throws -> LearningReport {
        func compared(_ setting: Setting) throws -> DensityComparison {
            let training = try training(setting)
            try device.proceed(
                "\(setting.count) networks from \(training.starts.count) densities, \(setting.name), η = \(setting.learningRate)")
            return try DensityComparison(training, training.record(on: device), name: setting.name)
        }
        let settings = settings(), main = try settings.main.map(compared), scan = try settings.scan.map(compared)
        try device.proceed("explicit fast neurons")
        let fast = try [1, 4, 16, 64].map {
            try AdiabaticTest(network, sweeps: $0, timeStep: 0.1, quick: options.quick, options.seed, on: device)
        }
        let all = main + scan
        return LearningReport(
            figure: try figure(main, fast), claims: main.flatMap(claims) + all.map(densityClaim) + [adiabaticClaim(fast)],
            notes: [
                "adiabatic ratio: fast neurons are drawn from their equilibrium in the ensembles (infinite); of explicit neurons "
                    + "\(Claim.number(Self.recommendedRatio)) relaxation times a step are needed"
            ]
                + fast.map {
                    "  \($0.sweeps.number(of: "Langevin step")) a datum, \(Claim.number($0.ratio)) relaxation times: ⟨∂H/∂w⟩ off by \(Claim.percent($0.error))"
                })
    }

    private func claims(_ one: DensityComparison) -> [Claim] {
        let sizes =
            "\(one.name), η = \(one.training.timeStep), \(one.training.networks) networks from \(one.training.starts.count) densities"
            + (options.quick ? ", quick" : "")
        return [
            Claim(
                figure: name, claim: "The mean change of a weight is −η ∂F/∂w (\(one.name))",
                criterion: "slope of the drift against −F′ within 0.005 of 1; \(sizes)", measured: one.slope.value,
                standardError: one.slope.error, bound: .within(0.995...1.005),
                control: .init(one.coldSlope, "against the energy of neurons without fluctuations"), failureWord: Claim.ofTheory),
            Claim(
                figure: name, claim: "Nothing else drives the mean (\(one.name))",
                criterion: "drift residual over its noise floor below 1.1; \(sizes)", measured: one.residual / one.floor,
                standardError: one.residual / one.floor / (2 * Double(one.decided)).squareRoot(), bound: .lessThan(1.1),
                control: .init(one.coldResidual / one.floor, "against neurons without fluctuations"),
                detail: "residual \(Claim.number(one.residual)), floor \(Claim.number(one.floor))", failureWord: Claim.ofTheory),
            Claim(
                figure: name, claim: "The diffusion is D_0 + η Var/2B (\(one.name))",
                criterion: "root mean square of D/D_{theory} − 1 below 0.01; \(sizes)", measured: one.diffusionResidual,
                standardError: one.diffusionResidual / (2 * Double(one.decided)).squareRoot(), bound: .lessThan(0.01),
                control: .init(one.bareResidual, "D_0 alone"), failureWord: Claim.ofTheory),
        ]
    }

    private func densityClaim(_ one: DensityComparison) -> Claim {
        let limit = 0.005 + one.samplingFloor + 0.8 * one.training.timeStep
        return Claim(
            figure: name, claim: "The density obeys the equation (\(one.name), η = \(one.training.timeStep))",
            criterion:
                "greatest total variation over \(Self.recordCount) times below 0.005 + floor + 0.8 η = \(Claim.number(limit)); "
                + "\(one.training.networks) networks" + (options.quick ? ", quick" : ""),
            measured: one.worst, standardError: one.samplingFloor / 20, bound: .lessThan(limit),
            control: .init(one.controlWorst, "diffusion without drift"), detail: "floor \(Claim.number(one.samplingFloor))",
            failureWord: Claim.ofTheory)
    }

    private func adiabaticClaim(_ tests: [AdiabaticTest]) -> Claim {
        let best = tests[tests.count - 1]
        return Claim(
            figure: name, claim: "Explicit fast neurons with time to relax have the gradient of F",
            criterion: "relative error of ⟨∂H/∂w⟩ below 2 % at \(Claim.number(best.ratio)) relaxation times for each step",
            measured: best.error,
            unit: .percent, standardError: best.standardError, bound: .lessThan(0.02),
            control: .init(tests[0].error, "\(Claim.number(tests[0].ratio)) relaxation times"), failureWord: Claim.ofTheory)
    }

    private func figure(_ main: [DensityComparison], _ fast: [AdiabaticTest]) throws -> Figure {
        var panels: [Panel] = []
        for one in main {
            let shown = one.centres.indices.filter { one.changes.count[$0] > 2000 }
            let x = shown.map { one.centres[$0] }
            panels.append(
                Panel(
                    title: "drift, \(one.name)", x: Axis("w"), y: Axis("d⟨w⟩/dt"),
                    layers: [
                        .scatter(Scatter(x: x, y: shown.map { one.drift[$0] }, name: "networks")),
                        .line(Line(x: x, y: shown.map { -one.slopes[$0] }, name: "−F′", style: .solid, colour: 1)),
                    ]))
            panels.append(
                Panel(
                    title: "diffusion, \(one.name)", x: Axis("w"), y: Axis("D"),
                    layers: [
                        .scatter(Scatter(x: x, y: shown.map { one.diffusion[$0] }, name: "networks")),
                        .line(Line(x: x, y: shown.map { one.diffusions[$0] }, name: "D_0 + η Var/2B", style: .solid, colour: 1)),
                    ]))
            var layers: [Layer] = []
            for (slot, record) in [4, 15, 40].enumerated() {
                let inside = one.centres.indices.filter { abs(one.centres[$0]) < 2.5 }
                let height = { (p: [Double]) in inside.map { p[$0] / one.width } }, places = inside.map { one.centres[$0] }
                layers.append(
                    .scatter(
                        Scatter(
                            x: places, y: height(one.shares[0][record]), name: "t = \(Claim.number(one.times[record]))", slot: slot)))
                layers.append(.line(Line(x: places, y: height(one.expected[0][record]), style: .solid, colour: slot)))
            }
            panels.append(
                Panel(
                    title: "p(w, t), \(one.name)", x: Axis("w", range: -2.5...2.5), y: Axis("p(w, t)"),
                    layers: layers))
        }
        let one = main[0]
        let data = try CSVTable(byColumn: [
            ("w", .numbers(one.centres)), ("count", .integers(one.changes.count)), ("drift", .numbers(one.drift)),
            ("minusSlope", .numbers(one.slopes.map { -$0 })), ("diffusion", .numbers(one.diffusion)),
            ("diffusionTheory", .numbers(one.diffusions)), ("density", .numbers(one.shares[0][40].map { $0 / one.width })),
            ("densityTheory", .numbers(one.expected[0][40].map { $0 / one.width })),
            ("relaxationTimes", .numbers(fast.map(\.ratio))), ("gradientError", .numbers(fast.map(\.error))),
        ])
        return Figure(
            id: name, title: "Ensembles of \(one.training.networks) networks against the Fokker–Planck equation",
            caption: """
                Drift and diffusion of a weight by bins of 0.02, and the density at three times, dots; lines have no fitted parameter. \
                Above with batches of 8 and noise D_0 = 0.06, below with single data and D_0 = 0.02. The table is of the first, with the \
                error of explicit fast neurons by the relaxation times that they have for each step.
                """,
            panels: panels, arrangement: .grid(columns: 3), data: data)
    }
}
