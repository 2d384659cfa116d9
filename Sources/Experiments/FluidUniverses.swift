import Arrays
import Cosmology
import Duality
import Engines
import Figures
import Foundation
import Networks
import Runs

/// Optimisers that are the universes of fluids: a field of mass 1 in them, beside its exact solution.
public struct FluidUniverses: Experiment {
    /// `fluids`.
    public let id = "fluids"
    public let title = "Universes of fluids"
    private let scan: EmbeddedScan
    private let own: RunList

    /// The full grid has 21 trainings of a linear model, 15 with momentum alone or in chained eras, and 72 networks; the quick one 16 networks.
    init(quick: Bool, seed: UInt64) throws {
        scan = try EmbeddedScan("fluids", quick: quick, seed: seed)
        let runs = try Self.ticks.flatMap { tick -> [Run] in
            let alone = try Self.momentumAlone.map { try Self.linear(Self.momentum($0, tick), tick) }
            return try alone + [Self.linear(Self.eras(tick), tick)]
        }
        own = RunList(runs)
    }

    public var runs: any RunSource { ConcatenatedRuns([scan, own]) }

    static let ticks = [0.1, 0.05, 0.025]
    static let duration = 20.0
    /// The equations of state whose momentum is tried without its step.
    static let momentumAlone = [0, 1 / 3.0, 1, -1 / 3.0]
    /// Inflation, matter and radiation: w and how long it lasts.
    static let chain = [(-1.0, 4.0), (0, 8), (1 / 3.0, 8)]
    static let firstHubble = 0.5

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let linear = try scan.results(of: scan.candidates(ofScan: 0), known: known, experiment: id).map { try Training($0) }
        let networks = try scan.results(of: scan.candidates(ofScan: 1), known: known, experiment: id).map { try Training($0) }
        let others = try own.results(known: known, experiment: id).enumerated().map { index, result in
            let kinds = Self.momentumAlone.count + 1
            return try Training(result, alone: index % kinds < Self.momentumAlone.count ? Self.momentumAlone[index % kinds] : nil)
        }
        return ExperimentReport(figures: [try figure(linear, networks)], claims: try judge(linear + others, networks))
    }

    /// γ_k of a fluid with the step of a constant momentum.
    private static func momentum(_ w: Double, _ tick: Double) throws -> Schedule {
        let p = 2 / (1 + w), steps = Int((duration / tick).rounded())
        let momenta = (0..<steps).map { step -> Double in
            guard step > 0 else { return 0 }
            let x = p / (2 * Double(step))
            return max(0, (1 - x) / (1 + x))
        }
        return try Schedule(learningRates: Array(repeating: tick * tick, count: steps), momenta: momenta)
    }

    private static func eras(_ tick: Double) throws -> Schedule {
        try .eras(
            learningRate: tick * tick, hubble: firstHubble,
            chain.map { .init(equationOfState: $0.0, steps: Int(($0.1 / tick).rounded())) })
    }

    /// θ x at x = 1 from θ = 1, whose kernel is 1: a field of mass 1.
    private static func linear(_ schedule: Schedule, _ tick: Double) throws -> Run {
        let architecture = try Architecture(inputs: 1, widths: [], outputs: 1, hasBias: false, activation: .identity)
        return Run(
            architecture: architecture, source: .weights(try Weights([1], for: architecture)), sigmaW: 1, sigmaB: 0,
            inputs: try Inputs([1]),
            training: Run.Training(
                loss: try .power(degree: 2, scale: 0.5, minimum: 0), schedule: schedule, steps: Int((duration / tick).rounded())))
    }

    /// A training beside the exact field.
    struct Training: Sendable {
        let run: Run
        let schedule: Schedule
        let times: [Double]
        /// The field over its first value, and the exact one.
        let field: [Double]
        let expected: [Double]

        /// - Parameter alone: w where the momentum of that fluid came alone.
        init(_ result: RunResult, alone: Double? = nil) throws {
            guard let training = result.run.training, let anchor = training.loss.singleAnchor else {
                throw ExperimentError.nothingToJudge(experiment: "fluids", reason: "a run has no training")
            }
            run = result.run
            schedule = training.schedule
            let tick = schedule.learningRate(at: 0).squareRoot()
            times = (0...training.steps).map { Double($0) * tick }
            field = result.outputs.map { ($0 - anchor) / (result.outputs[0] - anchor) }
            switch schedule.rule {
            case .fluid: expected = try Self.exact(schedule.value("equationOfState") ?? 0, from: schedule.value("cosmicTime") ?? 0, times)
            case .nesterov: expected = try Self.exact(-1 / 3.0, from: 0, times)
            case .deSitter: expected = try Self.chained(times)
            default: expected = try Self.exact(alone ?? 0, from: 0, times)
            }
        }

        private static func exact(_ w: Double, from start: Double, _ times: [Double]) throws -> [Double] {
            let exact = try PowerLawField(equationOfState: w, mass: 1), later = times.map { $0 + start }
            return try (start == 0 ? exact.regular(phi: 1, at: later) : exact.solution(from: start, .init(phi: 1, velocity: 0), at: later))
                .map(\.phi)
        }

        /// φ″ + 3Hφ′ + φ = 0 through the eras, each from where the one before ends.
        private static func chained(_ times: [Double]) throws -> [Double] {
            var state = PowerLawField.State(phi: 1, velocity: 0), hubble = FluidUniverses.firstHubble, begin = 0.0, fields: [Double] = []
            for (index, (w, length)) in FluidUniverses.chain.enumerated() {
                let isLast = index == FluidUniverses.chain.count - 1, end = begin + length
                let inside = times.filter { $0 >= begin - 1e-9 && (isLast || $0 < end - 1e-9) }.map { max(0, $0 - begin) }
                if w == -1 {
                    let b = 1.5 * hubble, omega = (1 - b * b).squareRoot()
                    func at(_ t: Double) -> PowerLawField.State {
                        let (c, s) = (cos(omega * t), sin(omega * t)), decay = exp(-b * t)
                        let sine = (state.velocity + b * state.phi) / omega
                        return .init(
                            phi: decay * (state.phi * c + sine * s),
                            velocity: decay * ((sine * omega - b * state.phi) * c - (state.phi * omega + b * sine) * s))
                    }
                    fields += inside.map { at($0).phi }
                    state = at(length)
                } else {
                    // a ∝ t^p with H = p/t.
                    let start = 2 / (3 * (1 + w)) / hubble, exact = try PowerLawField(equationOfState: w, mass: 1)
                    let states = try exact.solution(from: start, state, at: inside.map { $0 + start } + (isLast ? [] : [start + length]))
                    fields += states.prefix(inside.count).map(\.phi)
                    if let last = states.last { state = last }
                    hubble = 1 / (1 / hubble + 1.5 * (1 + w) * length)
                }
                begin = end
            }
            return fields
        }

        /// max |f − φ|/φ₀.
        var error: Double { zip(field, expected).map { abs($0 - $1) }.max()! }
        var tick: Double { times[1] }
        var width: Int { run.architecture.widths.first ?? 0 }
        var equationOfState: Double? { schedule.value("equationOfState") }
        var start: Double { schedule.value("cosmicTime") ?? 0 }
    }

    static func name(_ w: Double) -> String {
        switch w {
        case 0: "matter, w = 0"
        case 1: "kination, w = 1"
        case let w where w > 0: "radiation, w = 1/3"
        default: "w = −1/3"
        }
    }

    private func figure(_ linear: [Training], _ networks: [Training]) throws -> Figure {
        let panels = try Self.momentumAlone.map { w -> Panel in
            guard let wide = networks.filter({ $0.equationOfState == w }).max(by: { $0.width < $1.width }) else {
                throw ExperimentError.nothingToJudge(experiment: id, reason: "no network was trained with w = \(w)")
            }
            return Panel(
                title: Self.name(w), x: Axis("t"), y: Axis("φ/φ_0"),
                layers: [
                    .line(Line(x: wide.times, y: wide.field, name: "network, width \(wide.width)", style: .solid)),
                    .line(Line(x: wide.times, y: wide.expected, name: "exact", style: .dashed, colour: 1)),
                ])
        }
        return Figure(
            id: id, title: "Networks in the universes of fluids",
            caption: """
                A field of mass 1 that begins at rest at the beginning of time: the output of networks whose momentum and step are rescaled as the \
                expansion has it, with h = 0.1, beside the Bessel functions that are its exact solutions.
                """,
            panels: panels, arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("width", .integers(networks.map(\.width))), ("equationOfState", .numbers(networks.map { $0.equationOfState ?? .nan })),
                ("greatestError", .numbers(networks.map(\.error))),
            ]))
    }
}

/// Sources one after the other.
struct ConcatenatedRuns: RunSource {
    let sources: [any RunSource]

    init(_ sources: [any RunSource]) { self.sources = sources }

    var count: Int { sources.reduce(0) { $0 + $1.count } }

    func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        var index = index
        for source in sources {
            if index < source.count { return try source.candidate(at: index, known: known) }
            index -= source.count
        }
        return .excluded
    }
}
