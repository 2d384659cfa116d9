import Duality
import Foundation

/// What `evolve` prints: the dictionary, the agreement and the conditions, to be read without the manual.
public struct SideBySideText: Sendable {
    /// The text, each line ended by a newline.
    public let text: String

    public init(_ summary: SideBySideSummary) {
        let opening = summary.dictionary.map(Self.dictionary) ?? "optimiser: \(summary.optimiser)\n"
        if let step = summary.divergedAt {
            // Universe, errors and fit are those of numbers that are none.
            text = [
                opening, Self.divergence(at: step, summary.agreement.prediction),
                Self.conditions(summary.conditions.filter(\.measured.isFinite)),
            ]
            .joined(separator: "\n")
            return
        }
        text = [
            opening, summary.universe.map(Self.universe),
            summary.eras.map(Self.eras), summary.universe == nil ? summary.expansion.map(Self.expansion) : nil,
            summary.fields.map(Self.fields), Self.agreement(summary),
            Self.budget(summary), Self.conditions(summary.conditions), summary.universeArguments.map(Self.command),
        ].compactMap { $0 }.joined(separator: "\n")
    }

    /// What is left to say of a training whose numbers are none from some step on.
    private static func divergence(at step: Int, _ prediction: Prediction) -> String {
        "The training diverged: at step \(step) its outputs or its loss are no finite numbers, so that there is nothing to compare with the "
            + "prediction '\(prediction.rawValue)'. Lower the learning rate or the scale of the loss.\n"
    }

    private static func dictionary(_ table: DictionaryTable) -> String {
        let names = table.dictionaries.map(\.rawValue)
        var rows = [["dictionary", ""] + names]
        for row in table.rows where row.values.contains(where: { $0 != nil }) {
            rows.append([row.quantity, row.symbol] + row.values.map { $0.map(number) ?? "–" })
        }
        var text = aligned(rows)
        text += "The leading mode is \(table.regime.phrase).\n"
        for remark in table.remarks { text += "No terms of \(remark)\n" }
        return text
    }

    private static func universe(_ summary: UniverseSummary) -> String {
        func row(_ title: String, _ value: (UniverseSummary.Side) -> Double?) -> [String] {
            [title] + [summary.network, summary.universe].map { value($0).map(number) ?? "–" }
        }
        return aligned([
            ["universe", "network", "predicted"], row("H at the start", \.hubbleAtStart), row("H at the end", \.hubbleAtEnd),
            row("e-folds", \.eFolds), row("scale factor a = e^N") { exp($0.eFolds) },
            row("inflation ends (ε = 1) at t", \.inflationEndsAt),
            row("e-folds until then", \.eFoldsOfInflation), row("ε at the end", \.epsilonAtEnd),
            row("w at the end", \.equationOfStateAtEnd), row("greatest |H′ + φ′²/2M²|/H²", \.greatestResidual),
        ]) + "The e-folds differ by \(number(summary.greatestDifferenceOfEFolds)) at the most. No decay of the field is modelled.\n"
    }

    private static func eras(_ eras: [EraSummary]) -> String {
        aligned(
            [["era", "from t", "H", "e-folds"]]
                + eras.map { ["w = \(number($0.equationOfState))", number($0.startsAt), number($0.hubble), number($0.eFolds)] })
    }

    private static func expansion(_ expansion: ExpansionSummary) -> String {
        aligned([
            ["universe of \(expansion.source)", "at the start", "at the end"],
            ["Hubble rate H", number(expansion.hubbleAtStart), number(expansion.hubbleAtEnd)],
            ["e-folds N = ∫H dt", "0", number(expansion.eFolds)], ["scale factor a = e^N", "1", number(expansion.scaleFactorAtEnd)],
        ])
    }

    /// One line that a shell takes as it is.
    private static func command(_ arguments: [String]) -> String {
        let words = arguments.map { word in
            word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.,_=/:".contains($0)) } ? word : "'\(word)'"
        }
        return "The predicted field alone, without a network:\n  inflaton universe \(words.joined(separator: " "))\n"
    }

