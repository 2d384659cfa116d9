import Duality
import Figures
import Networks
import Runs

extension SideBySide {
    /// More fields than this are drawn as their mean and their extremes.
    private static let mostLines = 4

    /// Trained and predicted outputs over time, and their difference below.
    public func figure() -> Figure {
        let time = times
        var above: [Layer] = [], below: [Layer] = []
        let name =
            switch prediction {
            case .frozen: "frozen-kernel recursion"
            case .nlo: "next-to-leading order"
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
            Panel(x: Axis("t = k√η"), y: Axis(result.rows == 1 ? "output f" : "outputs f"), layers: above),
            Panel(x: Axis("t = k√η"), y: Axis("difference"), layers: below),
        ]
        if let budget {
            panels.append(
                Panel(
                    x: Axis("t = k√η"), y: Axis("its parts"),
                    layers: budget.layers(times: time, difference: result.rows == 1 ? "difference" : "difference, mean")))
        }
        let split = budget == nil ? "" : ", and its parts stacked, as the trained path tells them: a diagnosis, no prediction"
        return Figure(
            id: "evolve", title: "A network and the field it is dual to",
            caption: """
                Output of a \(run.architecture.activation.name) network with hidden layers \(run.architecture.widths) during training with \
                learning rate \(training.schedule.learningRate(at: 0)) and momentum \(training.schedule.momentum(at: 0)), and the prediction \
                '\(prediction.rawValue)' from its tangent kernel at the start. Below: network minus prediction\(split).
                """,
            panels: panels, arrangement: .stacked(heights: [2.2, 1, 1.2]), data: nil)
    }

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
        let point = "point \(field / outputs + 1)"
        return outputs == 1 ? point : "\(point) output \(field % outputs + 1)"
    }
}
