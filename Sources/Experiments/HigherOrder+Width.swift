import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

extension HigherOrder {
    /// A trained network beside the leading and the next-to-leading order, and beside what is left once the path is known.
    struct WidthSample: Sendable {
        let run: Run
        let learningRate: Double
        let momentum: Double
        /// Greatest errors over the greatest travel: of the frozen kernel, of the next order, and, with the path known, of the recursion with
        /// the kernel of each step, without and with the curvature.
        let frozen: Double
        let next: Double
        let drifting: Double
        let bending: Double
        /// The terms of order 1/width over the travel.
        let spread: Double

        init(_ result: RunResult) throws {
            guard let training = result.run.training else {
                throw ExperimentError.nothingToJudge(experiment: "higher-order", reason: "the run has no training")
            }
            run = result.run
            (learningRate, momentum) = (training.schedule.learningRate(at: 0), training.schedule.momentum(at: 0))
            let network = try FrozenNetwork(result, training).prepared(for: .nlo, result.run)
            func error(_ prediction: Prediction) throws -> Comparison {
                try Comparison(
                    trained: result.outputs, predicted: prediction.trajectory(of: network), kernelAtStart: result.initialKernel,
                    kernelAtEnd: result.finalKernel)
            }
            let leading = try error(.frozen)
            frozen = leading.greatestErrorOverTravel
            next = try error(.nlo).greatestErrorOverTravel
            spread = try network.conditions(prediction: .nlo).first { $0.name == .smallCorrection }?.measured ?? .nan
            let budget = try ErrorBudget(
                network, predicted: Prediction.frozen.trajectory(of: network), trained: result.outputs,
                path: TrainingPath(result.run, training))
            func greatest(_ values: [Double]) -> Double { values.reduce(0) { max($0, abs($1)) } / leading.greatestTravel }
            drifting = greatest(zip(budget.remainder, budget.parts[.curvature, default: []]).map { $0 + $1 })
            bending = greatest(budget.remainder)
        }

        var isInside: Bool { spread <= ConditionThresholds().correction }
    }

    /// The widths whose errors are fitted; narrower ones show where the expansion ends.
    static let fittedWidths = 64...1024
    static let judgedWidth = 512

    /// The exponent of the median error as a power of the width, by least squares.
    static func slope(_ samples: [WidthSample], _ error: (WidthSample) -> Double) throws -> Double {
        let byWidth = Dictionary(grouping: samples.filter { fittedWidths.contains($0.run.width) }, by: \.run.width)
        let points = try byWidth.map { (x: log(Double($0.key)), y: log(try Statistics.median($0.value.map(error)))) }
        return try Statistics.line(points.map(\.x), points.map(\.y)).slope
    }

    func widthClaims(_ samples: [WidthSample], id: String) throws -> [Claim] {
        var claims: [Claim] = []
        for momentum in samples.distinct(\.momentum) {
            let own = samples.filter { $0.momentum == momentum }, fitted = own.filter { Self.fittedWidths.contains($0.run.width) }
            func slope(_ error: @escaping (WidthSample) -> Double) throws -> Estimate {
                try Estimate(fitted, within: { $0.run.width }) { try Self.slope($0, error) }
            }
            let leading = try slope(\.frozen), wide = own.filter { $0.run.width == Self.judgedWidth }
            let scope = "erf, depth 1, travel 1, γ = \(Claim.number(momentum)); \(fitted.count) networks of widths 64 to 1024"
            claims.append(
                .judged(
                    id, "The error of the frozen kernel falls as 1/width (γ = \(Claim.number(momentum)))",
                    "exponent of the median greatest error from −1.15 to −0.8; \(scope)", leading, .within(-1.15...(-0.8)),
                    control: .init(0, "an error that the width does not change")))
            claims.append(
                .judged(
                    id, "The error of the next-to-leading order falls nearly as 1/width² (γ = \(Claim.number(momentum)))",
                    "exponent of the median greatest error ≤ −1.6; \(scope)", try slope(\.next), .atMost(-1.6),
                    control: .init(leading.value, "frozen kernel")))
            func median(_ part: [WidthSample], _ error: (WidthSample) -> Double) throws -> Double { try Statistics.median(part.map(error)) }
            claims.append(
                .judged(
                    id,
                    "At width 512 the next-to-leading order is thirty times as near as the frozen kernel (γ = \(Claim.number(momentum)))",
                    "ratio of median greatest errors ≥ 30; \(wide.count) networks",
                    try Estimate(wide, .logarithmic) { try median($0, \.frozen) / median($0, \.next) }, .atLeast(30),
                    control: .init(1, "the frozen kernel itself"),
                    detail: "\(Claim.percent(try median(wide, \.frozen))) against \(Claim.percent(try median(wide, \.next))) of the travel")
            )
        }
        let inside = samples.filter(\.isInside), outside = samples.filter { !$0.isInside }
        func share(_ part: [WidthSample]) -> Double { Double(part.count { $0.next <= 0.01 }) / Double(max(1, part.count)) }
        claims.append(
            .judged(
                id, "Inside of its window the next-to-leading order misses by at most 1 % of the travel",
                "share of networks with greatest error / travel ≤ 1 %, where the terms of order 1/width are below a tenth of the travel, ≥ 95 %; "
                    + "\(inside.count) networks of widths 8 to 1024",
                Estimate(share: inside.count { $0.next <= 0.01 }, of: inside.count), .atLeast(0.95), unit: .percent,
                control: .init(share(outside), "the \(outside.count) networks outside of it"),
                detail:
                    "greatest \(Claim.percent(inside.map(\.next).max() ?? 0)) inside, \(Claim.percent(outside.map(\.next).max() ?? 0)) outside"
            ))
        return claims
    }

