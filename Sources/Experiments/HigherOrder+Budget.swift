import Arrays
import Duality
import Figures
import Foundation
import Networks
import Runs

extension HigherOrder {
    /// The error budget of a network of figure 3, for the corrected dictionary.
    struct BudgetSample: Sendable {
        let run: Run
        let momentum: Double
        let learningRate: Double
        let budget: ErrorBudget
        let travel: Double
        let kernelDrift: Double
        /// Θ₀ l(f₀)/V₀ of the paper's dictionary.
        let vacuumRatio: Double

        init(_ result: RunResult) throws {
            let field = try HomogeneousField(result, predictions: [])
            run = result.run
            (momentum, learningRate) = (field.momentum, field.learningRate)
            let predicted = try Prediction.corrected.trajectory(of: field.frozen)
            budget = try ErrorBudget(
                field.frozen, predicted: predicted, trained: result.outputs, path: TrainingPath(result.run, field.training))
            travel = try Comparison(trained: result.outputs, predicted: predicted, kernelAtStart: [1], kernelAtEnd: [1]).greatestTravel
            kernelDrift = field.kernelDrift
            vacuumRatio = try field.vacuumRatio()
        }

        /// Whether figure 3 judges the network.
        var isJudged: Bool { vacuumRatio < HomogeneousPrediction.largestVacuumRatio }

        /// What the parts leave over, squared and over the travel; without the curvature, what that leaves over too.
        func unexplained(_ isCurved: Bool) -> Double {
            let rest =
                isCurved
                ? budget.squaredRemainder
                : zip(budget.remainder, budget.parts[.curvature, default: []]).reduce(0) { $0 + ($1.0 + $1.1) * ($1.0 + $1.1) }
            return rest / (travel * travel)
        }
        var residual: Double { budget.squaredResidual / (travel * travel) }
        /// The residual of a field that knows the steps: what is left once discretisation is taken out.
        var finiteWidth: Double {
            zip(budget.residual, budget.parts[.discretisation, default: []]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                / (travel * travel)
        }
    }

    /// Of the squared residuals of many networks, in units of their travel, the share that is explained.
    private static func explained(_ samples: [BudgetSample], isCurved: Bool = true) -> Double {
        ErrorBudget.explained(
            remainder: samples.reduce(0) { $0 + $1.unexplained(isCurved) }, residual: samples.reduce(0) { $0 + $1.residual })
    }

    /// Judged is the part of the grid that figure 3 judges. The rest is in a claim of its own: steps that overshoot are no expansion in steps.
    func budgetClaims(_ samples: [BudgetSample], of count: Int, id: String) throws -> [Claim] {
        func explained(_ claim: String, _ part: [BudgetSample]) throws -> Claim {
            let discretisation = ErrorBudget.explained(
                remainder: part.reduce(0) { $0 + $1.finiteWidth }, residual: part.reduce(0) { $0 + $1.residual })
            return .judged(
                id, claim,
                "share of the squared residual over travel² that they explain ≥ 95 %; corrected dictionary, "
                    + "\(part.count) of the \(count) erf networks of figure 3's grid",
                try Estimate(part) { Self.explained($0) }, .atLeast(0.95), unit: .percent,
                control: .init(discretisation, "discretisation alone"),
                detail: "median of single networks \(Claim.percent(try Statistics.median(part.map(\.budget.explained)))), "
                    + "least \(Claim.percent(part.map(\.budget.explained).min() ?? 0))")
        }
        let judged = samples.filter(\.isJudged), inert = samples.filter { $0.momentum == samples.map(\.momentum).max() }
        guard !judged.isEmpty, judged.count < samples.count else {
            throw ExperimentError.nothingToJudge(experiment: self.id, reason: "all or none of the networks have Θ₀ l(f₀) < 0.1 V₀")
        }
        var claims = try judged.distinct(\.momentum).map { momentum in
            try explained(
                "Discretisation, kernel drift and curvature are what the prediction misses (γ = \(Claim.number(momentum)), Θ₀ l(f₀) < 0.1 V₀)",
                judged.filter { $0.momentum == momentum })
        }
        claims.append(
            try explained(
                "They are what it misses in the rest of the grid as well (Θ₀ l(f₀) ≥ 0.1 V₀)", samples.filter { !$0.isJudged }))
        claims.append(
            .judged(
                id, "With momentum the drift of the kernel is not all: without the curvature of the outputs the budget does not close",
                "share of the squared residual over travel² explained without curvature < 95 %, γ = \(Claim.number(inert[0].momentum)); "
                    + "\(inert.count) networks",
                try Estimate(inert) { Self.explained($0, isCurved: false) }, .lessThan(0.95), unit: .percent,
                control: .init(Self.explained(inert), "with curvature")))
        return claims
    }

