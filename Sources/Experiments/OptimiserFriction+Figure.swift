import Arrays
import Figures
import Networks

extension OptimiserFriction {
    private static let optimisers: [UpdateRule] = [.heavyBall, .friedmann, .bornInfeld, .adam]

    /// Medians over the widest networks, as a mode that turns has no friction to read.
    func figure(_ trainings: [Training]) throws -> Figure {
        let widest = trainings.map(\.width).max() ?? 0
        func own(_ rule: UpdateRule) -> [Training] { trainings.filter { $0.rule == rule && $0.width == widest } }
        func line(
            _ rule: UpdateRule, _ name: String, _ style: LineStyle, colour: Int, _ value: (ModeFriction) -> Double
        ) throws -> Layer {
            let all = own(rule)
            guard let windows = all.first?.windows else {
                throw ExperimentError.nothingToJudge(experiment: id, reason: "nothing was trained by \(rule.name)")
            }
            let medians = try windows.indices.map { place in try Statistics.median(all.map { value($0.windows[place]) }) }
            return .line(Line(x: windows.map(\.time), y: medians, name: name, style: style, colour: colour))
        }
        func panel(
            _ title: String, _ rule: UpdateRule, _ friction: KeyPath<ModeFriction, [Double]>, range: ClosedRange<Double>? = nil,
            extra: [Layer] = []
        ) throws -> Panel {
            let styles: [LineStyle] = [.solid, .dashed, .dotted]
            return Panel(
                title: title, x: Axis("t"), y: Axis("3H", range: range),
                layers: try (0..<Training.modes).map { mode in
                    try line(rule, "mode \(mode + 1)", styles[mode], colour: mode) { $0[keyPath: friction][mode] }
                } + extra)
        }
        let rest = Panel(
            title: "no common H(t) and force", x: Axis("t"), y: Axis("share of c″^2", scale: .log10),
            layers: try Self.optimisers.enumerated().map { place, rule in
                try line(rule, rule.name, LineStyle.allCases[place], colour: place) { $0.unexplained }
            })
        return Figure(
            id: id, title: "The friction of optimisers, mode by mode",
            caption: """
                The friction 3H in f″ + 3Hf′ + Θl′ = 0 that the modes of trained networks feel, from least squares in windows of ten steps; medians \
                over \(own(.adam).count) networks of width \(widest) on 6 points. t = k√η, and k Δt for born-infeld. One universe has one H(t): so it is for heavy-ball and \
                friedmann, for born-infeld once its force is ½(1 + V^2/E^2)Θl′, with 3H = −d ln V/dt, and not for adam, whose modes share no \
                friction and no force. Lower right, the share of the accelerations that no H(t) and no scale of the force explain for three modes at once.
                """,
            panels: [
                try panel("heavy-ball", .heavyBall, \.bare, range: 0...0.5), try panel("friedmann", .friedmann, \.bare),
                try panel("adam", .adam, \.bare),
                try panel("born-infeld", .bornInfeld, \.bare),
                try panel(
                    "born-infeld, its own force", .bornInfeld, \.scaled,
                    extra: [try line(.bornInfeld, "−d ln V/dt", .dashDotted, colour: 3) { $0.dilution }]), rest,
            ], arrangement: .grid(columns: 3), data: try table(trainings))
    }

    private func table(_ trainings: [Training]) throws -> CSVTable {
        func numbers(_ value: (Training) throws -> Double) rethrows -> CSVTable.Column { .numbers(try trainings.map(value)) }
        return try CSVTable(byColumn: [
            ("optimiser", .words(trainings.map(\.rule.name))), ("width", .integers(trainings.map(\.width))),
            ("spread", numbers { try $0.spread(\.bare) }), ("spreadScaled", numbers { try $0.spread(\.scaled) }),
            ("unexplained", numbers { try $0.unexplained() }), ("distanceFromDilution", numbers { try $0.distanceFromDilution() }),
        ])
    }
}
