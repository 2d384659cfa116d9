import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

/// Networks whose friction is 3H of their own energy, beside the whole FLRW solution that they are dual to by construction.
public struct SelfExpanding: Experiment {
    /// `friedmann`.
    public let id = "friedmann"
    public let title = "Networks that make their own universe"
    private let starts: Starts
    private var scan: EmbeddedScan { starts.scan }

    /// The full grid has 192 networks, 12 trainings of a linear model, 16 networks on an interval, and for the e-folds 2048 of width 128 and
    /// 512 of widths 256 and 512 each; the quick one has 16 and 4 of the networks, and 16 of each width. Of the last, those of width 128 are
    /// trained once more from a paired start.
    init(quick: Bool, seed: UInt64) throws { starts = Starts(scan: try EmbeddedScan("friedmann", quick: quick, seed: seed)) }

    public var runs: any RunSource { starts }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        func results(_ candidates: Range<Int>) throws -> [RunResult] {
            try starts.results(of: candidates, known: known, experiment: id)
        }
        func trainings(_ candidates: Range<Int>) throws -> [Training] { try results(candidates).map { try Training($0) } }
        let networks = try trainings(scan.candidates(ofScan: 0)), linear = try trainings(scan.candidates(ofScan: 1))
        let intervals = try trainings(scan.candidates(ofScan: 2))
        let expansions = try EFoldsError.all(of: results(scan.candidates(ofScan: 3)))
        let paired = try EFoldsError.all(of: results(starts.paired))
        return ExperimentReport(
            figures: [try figure(networks, expansions, paired)], claims: try judge(networks, linear, intervals, expansions, paired))
    }

    /// How far the e-folds of a training are from those of the FLRW solution.
    struct EFoldsError: Sendable {
        let width: Int
        let degree: Int
        /// max |N − N_FLRW| at the recorded steps over N_FLRW(T).
        let error: Double
        /// max |f − φ|/φ₀ at the recorded steps.
        let fieldError: Double
        /// The same with the N of the universe whose kernel changes as `nlo` says; nil for all but the first of a width and degree.
        let nextOrderError: Double?

        /// So many of each width and degree are held against the next order.
        static let nextOrderCount = 64

        /// Of trainings whose field, scaled by its kernel, begins at the same place of the same potential: each degree has one solution.
        static func all(of results: [RunResult]) throws -> [EFoldsError] {
            var universes: [Int: (history: UniverseHistory?, field: [Double])] = [:], counts: [[Int]: Int] = [:]
            return try results.map { result in
                guard let training = result.run.training, let eFolds = result.recorded("eFolds"),
                    case .evenPower(let degree) = training.loss.shape
                else { throw ExperimentError.missingResults(experiment: "friedmann", count: 1) }
                var universe = universes[degree]
                let anchor = training.loss.singleAnchor ?? 0
                if universe == nil {
                    let solution = try Prediction.universe.trajectory(of: FrozenNetwork(result, training))
                    universe = (solution.history, solution.values.map { $0 - anchor })
                    universes[degree] = universe
                }
                let steps = result.run.recording.trajectory.steps(upTo: training.steps)
                guard let field = universe?.field, let exact = universe?.history?.eFolds, let last = exact.last,
                    steps.count == eFolds.count, steps.count == result.outputs.count
                else {
                    throw ExperimentError.missingResults(experiment: "friedmann", count: 1)
                }
                func error(_ expected: [Double]) -> Double { (zip(steps, eFolds).map { abs($1 - expected[$0]) }.max() ?? .nan) / last }
                let key = [result.run.width, degree], place = counts[key, default: 0]
                counts[key] = place + 1
                let next =
                    place < nextOrderCount
                    ? try Prediction.nlo.trajectory(of: FrozenNetwork(result, training).prepared(for: .nlo, result.run)).history : nil
                return EFoldsError(
                    width: result.run.width, degree: degree, error: error(exact),
                    fieldError: (zip(steps, result.outputs).map { abs($1 - anchor - field[$0]) }.max() ?? .nan) / abs(field[0]),
                    nextOrderError: next.map { error($0.eFolds) })
            }
        }
    }

    /// A training beside the FLRW solution of its kernel, its loss and M.
    struct Training: Sendable {
        let run: Run
        let training: Run.Training
        /// The field, measured from its minimum, and the one that the FLRW solution has, by step: means over the points.
        let field: [Double]
        let expected: [Double]
        /// ⟨(f − ⟨f⟩)²⟩ after the last step.
        let variance: Double
        /// What the training recorded; that of a constant H where it recorded nothing.
        let history: UniverseHistory
        let universe: UniverseHistory

        init(_ result: RunResult) throws {
            guard let training = result.run.training, let anchor = training.loss.singleAnchor else {
                throw ExperimentError.nothingToJudge(experiment: "friedmann", reason: "a run has no training")
            }
            run = result.run
            self.training = training
            let frozen = try FrozenNetwork(result, training), leading = try frozen.leadingEigenvalue()
            let schedule = try Self.friedmann(training.schedule, kernel: leading, frozen)
            // One field with the leading mode's kernel and the mean of the outputs, which is all that a homogeneous universe has.
            let rows = result.rows
            func means(_ values: [Double]) -> [Double] {
                stride(from: 0, to: values.count, by: rows).map { values[$0..<$0 + rows].reduce(0, +) / Double(rows) - anchor }
            }
            field = means(result.outputs)
            let homogeneous = try FrozenNetwork(
                output: field[0] + anchor, tangentKernel: leading, loss: training.loss, schedule: schedule, steps: training.steps)
            let predicted = try Prediction.universe.trajectory(of: homogeneous)
            guard let universe = predicted.history else {
                throw ExperimentError.nothingToJudge(experiment: "friedmann", reason: "a schedule makes no universe")
            }
            expected = predicted.values.map { $0 - anchor }
            self.universe = universe
            let last = result.outputs.suffix(rows), mean = last.reduce(0, +) / Double(rows)
            variance = last.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
            let step = training.schedule.learningRate(at: 0).squareRoot()
            let constant = training.schedule.value("hubble") ?? 0
            guard
                let history = UniverseHistory(
                    try Expansion(schedule), step: step, hubble: result.recorded("hubble") ?? result.losses.map { _ in constant },
                    eFolds: result.recorded("eFolds") ?? result.losses.indices.map { constant * step * Double($0) }, losses: result.losses)
            else { throw ExperimentError.missingResults(experiment: "friedmann", count: 1) }
            self.history = history
        }

        /// The schedule itself, or, of a constant H, the one whose first H that is.
        private static func friedmann(_ schedule: Schedule, kernel: Double, _ network: FrozenNetwork) throws -> Schedule {
            guard let hubble = schedule.value("hubble") else { return schedule }
            let energy = kernel * network.outputs.withUnsafeBufferPointer { network.meanLoss(of: $0) }
            return try Schedule(
                .friedmann, values: [[schedule.learningRate(at: 0)], [(energy / 3).squareRoot() / hubble], [0], [kernel]])
        }

        /// The same universe with a vacuum energy of Θ₀ s ⟨δf²⟩, that of perturbations which do not move any more.
        func withFrozenPerturbations() throws -> UniverseHistory {
            let kernel = training.schedule.value("fieldKernel") ?? 0, mass = training.schedule.value("planckMass") ?? 1
            let schedule = try Schedule(
                .friedmann, values: [[training.schedule.learningRate(at: 0)], [mass], [kernel * training.loss.scale * variance], [kernel]])
            let anchor = training.loss.singleAnchor ?? 0
            let network = try FrozenNetwork(
                output: field[0] + anchor, tangentKernel: kernel, loss: training.loss, schedule: schedule, steps: training.steps)
            return try Prediction.universe.trajectory(of: network).history ?? universe
        }

        var makesExpansion: Bool { training.schedule.rule == .friedmann }
        var width: Int { run.architecture.widths.first ?? 0 }
        var degree: Int { if case .evenPower(let degree) = training.loss.shape { degree } else { 0 } }
        var tick: Double { training.schedule.learningRate(at: 0).squareRoot() }
        /// max |f − φ|/φ₀.
        var fieldError: Double { zip(field, expected).map { abs($0 - $1) }.max()! / abs(expected[0]) }
        /// max |N − N_FLRW|.
        var eFoldsError: Double { zip(history.eFolds, universe.eFolds).map { abs($0 - $1) }.max()! }
        /// ∫ H dt of the FLRW solution.
        var eFolds: Double { universe.eFolds[training.steps] }
        /// d ln ρ/dN over the last 1.5 e-folds of a history, by least squares.
        static func dilution(_ history: UniverseHistory) throws -> Double {
            let last = history.eFolds[history.eFolds.count - 1], first = history.eFolds.firstIndex { $0 >= last - 1.5 } ?? 0
            return try Statistics.line(Array(history.eFolds[first...]), history.density[first...].map { log($0) }).slope
        }
    }

    /// The median error of the e-folds by width, for each degree.
    private func expansionPanel(_ expansions: [EFoldsError], _ paired: [EFoldsError], degree: Int) throws -> Panel {
        let widths = Set(expansions.map(\.width)).sorted()
        let medians = try widths.map { width in
            try Statistics.median(expansions.filter { $0.width == width && $0.degree == degree }.map(\.error))
        }
        let pairedMedian = try Statistics.median(paired.filter { $0.degree == degree }.map(\.error))
        let nextOrder = try widths.map { width in
            try Statistics.median(expansions.filter { $0.width == width && $0.degree == degree }.compactMap(\.nextOrderError))
        }
        return Panel(
            x: Axis("width", scale: .log10), y: Axis("error of the e-folds / N", scale: .log10),
            layers: [
                .line(Line(x: widths.map(Double.init), y: medians, name: "frozen kernel", style: .solid, marksPoints: true)),
                .line(
                    Line(
                        x: widths.map(Double.init), y: nextOrder, name: "next order in 1/width", style: .dashed, colour: 2,
                        marksPoints: true)),
                .line(
                    Line(
                        x: widths.map(Double.init), y: widths.map { medians[0] * Double(widths[0]) / Double($0) }, name: "1/width",
                        style: .dotted, colour: 1)),
                .scatter(Scatter(x: [Double(Starts.pairedWidth)], y: [pairedMedian], name: "paired start, f = 0", slot: 3)),
                .rule(Rule(.horizontal(y: Self.largestExpansionError), label: "0.3 %")),
            ])
    }

    private func figure(_ trainings: [Training], _ expansions: [EFoldsError], _ paired: [EFoldsError]) throws -> Figure {
        let panels = try [2, 4].map { degree -> [Panel] in
            func shown(_ isOwn: Bool) -> Training? {
                trainings.filter { $0.degree == degree && $0.makesExpansion == isOwn }.max { $0.width < $1.width }
            }
            guard let own = shown(true), let constant = shown(false) else {
                throw ExperimentError.nothingToJudge(experiment: id, reason: "no network has a loss of degree \(degree)")
            }
            let times = own.history.times
            let field = Panel(
                title: "φ^\(degree), width \(own.width)", x: Axis("t"), y: Axis("φ/φ_0"),
                layers: [
                    .line(Line(x: times, y: own.field.map { $0 / own.field[0] }, name: "network, its own H", style: .solid)),
                    .line(Line(x: times, y: own.expected.map { $0 / own.field[0] }, name: "FLRW", style: .dashed, colour: 1)),
                    .line(
                        Line(
                            x: times, y: constant.field.map { $0 / constant.field[0] }, name: "network, constant H", style: .dotted,
                            colour: 2)),
                ])
            func panel(_ axis: Axis, _ values: (UniverseHistory) -> [Double], rule: Double?) -> Panel {
                Panel(
                    x: Axis("e-folds N"), y: axis,
                    layers: [
                        .line(Line(x: own.history.eFolds, y: values(own.history), name: "network", style: .solid)),
                        .line(Line(x: own.universe.eFolds, y: values(own.universe), name: "FLRW", style: .dashed, colour: 1)),
                    ] + (rule.map { [.rule(Rule(.horizontal(y: $0)))] } ?? []))
            }
            return [
                field, panel(Axis("H", scale: .log10), \.hubble, rule: nil), panel(Axis("ε"), \.epsilon, rule: 1),
                try expansionPanel(expansions, paired, degree: degree),
            ]
        }
        // φ² on the left, φ⁴ on the right.
        return Figure(
            id: id, title: "The universe that a network makes",
            caption: """
                Networks on one point that begin 10 M above the minimum of V = Θ_0 l, trained with a friction that is 3H of their own energy, beside \
                the FLRW solution of that potential: the field, the Hubble rate and ε = −H′/H^2, which ends inflation at 1. Dotted, the same \
                networks with the constant friction of the first H, which is what momentum gives. No decay of the field is modelled. Below, medians over many networks \
                of how far their e-folds are from the solution, over those it has, and from that of a universe whose kernel changes as it begins \
                to do at the start; at width \(Starts.pairedWidth) also of networks that begin as the difference of two equal halves.
                """,
            panels: zip(panels[0], panels[1]).flatMap { [$0, $1] }, arrangement: .grid(columns: 2), data: try table(trainings))
    }

    private func table(_ trainings: [Training]) throws -> CSVTable {
        func numbers(_ value: (Training) throws -> Double) rethrows -> CSVTable.Column { .numbers(try trainings.map(value)) }
        return try CSVTable(byColumn: [
            ("optimiser", .words(trainings.map(\.training.schedule.rule.name))), ("width", .integers(trainings.map(\.width))),
            ("degree", .integers(trainings.map(\.degree))), ("fieldError", numbers(\.fieldError)), ("eFoldsError", numbers(\.eFoldsError)),
            ("eFolds", numbers(\.eFolds)), ("dilution", numbers { try Training.dilution($0.history) }),
            ("expectedDilution", numbers { try Training.dilution($0.universe) }),
            ("eFoldsOfInflation", numbers { $0.history.endOfInflation?.eFolds ?? .nan }),
            ("expectedEFoldsOfInflation", numbers { $0.universe.endOfInflation?.eFolds ?? .nan }),
            ("greatestResidual", numbers { $0.history.residual.map(abs).max() ?? .nan }),
        ])
    }
}
