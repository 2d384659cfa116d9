import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

/// The figures, tables and claims of an advice, with a lattice of trainings beside it or not.
public struct AdviceReport: Sendable {
    let network: AdvisedNetwork
    public let advice: Advice
    let planckMass: Double
    /// A pair that the reader asked about.
    let asked: (learningRate: Double, momentum: Double)?
    /// Of the lattice, where it was trained.
    public let verdict: AdviceVerdict?
    /// Predicted losses at pairs of the plane.
    private let map: [Cell]

    /// A pair with what is predicted of it.
    struct Cell: Sendable {
        let learningRate, momentum, loss: Double
    }

    /// The plane is drawn with so many rows and columns.
    private static let rows = 26, columns = 44

    /// - Parameters:
    ///   - asked: a pair whose predicted losses are drawn beside those of the advised one.
    ///   - trained: the advised training and the final losses of the lattice.
    /// - Throws: `DualityError`.
    public init(
        _ network: AdvisedNetwork, _ advice: Advice, planckMass: Double, asked: (learningRate: Double, momentum: Double)?,
        trained: (advised: RunResult, lattice: [RunResult])? = nil
    ) throws {
        (self.network, self.advice, self.planckMass, self.asked) = (network, advice, planckMass, asked)
        verdict = trained.map { AdviceVerdict(network, advice, $0.advised, lattice: $0.lattice.map(\.finalLoss)) }
        let isFast = network.loss.shape.isQuadratic
        let (rows, columns) = isFast ? (Self.rows, Self.columns) : (Self.rows / 2, Self.columns / 2)
        let friction = log(1 - network.range.largestMomentum),
            momenta = (0..<rows).map { 1 - exp(friction * Double($0) / Double(rows - 1)) }
        // To 1.3 of the largest learning rate that is stable with the largest momentum.
        let top = 1.3 * (try advice.largestStableLearningRate(momentum: network.range.largestMomentum)), bottom = 0.005 * top
        let pairs = momenta.flatMap { momentum in
            (0..<columns).map { (learningRate: bottom * pow(top / bottom, Double($0) / Double(columns - 1)), momentum: momentum) }
        }
        map = try pairs.parallelMap {
            Cell(
                learningRate: $0.learningRate, momentum: $0.momentum,
                loss: try advice.loss(learningRate: $0.learningRate, momentum: $0.momentum))
        }
    }

    /// The lattice with what was predicted of it and what the trainings reached.
    private func lattice(_ verdict: AdviceVerdict) throws -> [(pair: Cell, trained: Double)] {
        try zip(Advice.lattice(side: AdvisedNetwork.side, curvature: advice.curvature), verdict.lattice).map { pair, trained in
            (
                Cell(
                    learningRate: pair.learningRate, momentum: pair.momentum,
                    loss: try advice.loss(learningRate: pair.learningRate, momentum: pair.momentum)), trained
            )
        }
    }

    /// The width of the first hidden layer with which, all widths in proportion, finite width would not matter; nil without hidden layers. Drift
    /// and linearisation error fall as 1/width.
    public var trustedWidth: Int? {
        network.start.architecture.widths.first.map { width in
            let wanted = (Double(width) * advice.trust.widthFactor).rounded(.up)
            return wanted < 1e15 ? max(1, Int(wanted)) : Int.max  // bounded: below 1e15
        }
    }

    /// Over the loss at the start.
    private func part(_ loss: Double) -> Double { loss / advice.initialLoss }