    /// The networks whose budgets are drawn: of each momentum, with two hidden layers of 128, the one whose kernel drifted most.
    private func examples(_ samples: [BudgetSample]) -> [BudgetSample] {
        [0, 0.9].compactMap { momentum in
            samples.filter { $0.momentum == momentum && $0.run.depth == 2 && $0.run.width == 128 }.max { $0.kernelDrift < $1.kernelDrift }
        }
    }

    func budgetFigure(_ samples: [BudgetSample], id: String) throws -> Figure {
        var panels = examples(samples).map { sample in
            let times = (0...sample.run.steps).map { Double($0) * sample.learningRate.squareRoot() }
            return Panel(
                title: "γ = \(Claim.number(sample.momentum)), ΔΘ/Θ_0 = \(Claim.number(sample.kernelDrift))",
                x: Axis("t = k√η"), y: Axis("network − prediction"),
                layers: sample.budget.layers(times: times, difference: "network − prediction"))
        }
        let residuals = samples.map { ($0.residual / Double($0.run.steps + 1)).squareRoot() }
        let remainders = samples.map { ($0.unexplained(true) / Double($0.run.steps + 1)).squareRoot() }
        panels.append(
            Panel(
                title: "all networks", x: Axis("residual / travel", scale: .log10),
                y: Axis("left over / travel", scale: .log10),
                layers: samples.distinct(\.momentum).enumerated().map { slot, momentum in
                    let own = samples.indices.filter { samples[$0].momentum == momentum }
                    return .scatter(
                        Scatter(
                            x: own.map { residuals[$0] }, y: own.map { remainders[$0] }, name: "γ = \(Claim.number(momentum))", slot: slot))
                } + [.rule(Rule(.diagonal(x: 1, y: 0.05.squareRoot(), slope: 1), label: "95 % explained"))]))
        let parts = samples.map { sample in ErrorBudget.Part.allCases.map { sample.budget.size($0) / sample.travel } }
        panels.append(
            Panel(
                title: "the parts", x: Axis("root mean square / travel", scale: .log10), y: Axis("networks"),
                layers: ErrorBudget.Part.allCases.enumerated().map { slot, part in
                    .histogram(Histogram(values: parts.map { $0[slot] }.filter { $0 > 0 }, name: part.words, colour: slot))
                }))
        func numbers(_ value: (BudgetSample) -> Double) -> CSVTable.Column { .numbers(samples.map(value)) }
        return Figure(
            id: id, title: "What the corrected dictionary misses, \(samples.count) networks",
            caption: """
                The difference between trained and predicted output, split by the trained path: a diagnosis, no prediction. Discretisation is \
                the recursion with a frozen kernel less the field; kernel drift is what the tangent kernel of each step adds, and curvature \
                what the second derivatives of the outputs along the path add. Bands are stacked; where they reach the line nothing is \
                left over. Then, for all networks, what is left over against the difference, root mean squares over time, and the sizes of the \
                parts.
                """,
            panels: panels, arrangement: .grid(columns: 2),
            data: try CSVTable(
                byColumn: samples.map(\.run).columns + [
                    ("learningRate", numbers(\.learningRate)), ("momentum", numbers(\.momentum)),
                    ("degree", .integers(samples.map(\.run.degree))), ("minimum", numbers { Self.minimum($0.run) }),
                    ("seed", .words(samples.map { "\($0.run.seed)" })), ("kernelDrift", numbers(\.kernelDrift)),
                    ("travel", numbers(\.travel)), ("vacuumRatio", numbers(\.vacuumRatio)),
                    ("discretisation", numbers { $0.budget.size(.discretisation) }), ("drift", numbers { $0.budget.size(.kernelDrift) }),
                    ("curvature", numbers { $0.budget.size(.curvature) }), ("remainder", numbers(\.budget.remainderSize)),
                    ("residual", numbers(\.budget.residualSize)), ("explained", numbers(\.budget.explained)),
                ]))
    }

    private static func minimum(_ run: Run) -> Double {
        if case .perOutput(let values) = run.training?.loss.anchors { values[0] } else { .nan }
    }
}
