import Arrays
import Figures
import Foundation

/// E3b and E3d: Schrödinger's equation where the number of networks adjusts itself, in imaginary time, and where somebody adjusts the landscape, in real
/// time.
struct SchrodingerExperiment: LearningExperiment {
    let name = "schrodinger"
    let title = "Schrödinger's equation of networks whose number adjusts itself"
    let claimed = """
        If numbers of neurons, step and mini-batch adjust themselves, trainable variables obey Schrödinger's equation (arXiv:2012.05082, \
        2111.00903).
        """
    let simulated = """
        Networks that diffuse, are copied and are removed at the rate F(w)/ħ: it is networks that are born and die here, not neurons (`quantumness`). \
        With --experimental also an ensemble whose landscape is learned anew at every step, so that it follows Schrödinger's equation.
        """
    private let options: LearningOptions
    private let network: MicroNetwork
    private let births: BirthDeath
    /// Steps between two looks at the number of networks.
    private static let interval = 10

    init(_ options: LearningOptions) throws(LearningError) {
        self.options = options
        network = try MicroNetwork(weightDecay: options.weightDecay ?? 0)
        let steps = options.quick ? 3000 : 4000
        var births = BirthDeath(
            network: network, networks: options.networks ?? (options.quick ? 60_000 : 200_000), diffusion: 0.15, steps: steps,
            seed: options.seed)
        births.recordedSteps = Array(stride(from: 0, through: steps, by: Self.interval))
        self.births = births
        if let rate = options.learningRate {
            throw .outOfRange(
                name: "the learning rate", value: "\(rate)", limit: "left out: networks diffuse here and do not descend",
                remedy: "drop --learning-rate")
        }
        try births.check()
    }

    func processes() -> [LearningProcess] { [.birthDeath(births)] }

    func report(on device: LearningDevice) throws -> LearningReport {
        try device.proceed("\(births.networks) networks that are born and die, \(births.steps) steps")
        let process = try BirthDeathRecord(LearningProcess.birthDeath(births).record(on: device), of: births)
        var loops: [(name: String, loop: ClosedLoop)] = []
        if options.experimental {
            let walkers = options.quick ? 50_000 : 200_000
            func loop(_ chi: Double) throws -> ClosedLoop {
                let setting = ClosedLoop.Setting(
                    range: -3.5...3.5, mean: 1, deviation: 0.35, diffusion: 0.125, duration: 2 * Double.pi, functions: 28, chi: chi)
                return try ClosedLoop(
                    setting, count: walkers, options.seed, potential: { $0 * $0 / 2 }, slope: { $0 }, on: device)
            }
            let network = network
            let well = ClosedLoop.Setting(
                range: -5...5, mean: 1.4, deviation: 0.3, diffusion: 0.15, duration: 4, functions: 28, chi: 1)
            loops = [
                ("harmonic well, χ = 1", try loop(1)), ("harmonic well, χ = 0", try loop(0)),
                (
                    "double well, χ = 1",
                    try ClosedLoop(
                        well, count: walkers, options.seed, potential: { network.freeEnergy(at: $0) },
                        slope: { network.gradient(at: $0).mean }, on: device)
                ),
            ]
        }
        return LearningReport(
            figure: try figure(process, loops), claims: energyClaims(process) + realTimeClaims(loops),
            notes: [
                "adiabatic ratio: infinite, F being the free energy of neurons in equilibrium",
                "E_0 of the ensemble \(String(format: "%.5f ± %.5f", process.energy, process.standardError)), of the operator "
                    + String(format: "%.5f", process.exact),
            ]
                + loops.map {
                    "  closed loop, \($0.name): greatest total variation \(Claim.number($0.loop.worst)), floor \(Claim.number($0.loop.samplingFloor))"
                        + ($0.loop.isWhole ? "" : ", died at t = \(Claim.number($0.loop.times.last ?? 0))")
                })
    }

