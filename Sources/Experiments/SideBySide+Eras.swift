import Duality
import Figures
import Foundation
import Networks
import Runs

/// An era of a training.
public struct EraSummary: Sendable, Encodable {
    public let equationOfState: Double
    /// t, H and the e-folds at its start.
    public let startsAt: Double
    public let hubble: Double
    public let eFolds: Double
}

extension SideBySide {
    /// The eras of a training by a list of H; nil for others.
    static func eras(_ training: Run.Training) -> EraHistory? {
        (try? Expansion(training.schedule)).flatMap { EraHistory($0, steps: training.steps) }
    }

    /// The columns of the eras.
    var eraColumns: [(name: String, values: [Double])] {
        guard let eras else { return [] }
        return [("hubble", eras.hubble), ("eFolds", eras.eFolds), ("scaleFactor", eras.eFolds.map { exp($0) })]
    }

    var eraSummary: [EraSummary]? {
        guard let eras else { return nil }
        return eras.eras.map {
            EraSummary(
                equationOfState: $0.equationOfState, startsAt: eras.times[$0.start], hubble: eras.hubble[$0.start],
                eFolds: eras.eFolds[$0.start])
        }
    }

    /// The field of both sides, a and H through the eras; nil where there are none.
    public func erasFigure() -> Figure? {
        guard let eras, let last = eras.times.last else { return nil }
        let bounds = eras.eras.dropFirst().map { Layer.rule(Rule(.vertical(x: eras.times[$0.start]))) }
        let names = zip(eras.eras, eras.eras.dropFirst().map { eras.times[$0.start] } + [last]).map { era, end in
            "\(Self.name(ofFluid: era.equationOfState)) to t = \(Claim.number(end))"
        }
        let mean = { (values: (Int) -> [Double]) -> [Double] in
            let fields = (0..<result.rows).map(values)
            return eras.times.indices.map { row in fields.reduce(0) { $0 + $1[row] } / Double(fields.count) }
        }
        func panel(_ axis: Axis, _ layers: [Layer]) -> Panel { Panel(x: Axis("t = k√η"), y: axis, layers: layers + bounds) }
        func line(_ values: [Double], _ name: String, _ style: LineStyle, _ colour: Int) -> Layer {
            .line(Line(x: eras.times, y: values, name: name, style: style, colour: colour))
        }
        return Figure(
            id: "universe", title: "Output of a network, through \(eras.eras.count) eras", subtitle: setting,
            caption: """
                The output of a network whose friction is 3H of \(names.joined(separator: ", then ")), and the field of that universe\
                \(result.rows == 1 ? "" : ", means over all outputs"). Scale factor and Hubble rate, which both sides share, are continuous.
                """,
            panels: [
                panel(
                    Axis(result.rows == 1 ? "output f" : "outputs, mean"),
                    [line(mean(trained), "network", .solid, 0), line(mean(predicted), "universe", .dashed, 1)]),
                panel(Axis("a", scale: .log10), [line(eras.eFolds.map { exp($0) }, "", .solid, 2)]),
                panel(Axis("H", scale: .log10), [line(eras.hubble, "", .solid, 3)]),
            ], arrangement: .stacked(), data: nil)
    }

    private static func name(ofFluid w: Double) -> String {
        for (name, value) in Schedule.Era.named where abs(value - w) <= 1e-6 { return name }
        return "w = \(Claim.number(w))"
    }
}