    /// The predicted loss after K steps over the plane, and the predicted losses of the advised pair.
    /// - Throws: `DualityError`, `CSVError`.
    public func figure() throws -> Figure {
        let isDivergent = map.filter { !(part($0.loss) < 1) }, rest = map.filter { part($0.loss) < 1 }
        var plane: [Layer] = [
            .scatter(
                Scatter(
                    x: isDivergent.map(\.learningRate), y: isDivergent.map { 1 - $0.momentum }, name: "no less than at the start", slot: 3)),
            .scatter(
                Scatter(
                    x: rest.map(\.learningRate), y: rest.map { 1 - $0.momentum },
                    colour: .init(rest.map { log10(max(1e-12, part($0.loss))) }, label: Self.colourLabel))),
        ]
        plane += try lines() + [mark()]
        var curves: [Layer] = []
        for (place, pair) in ([(advice.learningRate, advice.momentum)] + (asked.map { [$0] } ?? [])).enumerated() {
            let losses = try [advice.forecasts[0], advice.forecasts[2]].map {
                try $0.losses(learningRate: pair.0, momentum: pair.1, steps: advice.steps).map(part)
            }
            let name = place == 0 ? "advised" : Self.name(pair.0, pair.1)
            for (kernel, all) in losses.enumerated() {
                let values = all.prefix(while: \.isFinite)
                curves.append(
                    .line(
                        Line(
                            x: values.indices.map(Double.init), y: Array(values),
                            name: kernel == 0 ? name : place == 0 ? "kernel at the end" : "",
                            style: kernel == 0 ? .solid : .dotted, colour: place)))
            }
        }
        if let verdict {
            let values = verdict.losses.prefix(advice.steps + 1).map(part), finite = Array(values.prefix(while: \.isFinite))
            let name = finite.count < values.count ? "trained, diverged" : "trained"
            curves.append(.line(Line(x: finite.indices.map(Double.init), y: finite, name: name, style: .dashed, colour: 2)))
        }
        let range = Self.range(curves), most = Claim.number(Self.mostDrawn)
        let cut = range == nil ? "" : "; losses beyond \(most) times that at the start are cut off"
        return Figure(
            id: "advise", title: "Predicted loss after \(advice.steps) steps", subtitle: subject,
            caption: """
                Left: the loss that the tangent kernels at the start, half-way to and where training would end predict after \(advice.steps) steps, over \
                the loss at the start, for each learning rate η and momentum γ; the lines are the edge of stability 2(1 + γ)/(L_1 l″), critical \
                damping of the leading mode (1 − √γ)^2/(L_1 l″), and the largest η with a universe that vacuum energy dominates. Right: the \
                predicted losses of single pairs; dotted, with the kernel where training would end\(cut).
                """,
            panels: [
                Panel(
                    title: "over η and γ", x: Axis("η", scale: .log10), y: Axis("1 − γ", scale: .log10), layers: plane),
                Panel(
                    title: range == nil ? "step by step" : "step by step, up to \(most) L_0", x: Axis("step k"),
                    y: Axis("L_k/L_0", scale: .log10, range: range), layers: curves),
            ], arrangement: .grid(columns: 2), data: try mapTable())
    }

    /// A loss of a training that diverges is drawn up to so many times that at the start.
    private static let mostDrawn = 100.0

    /// What the axis of losses shows where some are larger than what is drawn; nil where all are smaller.
    private static func range(_ curves: [Layer]) -> ClosedRange<Double>? {
        var least = 1.0, isCut = false
        for case .line(let line) in curves {
            for value in line.y where value > 0 { least = min(least, value) }
            isCut = isCut || line.y.contains { !($0 <= mostDrawn) }
        }
        return isCut ? least / 2...mostDrawn : nil
    }

    private static let colourLabel = "log_{10} L_K/L_0"

    private static func name(_ learningRate: Double, _ momentum: Double) -> String {
        "η = \(Claim.number(learningRate)), γ = \(Claim.number(momentum))"
    }

    /// What was drawn: "width 512, depth 1, erf · 4 points · advised: η = 2.6, γ = 0.831".
    private var subject: String {
        let architecture = network.start.architecture, points = network.start.inputs.points
        let widths = Set(architecture.widths).count == 1 ? Array(architecture.widths.prefix(1)) : architecture.widths
        let shape =
            widths.isEmpty
            ? "a linear model"
            : "width \(widths.map(String.init).joined(separator: "-")), depth \(architecture.depth), \(architecture.activation.name)"
        return [
            shape, points == 1 ? "1 point" : "\(points) points", "advised: \(Self.name(advice.learningRate, advice.momentum))",
        ].joined(separator: " · ")
    }

