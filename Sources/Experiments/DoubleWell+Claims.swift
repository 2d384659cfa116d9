import Arrays
import Duality
import Foundation

extension DoubleWell {
    func judge(_ fields: [Field]) throws -> [Claim] {
        let trainings = "\(fields.count) trainings" + (quick ? ", quick subset: one hidden layer, two seeds of eight" : "")
        let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
        let agreement = mean(fields.map(\.agreement.corrected))
        let unchanged = mean(fields.map(\.agreement.start))
        let changed = fields.filter(\.movesWalls)
        let predicted = changed.count { Field.walls($0.end) == Field.walls($0.corrected) }
        var claims: [Claim] = [
            .judged(
                id, "The field theory with the frozen kernel tells in which minimum each point ends",
                "share of points on the predicted side ≥ 98 %; \(trainings) of \(Self.points) points", agreement,
                text: "\(Claim.percent(agreement)); frozen recursion \(Claim.percent(mean(fields.map(\.agreement.frozen))))",
                .atLeast(0.98), control: .words("the signs at the start \(Claim.percent(unchanged))")),
            Claim(
                figure: id, claim: "Domain walls that come or go are foreseen",
                criterion:
                    "the predicted number of walls at the end in ≥ 98 % of the trainings whose walls at the end and the start differ",
                measured: changed.isEmpty ? nil : Double(predicted) / Double(changed.count),
                measuredText: "\(predicted) of \(changed.count); \(trainings)",
                control: "counting the walls at the start: none",
                verdict: changed.isEmpty ? .undecidable : Double(predicted) >= 0.98 * Double(changed.count) ? .holds : .fails),
        ]
        for setting in Self.settings {
            let own = fields.filter { $0.sample.setting == setting }
            let growth = try Median(own.map(\.growthError))
            let frozen = try Statistics.median(own.map(\.frozenGrowthError))
            let paper = try Statistics.median(own.map(\.paperGrowthError))
            let second = try Statistics.median(own.map(\.secondGrowthError))
            claims.append(
                .judged(
                    id, "The leading mode grows at the tachyonic rate of its eigenvalue (\(setting.label))",
                    "median |rate / predicted − 1| ≤ 1 %, until an output reaches \(Claim.number(Self.linearShare)) v; "
                        + "\(own.count) trainings", growth.value,
                    text: "\(Claim.percent(growth.value)); frozen recursion \(Claim.percent(frozen)), "
                        + "paper's dictionary \(Claim.percent(paper))",
                    standardError: growth.standardError, .atMost(0.01),
                    control: .words("the second eigenvalue \(Claim.percent(second))")))
        }
        for setting in Self.settings {
            let own = fields.filter { $0.sample.setting == setting && $0.sample.shape.depth == 1 }
            let widths = Set(own.map(\.sample.shape.width)).sorted()
            let errors = try widths.map { width in
                try Statistics.median(own.filter { $0.sample.shape.width == width }.map(\.greatestError))
            }
            let slope = log(errors[errors.count - 1] / errors[0]) / log(Double(widths[widths.count - 1]) / Double(widths[0]))
            claims.append(
                .judged(
                    id, "The error of the frozen field falls as 1/width (\(setting.label))",
                    "slope of log median greatest error against log width within −1.3 to −0.7; one hidden layer, widths "
                        + widths.map { "\($0)" }.joined(separator: " and ") + ", \(own.count) trainings", slope,
                    text: "\(Claim.number(slope)): \(Claim.number(errors[0])) to \(Claim.number(errors[errors.count - 1]))",
                    .within(-1.3...(-0.7))))
        }
        return claims
    }
}