    func widthFigure(_ samples: [WidthSample], id: String) throws -> Figure {
        let widths = samples.distinct(\.run.width).sorted()
        let curves: [(name: String, style: LineStyle, error: (WidthSample) -> Double)] = [
            ("frozen kernel", .solid, \.frozen), ("next-to-leading order", .solid, \.next), ("kernel of each step", .dashed, \.drifting),
            ("and curvature", .dotted, \.bending),
        ]
        var panels = try samples.distinct(\.momentum).map { momentum in
            let own = samples.filter { $0.momentum == momentum }
            return Panel(
                title: "γ = \(Claim.number(momentum))", x: Axis("width", scale: .log10),
                y: Axis("median greatest error / travel", scale: .log10, range: 1e-11...1),
                layers: try curves.enumerated().map { slot, curve in
                    .line(
                        Line(
                            x: widths.map(Double.init),
                            y: try widths.map { width in try Statistics.median(own.filter { $0.run.width == width }.map(curve.error)) },
                            name: curve.name, style: curve.style, colour: slot, marksPoints: true))
                })
        }
        let window = ConditionThresholds().correction
        panels.append(
            Panel(
                title: "the window", x: Axis("terms of order 1/width / travel", scale: .log10),
                y: Axis("greatest error / travel", scale: .log10, range: 1e-8...10),
                layers: [
                    .scatter(Scatter(x: samples.map(\.spread), y: samples.map(\.frozen), name: "frozen kernel", slot: 0)),
                    .scatter(Scatter(x: samples.map(\.spread), y: samples.map(\.next), name: "next-to-leading order", slot: 1)),
                    .rule(Rule(.vertical(x: window), label: "window")), .rule(Rule(.diagonal(x: 1, y: 1, slope: 2), label: "square")),
                ]))
        func numbers(_ value: (WidthSample) -> Double) -> CSVTable.Column { .numbers(samples.map(value)) }
        return Figure(
            id: id, title: "Errors of the leading and the next-to-leading order, \(samples.count) networks",
            caption: """
                Greatest error over travel of one-point erf networks with one hidden layer, travel 1: of the recursion with the kernel frozen at \
                the start, and of the next-to-leading order in 1/width, which knows four numbers of the network before its training. Broken \
                lines know the trained path and predict nothing: the recursion with the tangent kernel of each step, and with the curvature of \
                the outputs along the path too. Last panel: both errors against the size of the terms of order 1/width, whose square is what \
                the next order leaves out.
                """,
            panels: panels, arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("width", .integers(samples.map(\.run.width))), ("seed", .words(samples.map { "\($0.run.seed)" })),
                ("learningRate", numbers(\.learningRate)), ("momentum", numbers(\.momentum)), ("frozenError", numbers(\.frozen)),
                ("nloError", numbers(\.next)), ("driftingKernelError", numbers(\.drifting)), ("curvedError", numbers(\.bending)),
                ("correctionOverTravel", numbers(\.spread)),
            ]))
    }
}
