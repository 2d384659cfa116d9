import Arrays
import Duality
import Figures
import Foundation
import Networks

/// How fast each dictionary approaches the recursion of training as the step shrinks at fixed 3H: equations alone, no network.
struct DictionaryOrders {
    static let frictions = [0.3, 3.0]
    static let degrees = [2, 4]
    static let timeSteps = [0.2, 0.1, 0.05, 0.025]
    /// Between which the order is read.
    static let judged = (long: 0.1, short: 0.025)
    static let predictions: [Prediction] = [.paper, .corrected, .fourthOrder]
    /// t at the end.
    static let time = 10.0

    /// The greatest distance between a field and the recursion.
    struct Row {
        let prediction: Prediction
        let degree: Int
        let friction: Double
        let timeStep: Double
        let error: Double
    }

    let rows: [Row]

    /// Fields released at f = 1 in l = f²/2 and l = f⁴, Θ₀ = 1, γ = 1 − 3H√η.
    init() throws {
        rows = try Self.predictions.flatMap { prediction in
            try Self.degrees.flatMap { degree in
                try Self.frictions.flatMap { friction in
                    try Self.timeSteps.map { step in
                        let network = try FrozenNetwork(
                            output: 1, tangentKernel: 1, loss: .power(degree: degree, scale: degree == 2 ? 0.5 : 1, minimum: 0),
                            schedule: Schedule(learningRate: step * step, momentum: 1 - friction * step),
                            steps: Int((Self.time / step).rounded()))
                        let field = try prediction.trajectory(of: network).values,
                            frozen = try Prediction.frozen.trajectory(of: network).values
                        return Row(
                            prediction: prediction, degree: degree, friction: friction, timeStep: step,
                            error: zip(field, frozen).reduce(0) { max($0, abs($1.0 - $1.1)) })
                    }
                }
            }
        }
    }

    private func errors(_ prediction: Prediction, _ degree: Int, _ friction: Double) -> [Row] {
        rows.filter { $0.prediction == prediction && $0.degree == degree && $0.friction == friction }
    }

    /// log(error ratio)/log(step ratio); the lesser of both frictions.
    func order(_ prediction: Prediction, degree: Int) -> Double {
        Self.frictions.map { friction in
            let rows = errors(prediction, degree, friction)
            func error(_ step: Double) -> Double { rows.first { $0.timeStep == step }?.error ?? .nan }
            return log(error(Self.judged.long) / error(Self.judged.short)) / log(Self.judged.long / Self.judged.short)
        }.min() ?? .nan
    }

    func claims(_ figure: String) -> [Claim] {
        Self.degrees.map { degree in
            .constructed(
                figure, "the field of the fourth-order dictionary leaves the training at fourth order in √η (n = \(degree))",
                "observed order ≥ 3.8 from √η = \(Self.judged.long) to \(Self.judged.short), the lesser of 3H = 0.3 and 3",
                order(.fourthOrder, degree: degree), .atLeast(3.8),
                control: .init(order(.corrected, degree: degree), "corrected dictionary"),
                detail: "paper's dictionary \(Claim.number(order(.paper, degree: degree)))")
        }
    }

    func figure(_ id: String) throws -> Figure {
        let panels = Self.degrees.flatMap { degree in
            Self.frictions.map { friction in
                Panel(
                    title: "n = \(degree), 3H = \(Claim.number(friction))", x: Axis("√η", scale: .log10),
                    y: Axis("greatest distance from the recursion", scale: .log10, range: 1e-9...1),
                    layers: Self.predictions.enumerated().map { slot, prediction in
                        let rows = errors(prediction, degree, friction)
                        return .line(
                            Line(
                                x: rows.map(\.timeStep), y: rows.map(\.error), name: prediction.rawValue, style: .solid, colour: slot,
                                marksPoints: true))
                    } + [
                        .rule(Rule(.diagonal(x: 0.1, y: errors(.fourthOrder, degree, friction)[1].error, slope: 4), label: "fourth order"))
                    ])
            }
        }
        return Figure(
            id: id, title: "How fast three dictionaries approach the training",
            caption: """
                Greatest distance, over t = 10, between the field of a dictionary and the recursion of heavy ball with a frozen kernel, from \
                f = 1 in l = f^2/2 and l = f^4, against the time √η of a step at fixed 3H. No network takes part: the recursion is the \
                network of infinite width.
                """,
            panels: panels, arrangement: .grid(columns: 2),
            data: try CSVTable(byColumn: [
                ("prediction", .words(rows.map(\.prediction.rawValue))), ("degree", .integers(rows.map(\.degree))),
                ("friction", .numbers(rows.map(\.friction))), ("timeStep", .numbers(rows.map(\.timeStep))),
                ("greatestError", .numbers(rows.map(\.error))),
            ]))
    }
}
