import Arrays
import Duality
import Figures
import Networks
import Runs

extension AdviceTrial {
    /// Where a training that never came there is drawn.
    private static let never = 1.3

    func figure(_ verdicts: [AdviceVerdict]) throws -> Figure {
        func scatters(_ x: (AdviceVerdict) -> Double, _ y: (AdviceVerdict) -> Double) -> [Layer] {
            AdviceTrust.Word.allCases.enumerated().compactMap { slot, word in
                let own = verdicts.filter { $0.advice.trust.word == word }
                guard !own.isEmpty else { return nil }
                return .scatter(Scatter(x: own.map(x), y: own.map(y), name: word.rawValue, slot: slot))
            }
        }
        let least = 1e-8
        func part(_ loss: Double, _ verdict: AdviceVerdict) -> Double { min(30, max(least, loss / verdict.advice.initialLoss)) }
        let range = least / 2...60
        return Figure(
            id: id, title: "Advice without training, beside the best of 64 trainings: \(verdicts.count) problems",
            caption: """
                Left: the steps that the advised pair takes to what the best of 8 × 8 trained pairs reaches after K steps, or to a loss of 10^-4 \
                of the first, over K; those that need more than 1.1 K are drawn at \(Self.never). Middle: the final loss of the advised training \
                beside the best of the 64, and right beside what was predicted, all over the loss at the start; smaller ones are drawn at 10^-8. \
                Marks say how sure the advice was.
                """,
            panels: [
                Panel(
                    title: "steps needed", x: Axis("error of linearisation", scale: .log10), y: Axis("steps/K", range: 0...1.4),
                    layers: scatters({ max(1e-5, $0.advice.trust.linearisationError) }) { $0.steps(floor: $0.learned) ?? Self.never }
                        + [.rule(Rule(.horizontal(y: 1.1), label: "10 % more"))]),
                Panel(
                    title: "advised and best", x: Axis("best L_K/L_0 of 64", scale: .log10, range: range),
                    y: Axis("advised L_K/L_0", scale: .log10, range: range),
                    layers: scatters({ part($0.best, $0) }) { part($0.advisedLoss, $0) } + [.rule(Rule(.diagonal(x: 1, y: 1, slope: 1)))]),
                Panel(
                    title: "predicted and trained", x: Axis("predicted L_K/L_0", scale: .log10, range: range),
                    y: Axis("trained L_K/L_0", scale: .log10, range: range),
                    layers: scatters({ part($0.advice.predictedLoss, $0) }) { part($0.advisedLoss, $0) }
                        + [.rule(Rule(.diagonal(x: 1, y: 1, slope: 1)))]),
            ], arrangement: .grid(columns: 3), data: try table(verdicts))
    }

    private func table(_ verdicts: [AdviceVerdict]) throws -> CSVTable {
        func numbers(_ value: (AdviceVerdict) -> Double) -> CSVTable.Column { .numbers(verdicts.map(value)) }
        return try CSVTable(
            byColumn: verdicts.map(\.problem.start).columns + [
                ("points", .integers(verdicts.map(\.problem.start.inputs.points))),
                ("dimension", .integers(verdicts.map(\.problem.start.inputs.dimension))),
                ("steps", .integers(verdicts.map(\.problem.steps))),
                ("learningRate", numbers(\.advice.learningRate)), ("momentum", numbers(\.advice.momentum)),
                ("initialLoss", numbers(\.advice.initialLoss)), ("predictedLoss", numbers(\.advice.predictedLoss)),
                ("advisedLoss", numbers(\.advisedLoss)), ("bestLoss", numbers(\.best)),
                ("stepsOverBudget", numbers { $0.steps(floor: $0.learned) ?? .infinity }),
                ("strictStepsOverBudget", numbers { $0.steps(floor: 0) ?? .infinity }),
                ("linearisationError", numbers(\.advice.trust.linearisationError)), ("kernelDrift", numbers(\.advice.trust.kernelDrift)),
                ("doubtfulSteps", numbers(\.advice.trust.stepsOverBudget)), ("word", .words(verdicts.map(\.advice.trust.word.rawValue))),
            ])
    }
}
