import Arrays
import Duality
import Figures
import Foundation

extension DoubleWell {
    func judge(_ fields: [Field], diverged: Int) throws -> [Claim] {
        try domainClaims(fields, diverged: diverged) + growthClaims(fields) + widthClaims(fields)
    }

    /// In which minimum each point ends.
    private func domainClaims(_ fields: [Field], diverged: Int) throws -> [Claim] {
        // The two settings share their weights.
        let networks = Dictionary(grouping: fields) { "\($0.sample.shape.depth) \($0.sample.shape.width) \($0.sample.replica)" }
            .sorted { $0.key < $1.key }.map(\.value)
        let trainings =
            "\(fields.count) trainings of \(networks.count) networks"
            + (quick ? ", quick subset: one hidden layer, two seeds of eight" : "") + (diverged > 0 ? "; \(diverged) diverged" : "")
        func agreement(_ fields: [Field], _ share: (Field) -> Double) throws -> Double { try Statistics.mean(fields.map(share)) }
        let points = fields.count * Self.points
        let wrong = try agreement(fields) { 1 - $0.agreement.corrected } * Double(points)
        let changed = fields.filter(\.movesWalls)
        let predicted = changed.count { Field.walls($0.end) == Field.walls($0.corrected) }
        return [
            .judged(
                id, "The field theory with the frozen kernel tells in which minimum each point ends",
                "share of points on the predicted side ≥ 98 %; \(trainings) on \(Self.points) points",
                try Estimate(networks) { sample in try agreement(sample.flatMap { $0 }) { $0.agreement.corrected } }, .atLeast(0.98),
                unit: .percent,
                control: .init(try agreement(fields) { $0.agreement.start }, "the signs at the start"),
                detail: "\(Claim.number(wrong.rounded())) of \(points) points on the other side; frozen recursion "
                    + Claim.percent(try agreement(fields) { $0.agreement.frozen })),
            Claim(
                figure: id, claim: "Domain walls that come or go are foreseen",
                criterion:
                    "the predicted number of walls at the end in more than half of the trainings whose walls at the end and the start "
                    + "differ; \(changed.count) of \(trainings)",
                measured: changed.isEmpty ? nil : Double(predicted) / Double(changed.count), unit: .percent,
                standardError: changed.isEmpty ? nil : Estimate(share: predicted, of: changed.count).standardError, bound: .moreThan(0.5),
                control: .init(0, "counting the walls at the start"), detail: "\(predicted) of \(changed.count)"),
        ]
    }

    /// How fast the leading mode leaves the maximum.
    private func growthClaims(_ fields: [Field]) throws -> [Claim] {
        try Self.settings.map { setting in
            let own = fields.filter { $0.sample.setting == setting }
            let frozen = try Statistics.median(own.map(\.frozenGrowthError)), paper = try Statistics.median(own.map(\.paperGrowthError))
            return .judged(
                id, "The leading mode grows at the tachyonic rate of its eigenvalue (\(setting.label))",
                "median |rate / predicted − 1| ≤ 1 %, until an output reaches \(Claim.number(Self.linearShare)) v; \(own.count) trainings",
                try Estimate(median: own.map(\.growthError)), .atMost(0.01), unit: .percent,
                control: .init(try Statistics.median(own.map(\.secondGrowthError)), "the second eigenvalue"),
                detail: "frozen recursion \(Claim.percent(frozen)), paper's dictionary \(Claim.percent(paper))")
        }
    }

    /// How the error of the frozen field falls with the width.
    private func widthClaims(_ fields: [Field]) throws -> [Claim] {
        try Self.settings.map { setting in
            let own = fields.filter { $0.sample.setting == setting && $0.sample.shape.depth == 1 }
            let widths = Set(own.map(\.sample.shape.width)).sorted()
            func errors(_ part: [Field]) throws -> [Double] {
                try widths.map { width in
                    try Statistics.median(part.filter { $0.sample.shape.width == width }.map(\.greatestError))
                }
            }
            let slope = try Estimate(own, within: { $0.sample.shape.width }) { part in
                let errors = try errors(part)
                return log(errors[errors.count - 1] / errors[0]) / log(Double(widths[widths.count - 1]) / Double(widths[0]))
            }
            let all = try errors(own).map { Claim.number($0) }
            let sizes = widths.map { "\($0)" }.joined(separator: " and ")
            return .judged(
                id, "The error of the frozen field falls as 1/width (\(setting.label))",
                "slope of log median greatest error against log width within −1.3 to −0.7; one hidden layer, widths \(sizes), "
                    + "\(own.count) trainings", slope, .within(-1.3...(-0.7)),
                control: .init(0, "null hypothesis, no dependence on the width"),
                detail: all.joined(separator: " to "))
        }
    }
}
