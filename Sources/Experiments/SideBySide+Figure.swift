import Cosmology
import Duality
import Figures
import Networks
import Runs

extension SideBySide {
    /// More fields than this are drawn as their mean and their extremes.
    private static let mostLines = 4

    /// Trained and predicted outputs over time, and their difference below.
    /// - Parameter clock: what the horizontal axis counts: t = k√η, or e-folds of the universe, which there must be. Default: time.
    public func figure(clock: Clock = .time) -> Figure {
        let counted = clock == .eFolds ? expansion?.expansion.eFolds : nil, time = counted ?? times
        let axis = Axis(counted == nil ? "t = k√η" : "e-folds N = ∫H dt")
        var above: [Layer] = [], below: [Layer] = []
        let name =
            switch prediction {
            case .frozen: "frozen-kernel recursion"
            case .nlo: "next-to-leading order"
            case .null: "null model"
            case .universe: "universe"
            default: "universe (\(prediction.rawValue))"
            }
        if result.rows <= Self.mostLines {
            for field in 0..<result.rows {
                let label = result.rows == 1 ? "" : ", \(self.label(field))"
                let (trained, predicted) = (trained(field), predicted(field))
                above.append(.line(Line(x: time, y: trained, name: "network" + label, style: .solid, colour: 2 * field)))
                above.append(.line(Line(x: time, y: predicted, name: name + label, style: .dashed, colour: 2 * field + 1)))
                below.append(
                    .line(
                        Line(
                            x: time, y: zip(trained, predicted).map { $0 - $1 }, name: result.rows == 1 ? "" : self.label(field),
                            style: .solid,
                            colour: 2 * field)))
            }
        } else {
            let trained = (0..<result.rows).map { self.trained($0) }, predicted = (0..<result.rows).map { self.predicted($0) }
            let difference = zip(trained, predicted).map { zip($0, $1).map { $0 - $1 } }
            above.append(.band(Self.extremes(trained, time, "network, all points")))
            above.append(.line(Line(x: time, y: Self.mean(trained), name: "network, mean", style: .solid)))
            above.append(.line(Line(x: time, y: Self.mean(predicted), name: name + ", mean", style: .dashed, colour: 1)))
            below.append(.band(Self.extremes(difference, time, "all points")))
            below.append(.line(Line(x: time, y: Self.mean(difference), name: "mean", style: .solid)))
        }
        let anchors = Set(network.anchors)
        if anchors.count == 1, let minimum = anchors.first { above.append(.rule(Rule(.horizontal(y: minimum), label: "minimum"))) }
        below.append(.rule(Rule(.horizontal(y: 0))))
        let run = result.run
        var panels = [
            Panel(x: axis, y: Axis(result.rows == 1 ? "output f" : "outputs f"), layers: above),
            Panel(x: axis, y: Axis("network − \(predictionName)"), layers: below),
        ]
        if let budget {
            panels.append(
                Panel(
                    x: axis, y: Axis("its parts"),
                    layers: budget.layers(
                        times: time, difference: "network − \(predictionName)" + (result.rows == 1 ? "" : ", mean"))))
        }
        let split = budget == nil ? "" : ", and its parts stacked, as the trained path tells them: a diagnosis, no prediction"
        return Figure(
            id: "evolve", title: "\(result.rows == 1 ? "Output of a network" : "Outputs of a network"), and the dual field",
            subtitle: setting + (run.inputs.points == 1 ? "" : ", \(run.inputs.points) points")
                + (run.architecture.outputs == 1 ? "" : ", \(run.architecture.outputs) outputs"),
            caption: """
                Output of a \(run.architecture.activation.name) network with hidden layers \(run.architecture.widths) during training with \
                learning rate \(training.schedule.learningRate(at: 0)) and momentum \(training.schedule.momentum(at: 0)), and the prediction \
                '\(prediction.rawValue)' from its tangent kernel at the start. Below: network minus prediction\(split).
                """,
            panels: panels, arrangement: .stacked(heights: [2.2, 1, 1.2]), data: nil)
    }

    /// What predicts, in a word or two.
    private var predictionName: String {
        switch prediction {
        case .frozen: "frozen kernel"
        case .nlo: "next order"
        case .null: "null model"
        default: "universe"
        }
    }

    /// The network and how it is trained, for titles: `an erf network of width 512, η = 0.01, γ = 0.9`.
    var setting: String {
        let architecture = result.run.architecture, widths = architecture.widths
        let isEven = Set(widths).count == 1
        let shape =
            switch widths.count {
            case 0: "a linear model"
            case 1: "\(Self.article(architecture.activation.name)) network of width \(widths[0])"
            case _ where isEven:
                "\(Self.article(architecture.activation.name)) network of \(widths.count) × width \(widths[0])"
            default: "\(Self.article(architecture.activation.name)) network of widths \(widths.map(String.init).joined(separator: ", "))"
            }
        let schedule = training.schedule
        return shape + ", η = \(Self.plain(schedule.learningRate(at: 0)))"
            + (schedule.rule == .heavyBall ? ", γ = \(Claim.number(schedule.momentum(at: 0)))" : ", \(schedule.rule.name)")
    }

    /// Numbers that people set, without a power of ten where none is needed.
    private static func plain(_ value: Double) -> String {
        value >= 1000 && value < 1e6 && value == value.rounded() ? "\(Int(value))" : Claim.number(value)  // bounded: below a million
    }

    private static func article(_ word: String) -> String { ("aeiou".contains(word.prefix(1)) ? "an " : "a ") + word }

    /// The mean over fields at each time.
    private static func mean(_ fields: [[Double]]) -> [Double] {
        fields[0].indices.map { step in fields.reduce(0) { $0 + $1[step] } / Double(fields.count) }
    }

    /// The least and the greatest field at each time.
    private static func extremes(_ fields: [[Double]], _ time: [Double], _ name: String) -> Band {
        Band(
            x: time, lower: time.indices.map { step in fields.reduce(.infinity) { min($0, $1[step]) } },
            upper: time.indices.map { step in fields.reduce(-.infinity) { max($0, $1[step]) } }, name: name)
    }

    private func label(_ field: Int) -> String {
        let outputs = result.run.architecture.outputs
        let point = "point \(field / outputs + 1)", output = "output \(field % outputs + 1)"
        return outputs == 1 ? point : result.run.inputs.points == 1 ? output : "\(point) \(output)"
    }
}