    private func energyClaims(_ process: BirthDeathRecord) -> [Claim] {
        let sizes =
            "\(births.networks) networks in \(BirthDeath.islands) parts, \(births.steps) steps of \(births.timeStep)"
            + (options.quick ? ", quick" : "")
        let squares = process.ground.map { $0 * $0 }, whole = squares.reduce(0, +)
        return [
            Claim(
                figure: name, claim: "Networks that are born and die have the ground energy of Schrödinger's operator (imaginary time)",
                criterion: "|E/E_0 − 1| at most 0.3 %; \(sizes)", measured: abs(process.energy / process.exact - 1), unit: .percent,
                standardError: process.standardError / process.exact, bound: .atMost(0.003),
                control: .init(abs(process.harmonic / process.exact - 1), "the level of one harmonic well"),
                detail: "\(Claim.number(abs(process.energy - process.exact) / process.standardError)) standard errors from E_0",
                failureWord: Claim.ofTheory),
            Claim(
                figure: name, claim: "Their density is the wave function itself (imaginary time)",
                criterion: "total variation to ψ_0 at most 0.02; \(sizes)", measured: process.totalVariation, bound: .atMost(0.02),
                control: .init(DensityComparison.totalVariation(process.shares, squares.map { $0 / whole }), "to ψ_0^2"),
                failureWord: Claim.ofTheory),
        ]
    }

    private func realTimeClaims(_ loops: [(name: String, loop: ClosedLoop)]) -> [Claim] {
        let claim = "An ensemble follows Schrödinger's equation in real time"
        guard let control = loops.first(where: { $0.name.hasSuffix("χ = 0") })?.loop else {
            return [
                Claim(
                    figure: name, claim: claim, criterion: "total variation to |ψ|^2 below floor + 0.01; runs with --experimental",
                    measured: nil,
                    bound: .atMost(0), basis: .untested, failureWord: Claim.ofTheory)
            ]
        }
        return loops.filter { $0.name.hasSuffix("χ = 1") }.map { name, loop in
            Claim(
                figure: self.name, claim: "\(claim), as its landscape is made to (\(name))",
                criterion: "greatest total variation to |ψ|^2 until t = \(Claim.number(loop.times.last ?? 0)) below floor + 0.01 = "
                    + Claim.number(loop.samplingFloor + 0.01),
                measured: loop.isWhole ? loop.worst : .infinity, bound: .lessThan(loop.samplingFloor + 0.01),
                control: .init(control.worst, "the same feedback without its quantum term, harmonic well"), basis: .synthesis,
                failureWord: Claim.ofTheory)
        }
    }

    private func figure(_ process: BirthDeathRecord, _ loops: [(name: String, loop: ClosedLoop)]) throws -> Figure {
        let width = BirthDeath.bins.width, centres = BirthDeath.bins.centres
        let times = process.numbers.indices.map { Double(Self.interval * $0) * births.timeStep }
        var panels = [
            Panel(
                title: "networks that are born and die", x: Axis("w"), y: Axis("density"),
                layers: [
                    .scatter(Scatter(x: centres, y: process.shares.map { $0 / width }, name: "networks")),
                    .line(Line(x: centres, y: process.ground.map { $0 / width }, name: "ψ_0", style: .solid, colour: 1)),
                ]),
            Panel(
                title: "how many there are", x: Axis("t"), y: Axis("networks of one part"),
                layers: [
                    .line(Line(x: times, y: process.numbers, style: .solid))
                ]),
        ]
        for (name, loop) in loops {
            var layers: [Layer] = []
            let h = loop.places[1] - loop.places[0], last = loop.times.count - 1
            for (slot, k) in [0, last / 4, last / 2, last].enumerated() {
                layers.append(
                    .scatter(
                        Scatter(
                            x: loop.places, y: loop.shares[k].map { $0 / h }, name: "t = \(Claim.number(loop.times[k]))", slot: slot)))
                layers.append(.line(Line(x: loop.places, y: loop.wave[k].map { $0 / h }, style: .solid, colour: slot)))
            }
            panels.append(Panel(title: "closed loop, \(name)", x: Axis("w"), y: Axis("|ψ|^2", range: 0...2), layers: layers))
        }
        return Figure(
            id: name, title: "Schrödinger's equation of networks",
            caption: """
                The density of networks that diffuse, are copied and are removed at the rate of their free energy, and the ground state ψ_0 of \
                −D∂² + F/2D. With --experimental, ensembles whose landscape is made to follow |ψ|² (lines) in real time; without the quantum \
                term of the feedback they form a caustic.
                """,
            panels: panels, arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("w", .numbers(centres)), ("density", .numbers(process.shares.map { $0 / width })),
                ("groundState", .numbers(process.ground.map { $0 / width })),
            ]))
    }
}