    private static func fields(_ fields: FieldSummary) -> String {
        aligned([
            ["fields", "network", "metric Θ⁻¹", "trace of Θ"],
            ["greatest error over travel", "–", percent(fields.wholeErrorOverTravel), percent(fields.traceErrorOverTravel)],
            ["angle turned ∫ω dt", number(fields.angleTurned), number(fields.angleTurnedPredicted), "–"],
        ]) + "Outputs mix by |Θ_ab|/Θ_aa = \(percent(fields.mixing)).\n"
    }

    private static func agreement(_ summary: SideBySideSummary) -> String {
        let agreement = summary.agreement
        let moved = agreement.greatestTravel > 0
        var text = aligned([
            ["network and prediction", agreement.prediction.rawValue],
            ["error at the end / travel", moved ? percent(agreement.errorOverTravel) : "–"],
            ["greatest error / travel", moved ? percent(agreement.greatestErrorOverTravel) : "–"],
            ["greatest travel", number(agreement.greatestTravel)],
            ["drift of the tangent kernel", moved ? percent(agreement.kernelDrift) : "–"],
        ])
        if !moved { text += "The outputs did not move, so that there is nothing that a prediction could miss.\n" }
        if let fit = summary.fit {
            switch fit.verdict {
            case .identified:
                text += """
                    Fitted to the training, knowing no dictionary: 3H = \(number(fit.friction)) ± \(number(fit.frictionError)), \
                    F Θ₀ = \(number(fit.force)) ± \(number(fit.forceError)).\n
                    """
            default:
                let ratio = fit.driftRate.map { "; their ratio is F Θ₀/3H = \(number($0))" } ?? ""
                text +=
                    "Fitted to the training, knowing no dictionary: friction and force are not told apart, since \(fit.verdict.phrase)"
                    + "\(ratio).\n"
            }
        }
        if let reason = summary.fitFailure { text += "Not fitted: \(reason)\n" }
        return text
    }

    /// Root mean squares over the greatest travel.
    private static func budget(_ summary: SideBySideSummary) -> String {
        guard let budget = summary.errorBudget else {
            return summary.errorBudgetRefusal.map { "No error budget: \($0).\n" } ?? ""
        }
        guard budget.residual > 0, summary.agreement.greatestTravel > 0 else {
            return "No error budget: there is no difference to explain.\n"
        }
        guard budget.explained >= -1 else {
            return "No error budget: the training has left its prediction by more than a budget of small parts can tell.\n"
        }
        let travel = summary.agreement.greatestTravel
        func row(_ name: String, _ size: Double) -> [String] { [name, percent(size / travel)] }
        return aligned([
            ["error budget, by the trained path", "of the travel, root mean square over the steps"],
            row("discretisation", budget.discretisation), row("kernel drift", budget.kernelDrift), row("curvature", budget.curvature),
            row("not explained", budget.remainder), row("all: network − prediction", budget.residual),
        ]) + "The parts explain \(percent(budget.explained)) of the squared difference. This is a diagnosis, no prediction.\n"
    }

    private static func conditions(_ conditions: [SideBySideSummary.Judgement]) -> String {
        var rows = [["condition", "measured", "limit", ""]]
        for condition in conditions {
            rows.append([
                words(condition.condition.rawValue), number(condition.measured), number(condition.threshold),
                condition.holds ? "holds" : "violated",
            ])
        }
        return aligned(rows) + conditions.filter { !$0.holds }.map { "\(words($0.condition.rawValue)): \($0.sentence)\n" }.joined()
    }

    /// `vacuumDomination` as "vacuum domination".
    private static func words(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) }
    }

    /// The first row is a heading; columns after the first are padded to a common width.
    static func aligned(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return "  " + cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }
        let rule = "  " + widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n") + "\n"
    }

    /// With minus signs in the places of hyphens.
    private static func number(_ value: Double) -> String { written(value, "%.4g") }
    private static func percent(_ value: Double) -> String { written(100 * value, "%.3g") + " %" }
    private static func written(_ value: Double, _ format: String) -> String {
        value.isInfinite ? (value < 0 ? "−∞" : "∞") : String(format: format, value).replacing("-", with: "−")
    }
}