    /// The bounds, each a line in the plane; those that lie outside of it are left out.
    private func lines() throws -> [Layer] {
        let friction = log(1 - network.range.largestMomentum), count = 8 * Self.rows
        let momenta = (0...count).map { 1 - exp(friction * Double($0) / Double(count)) }
        let greatest = map.map(\.learningRate).max() ?? 1, least = map.map(\.learningRate).min() ?? 0
        func line(_ name: String, _ style: LineStyle, _ bound: (Double) throws -> Double) throws -> Layer? {
            let places = try momenta.map { (learningRate: try bound($0), momentum: $0) }.filter { least...greatest ~= $0.learningRate }
            guard places.count > 1 else { return nil }
            return .line(Line(x: places.map(\.learningRate), y: places.map { 1 - $0.momentum }, name: name, style: style))
        }
        let bounds = [
            try line("edge of stability", .solid) { try advice.largestStableLearningRate(momentum: $0) },
            try line("critical damping", .dashed) { try RegimeBounds(momentum: $0).overdamped / advice.curvature },
            try line("vacuum domination", .dotted) { try advice.largestVacuumLearningRate(momentum: $0, planckMass: planckMass) },
        ]
        return bounds.compactMap { $0 }
    }

    private func mark(diverged: Bool = false) -> Layer {
        let name = diverged ? "advised, diverged" : "advised"
        return .scatter(Scatter(x: [advice.learningRate], y: [1 - advice.momentum], name: name, slot: 1, isHollow: diverged))
    }

    /// The predicted loss beside the trained one, on the lattice.
    /// - Throws: `DualityError`, `CSVError`.
    public func checkFigure() throws -> Figure? {
        guard let verdict else { return nil }
        let cells = try lattice(verdict)
        func panel(_ title: String, advisedDiverges: Bool, _ loss: ((pair: Cell, trained: Double)) -> Double) -> Panel {
            let shown = cells.filter { part(loss($0)) < 1 }
            func marks(_ name: String, slot: Int, _ isMeant: (Double) -> Bool) -> [Layer] {
                let own = cells.filter { isMeant(loss($0)) }
                guard !own.isEmpty else { return [] }
                return [
                    .scatter(Scatter(x: own.map(\.pair.learningRate), y: own.map { 1 - $0.pair.momentum }, name: name, slot: slot))
                ]
            }
            let layers: [Layer] =
                marks("no less than at the start", slot: 3) { part($0) >= 1 && $0.isFinite }
                + marks("diverged", slot: 6) { !$0.isFinite }
            let coloured = Scatter(
                x: shown.map(\.pair.learningRate), y: shown.map { 1 - $0.pair.momentum },
                colour: .init(shown.map { log10(max(1e-12, part(loss($0)))) }, label: Self.colourLabel))
            return Panel(
                title: title, x: Axis("η", scale: .log10), y: Axis("1 − γ", scale: .log10),
                layers: layers + [.scatter(coloured), mark(diverged: advisedDiverges)])
        }
        let table = try CSVTable(byColumn: [
            ("learningRate", .numbers(cells.map(\.pair.learningRate))), ("momentum", .numbers(cells.map(\.pair.momentum))),
            ("predictedLoss", .numbers(cells.map(\.pair.loss))), ("trainedLoss", .numbers(cells.map(\.trained))),
        ])
        return Figure(
            id: "check", title: "Loss after \(advice.steps) steps, predicted and trained", subtitle: subject,
            caption: """
                The loss after \(advice.steps) steps over the loss at the start, at 8 × 8 pairs of learning rate and momentum: left as the kernel \
                predicts it, right as the networks reach it. The advised pair reaches \(Claim.number(part(verdict.advisedLoss))), the best of the \
                64 \(Claim.number(part(verdict.best))).
                """,
            panels: [
                panel("predicted", advisedDiverges: false, \.pair.loss),
                panel("trained", advisedDiverges: !verdict.advisedLoss.isFinite, \.trained),
            ], arrangement: .grid(columns: 2, sharesY: true),
            data: table)
    }

    private func mapTable() throws -> CSVTable {
        try CSVTable(byColumn: [
            ("learningRate", .numbers(map.map(\.learningRate))), ("momentum", .numbers(map.map(\.momentum))),
            ("predictedLoss", .numbers(map.map(\.loss))),
            ("stepCurvature", .numbers(map.map { $0.learningRate * advice.curvature })),
        ])
    }

