import Arrays
import Duality
import Figures
import Foundation

extension DoubleWell {
    func figure(_ fields: [Field]) throws -> Figure {
        Figure(
            id: id, title: "Domains of \(fields.count) trainings on a double well",
            caption: """
                Networks of width \(Self.shapes[1].width) released near the maximum of (s/4)(f² − v²)², momentum \(Self.momentum): outputs \
                at the end and at the start, enlarged to the same height, and as the corrected dictionary predicts the end from the kernel \
                at the start; networks whose domain walls come or go are shown first. Then the growth of the leading mode against the tachyonic \
                rate of its eigenvalue, and how far trainings stray from the frozen recursion (width 256 has two hidden layers).
                """,
            panels: patterns(fields) + [growth(fields), errors(fields)], arrangement: .grid(columns: 2), data: try table(fields))
    }

    /// Two networks of the greatest width in each setting; only the first panel has a legend.
    private func patterns(_ fields: [Field]) -> [Panel] {
        let wide = fields.filter { $0.sample.shape == Self.shapes[1] }
        let chosen = Self.settings.flatMap { setting in
            let own = wide.filter { $0.sample.setting == setting }
            return (own.filter(\.movesWalls) + own.filter { !$0.movesWalls }).prefix(2)
        }
        return chosen.enumerated().map { place, field in
            let name = { (text: String) in place == 0 ? text : "" }
            let height = field.start.map { abs($0) }.max()!
            return Panel(
                title: "\(field.sample.setting.label): walls \(Field.walls(field.start)) → \(Field.walls(field.end))", x: Axis("x"),
                y: Axis("output f / v"),
                layers: [
                    .line(
                        Line(
                            x: field.points, y: field.start.map { $0 / height },
                            name: name("start, enlarged"), style: .dotted, colour: 2)),
                    .scatter(Scatter(x: field.points, y: field.end.map { $0 / Self.minimum }, name: name("network, end"))),
                    .line(
                        Line(
                            x: field.points, y: field.corrected.map { $0 / Self.minimum }, name: name("predicted end"), style: .dashed,
                            colour: 1)),
                    .rule(Rule(.horizontal(y: 0))),
                ])
        }
    }

    private func growth(_ fields: [Field]) -> Panel {
        var layers: [Layer] = []
        for (slot, setting) in Self.settings.enumerated() {
            guard let field = fields.first(where: { $0.sample.setting == setting && $0.sample.shape == Self.shapes[1] }) else { continue }
            let shown = min(Self.steps, 3 * field.window.end)
            let steps = (0...shown).map(Double.init)
            let anchor = abs(field.leading[field.window.start])
            let range = [0.0, Double(field.window.end) * 1.3]
            layers += [
                .line(
                    Line(
                        x: steps, y: (0...shown).map { abs(field.leading[$0]) }, name: "network, \(setting.label)", style: .solid,
                        colour: 2 * slot)),
                .line(
                    Line(
                        x: range, y: range.map { anchor * exp(field.growth.predicted * ($0 - Double(field.window.start))) },
                        name: "tachyonic rate", style: .dashed, colour: 2 * slot + 1)),
            ]
        }
        return Panel(title: "leading mode", x: Axis("step"), y: Axis("|v_1 · f|", scale: .log10), layers: layers)
    }

    private func errors(_ fields: [Field]) -> Panel {
        Panel(
            title: "distance to the frozen recursion", x: Axis("width", scale: .log10, range: 80...1600),
            y: Axis("greatest |difference| / v", scale: .log10),
            layers: Self.settings.enumerated().map { slot, setting in
                let own = fields.filter { $0.sample.setting == setting }
                return .scatter(
                    Scatter(
                        x: own.map { Double($0.sample.shape.width) }, y: own.map { $0.greatestError / Self.minimum }, name: setting.label,
                        slot: slot))
            })
    }

    private func table(_ fields: [Field]) throws -> CSVTable {
        func numbers(_ value: (Field) -> Double) -> CSVTable.Column { .numbers(fields.map(value)) }
        func integers(_ value: (Field) -> Int) -> CSVTable.Column { .integers(fields.map(value)) }
        return try CSVTable(byColumn: [
            ("sigmaB", numbers(\.sample.setting.sigmaB)), ("alpha", numbers(\.sample.setting.alpha)),
            ("depth", integers(\.sample.shape.depth)), ("width", integers(\.sample.shape.width)),
            ("replica", integers(\.sample.replica)), ("signAgreement", numbers(\.agreement.corrected)),
            ("frozenSignAgreement", numbers(\.agreement.frozen)), ("startSignAgreement", numbers(\.agreement.start)),
            ("wallsAtStart", integers { Field.walls($0.start) }), ("wallsAtEnd", integers { Field.walls($0.end) }),
            ("predictedWalls", integers { Field.walls($0.corrected) }), ("growthPerStep", numbers(\.growth.measured)),
            ("predictedGrowthPerStep", numbers(\.growth.predicted)), ("frozenGrowthPerStep", numbers(\.growth.frozen)),
            ("greatestError", numbers(\.greatestError)), ("kernelDrift", numbers(\.kernelDrift)),
        ])
    }
}
