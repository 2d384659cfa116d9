import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

/// Networks that are several fields at once: two outputs, and one output whose kernel has two large eigenvalues. The metric on the space of
/// fields is the inverse of the tangent kernel.
public struct ManyFields: Experiment {
    /// `many-fields`.
    public let id = "many-fields"
    public let title = "Two fields, the metric on their space, and their turning paths"
    private let scan: EmbeddedScan

    /// The full grid has 320 networks, 32 seeds of four widths of the first kind and 64 of three of the second; the quick one 48: eight seeds of
    /// three widths.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("many-fields", quick: quick, seed: seed) }

    /// Two outputs on one point, and one output on a point of each sign.
    public var runs: any RunSource { scan }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let outputs = try scan.results(of: scan.candidates(ofScan: 0), known: known, experiment: id).map { try Pair($0) }
        let signs = try scan.results(of: scan.candidates(ofScan: 1), known: known, experiment: id).map { try Pair($0) }
        return ExperimentReport(
            figures: [try figure(outputs: outputs, signs: signs)], claims: try claims(outputs: outputs, signs: signs))
    }

    /// A network of two fields beside two predictions: with the whole Θ_ab, and with fields of one kinetic term that do not see each other.
    struct Pair: Sendable {
        let run: Run
        /// f_1 and f_2 at each step: trained, predicted in full, and without mixing.
        let paths: (trained: [Double], full: [Double], unmixed: [Double])
        /// Greatest errors over the greatest travel.
        let full: Double
        let unmixed: Double
        /// λ₂/λ₁ of the kernel at the start.
        let gapRatio: Double
        /// |Θ_12| over the mean of Θ_11 and Θ_22.
        let mixing: Double
        let anchors: [Double]

        init(_ result: RunResult) throws {
            guard let training = result.run.training, result.rows == 2, result.divergedAt == nil else {
                throw ExperimentError.nothingToJudge(experiment: "many-fields", reason: "a run is no finite training of two fields")
            }
            run = result.run
            let network = try FrozenNetwork(result, training), kernel = network.tangentKernel
            let mean = (kernel[0] + kernel[3]) / 2
            let alone = try FrozenNetwork(
                outputs: network.outputs, tangentKernel: [mean, 0, 0, mean], points: network.points, loss: network.loss,
                schedule: network.schedule, steps: network.steps)
            let predicted = try Prediction.corrected.trajectory(of: network), simple = try Prediction.corrected.trajectory(of: alone)
            func error(_ trajectory: PredictedTrajectory) throws -> Double {
                try Comparison(
                    trained: result.outputs, predicted: trajectory, kernelAtStart: result.initialKernel, kernelAtEnd: result.finalKernel
                ).greatestErrorOverTravel
            }
            (full, unmixed) = (try error(predicted), try error(simple))
            paths = (result.outputs, predicted.values, simple.values)
            let spectrum = try network.spectrum()
            gapRatio = spectrum.eigenvalues[1] / spectrum.eigenvalues[0]
            mixing = abs(kernel[1]) / mean
            anchors = network.anchors
        }

        /// The greatest distance of a path from the straight line from its start to the minimum, with its sign and over the line's length: fields that
        /// do not see each other and have equal masses keep to the line.
        func turning(_ path: [Double]) -> Double {
            let line = (x: anchors[0] - path[0], y: anchors[1] - path[1])
            let squared = line.x * line.x + line.y * line.y
            return (0..<path.count / 2).reduce(0) { greatest, step in
                let across = (line.x * (path[2 * step + 1] - path[1]) - line.y * (path[2 * step] - path[0])) / squared
                return abs(across) > abs(greatest) ? across : greatest
            }
        }
    }

    static let judgedWidth = 512

    private func ratio(_ pairs: [Pair]) throws -> Double {
        try Statistics.median(pairs.map(\.unmixed)) / Statistics.median(pairs.map(\.full))
    }

    private func claims(outputs: [Pair], signs: [Pair]) throws -> [Claim] {
        let wide = outputs.filter { $0.run.width == Self.judgedWidth }, wideSigns = signs.filter { $0.run.width == Self.judgedWidth }
        func turn(_ pairs: [Pair], _ path: (Pair) -> [Double]) throws -> Double {
            try Statistics.median(
                pairs.map { pair in
                    let trained = pair.turning(pair.paths.trained)
                    return abs(pair.turning(path(pair)) - trained) / abs(trained)
                })
        }
        func nearer(_ claim: String, _ pairs: [Pair], _ what: String) throws -> Claim {
            .judged(
                id, claim,
                "ratio of median greatest errors, trace / whole, ≥ 2.5 at width \(Self.judgedWidth); \(pairs.count) \(what), γ = 0.98, 300 steps",
                try Estimate(pairs, .logarithmic) { try ratio($0) }, .atLeast(2.5), control: .init(1, "the trace itself"),
                detail: "\(Claim.percent(try Statistics.median(pairs.map(\.unmixed)))) against "
                    + "\(Claim.percent(try Statistics.median(pairs.map(\.full)))) of the travel")
        }
        func turns(_ claim: String, _ pairs: [Pair]) throws -> Claim {
            .judged(
                id, claim,
                "median |predicted − trained| / |trained| of the greatest distance from the straight line ≤ 25 % at width \(Self.judgedWidth); "
                    + "\(pairs.count) networks", try Estimate(pairs) { try turn($0) { $0.paths.full } }, .atMost(0.25), unit: .percent,
                control: .init(try turn(pairs) { $0.paths.unmixed }, "trace: a straight line"))
        }
        let run = wideSigns[0].run
        let limit = try InfiniteWidthKernel(architecture: run.architecture, sigmaW: run.sigmaW, sigmaB: run.sigmaB, inputs: run.inputs)
            .tangentKernel
        let expected = (limit[0] - limit[1]) / (limit[0] + limit[1])
        return [
            try nearer(
                "Two outputs are two fields with the metric Θ⁻¹: the whole Θ_ab predicts them better than its trace ½ tr Θ δ_ab", wide,
                "erf networks"),
            try turns("The paths of two outputs turn as the metric says", wide),
            .judged(
                id, "Without bias relu has two fields of nearly equal weight, one for each sign of x",
                "median |λ_2/λ_1 over its limit of infinite width − 1| ≤ 10 % on the points ±1, limit \(Claim.number(expected)); "
                    + "\(wideSigns.count) networks of width \(Self.judgedWidth)",
                try Estimate(median: wideSigns.map { abs($0.gapRatio / expected - 1) }), .atMost(0.1), unit: .percent,
                control: .init(1, "one field, λ_2 = 0")),
            try nearer("The two signs mix at every width, and the whole Θ predicts them better than its trace", wideSigns, "relu networks"),
            try turns("The paths of the two signs turn as the metric says", wideSigns),
        ]
    }

    private func figure(outputs: [Pair], signs: [Pair]) throws -> Figure {
        func path(_ title: String, _ pairs: [Pair]) -> Panel? {
            let wide = pairs.filter { $0.run.width == Self.judgedWidth }
            guard let pair = wide.max(by: { abs($0.turning($0.paths.trained)) < abs($1.turning($1.paths.trained)) }) else { return nil }
            func line(_ path: [Double], _ name: String, _ style: LineStyle, _ colour: Int) -> Layer {
                .line(
                    Line(
                        x: stride(from: 0, to: path.count, by: 2).map { path[$0] },
                        y: stride(from: 1, to: path.count, by: 2).map { path[$0] },
                        name: name, style: style, colour: colour))
            }
            return Panel(
                title: title, x: Axis("f_1"), y: Axis("f_2"),
                layers: [
                    line(pair.paths.trained, "network", .solid, 0), line(pair.paths.full, "universe, metric Θ^{-1}", .dashed, 1),
                    line(pair.paths.unmixed, "trace of Θ", .dotted, 2),
                    .scatter(Scatter(x: [pair.anchors[0]], y: [pair.anchors[1]], name: "minimum", slot: 3)),
                ])
        }
        func errors(_ title: String, _ pairs: [Pair]) throws -> Panel {
            let widths = pairs.distinct(\.run.width).sorted()
            func line(_ value: (Pair) -> Double, _ name: String, _ colour: Int, _ style: LineStyle) throws -> Layer {
                .line(
                    Line(
                        x: widths.map(Double.init),
                        y: try widths.map { width in try Statistics.median(pairs.filter { $0.run.width == width }.map(value)) }, name: name,
                        style: style, colour: colour, marksPoints: true))
            }
            return Panel(
                title: title, x: Axis("width", scale: .log10), y: Axis("median", scale: .log10),
                layers: [
                    try line(\.full, "error / travel, metric Θ^{-1}", 1, .solid),
                    try line(\.unmixed, "error / travel, trace of Θ", 2, .solid),
                    try line(\.mixing, "|Θ_12|/Θ_11", 3, .dashed),
                ])
        }
        let all = outputs + signs
        func numbers(_ value: (Pair) -> Double) -> CSVTable.Column { .numbers(all.map(value)) }
        return Figure(
            id: id, title: "Two fields in \(all.count) networks",
            caption: """
                Networks of width \(Self.judgedWidth) in the space of their two fields, beside the universe whose fields have the metric Θ^{-1} and one \
                whose fields have one kinetic term and do not see each other, which keep to a straight line: two outputs on one point, and \
                the outputs of a relu network without bias at x = 1 and −1. Drawn is the network whose path turns most. Then the errors of \
                both by width, with the mixing of the fields, which vanishes for many units in the first case and stays in the second.
                """,
            panels: try [path("two outputs (erf)", outputs), path("two signs of x (relu, no bias)", signs)].compactMap { $0 } + [
                errors("two outputs (erf)", outputs), errors("two signs of x (relu, no bias)", signs),
            ], arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("kind", .words(all.map { $0.run.architecture.outputs == 2 ? "outputs" : "signs" })),
                ("width", .integers(all.map(\.run.width))),
                ("seed", .words(all.map { "\($0.run.seed)" })), ("fullError", numbers(\.full)), ("traceError", numbers(\.unmixed)),
                ("mixing", numbers(\.mixing)), ("gapRatio", numbers(\.gapRatio)), ("turning", numbers { $0.turning($0.paths.trained) }),
                ("fullTurning", numbers { $0.turning($0.paths.full) }), ("traceTurning", numbers { $0.turning($0.paths.unmixed) }),
            ]))
    }
}