    /// The predicted losses of the advised pair, and of the one that was asked about, step by step; those trained beside them.
    /// - Throws: `DualityError`, `CSVError`.
    public func curves() throws -> CSVTable {
        let steps = advice.steps
        func losses(_ forecast: LossForecast, _ pair: (learningRate: Double, momentum: Double)) throws -> CSVTable.Column {
            .numbers(try forecast.losses(learningRate: pair.learningRate, momentum: pair.momentum, steps: steps))
        }
        let advised = (learningRate: advice.learningRate, momentum: advice.momentum)
        var columns: [(name: String, values: CSVTable.Column)] = [
            ("step", .integers(Array(0...steps))), ("advised", try losses(advice.forecasts[0], advised)),
            ("advisedAtEnd", try losses(advice.forecasts[2], advised)),
        ]
        if let asked {
            columns += [("asked", try losses(advice.forecasts[0], asked)), ("askedAtEnd", try losses(advice.forecasts[2], asked))]
        }
        if let verdict { columns.append(("trained", .numbers(Array(verdict.losses.prefix(steps + 1))))) }
        return try CSVTable(byColumn: columns)
    }

    /// What the advice says, each with the number that decides it.
    /// - Throws: `DualityError`.
    public func claims() throws -> [Claim] {
        let trust = advice.trust
        var claims: [Claim] = [
            .constructed(
                "advise", "the advised learning rate is below the edge of stability", "η L_1 l″ over 2(1 + γ) < 1",
                advice.learningRate * advice.curvature / (2 * (1 + advice.momentum)), .lessThan(1)),
            Claim(
                figure: "advise", claim: "The network stays near its linearisation",
                criterion: "error of the linearised outputs where training would end, over the travel ≤ \(AdviceTrust.sureError)",
                measured: trust.linearisationError, bound: .atMost(AdviceTrust.sureError)),
            Claim(
                figure: "advise", claim: "The tangent kernel stays what it was",
                criterion: "|Θ(T) − Θ(0)|/|Θ(0)| where training would end ≤ \(ConditionThresholds().kernelDrift)",
                measured: trust.kernelDrift, bound: .atMost(ConditionThresholds().kernelDrift)),
            Claim(
                figure: "advise", claim: "Vacuum energy dominates the universe of the advised training",
                criterion: "η over the largest with V_0 ≥ 10 Θ_0 l(f_0) ≤ 1",
                measured: advice.learningRate
                    / (try advice.largestVacuumLearningRate(momentum: advice.momentum, planckMass: planckMass)), bound: .atMost(1)),
        ]
        guard let verdict else { return claims }
        let needed = verdict.steps(floor: verdict.learned)
        claims.append(
            Claim(
                figure: "check", claim: "The advised pair does as well as the best of 64 trained ones",
                criterion: "steps to the least final loss of the lattice, or to 10^-4 of the first, over K ≤ 1.1",
                measured: needed ?? .infinity, bound: .atMost(1.1),
                detail: "advised L_K/L_0 = \(Claim.number(part(verdict.advisedLoss))), best of 64 \(Claim.number(part(verdict.best)))"))
        let advised = Cell(
            learningRate: advice.learningRate, momentum: advice.momentum,
            loss: try advice.loss(learningRate: advice.learningRate, momentum: advice.momentum))
        let pairs = try lattice(verdict) + [(pair: advised, trained: verdict.advisedLoss)]
        let errors = pairs.compactMap { cell -> Double? in
            let (predicted, trained) = (part(cell.pair.loss), part(cell.trained))
            // Of losses that are both below it nothing is said.
            guard predicted < 1, trained < 1, max(predicted, trained) > Advice.learnedLoss else { return nil }
            return abs(log10(max(Advice.learnedLoss, predicted) / max(Advice.learnedLoss, trained)))
        }
        if !errors.isEmpty {
            claims.append(
                .judged(
                    "check", "The predicted losses are the trained ones",
                    "median of |log_{10} predicted/trained| over the 64 and the advised pair, where either is above 10^-4 of the first, below "
                        + "taken for that, ≤ 0.1",
                    try Estimate(median: errors), .atMost(0.1)))
        }
        return claims
    }
}
