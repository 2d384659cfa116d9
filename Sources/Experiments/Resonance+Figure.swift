import Arrays
import Duality
import Figures
import Foundation

extension Resonance {
    func figure(_ modes: [Mode]) throws -> Figure {
        let shown = modes.filter { $0.sample.width == Self.widths.last && $0.sample.replica == 0 }
        let periods = (0...Self.steps).map { Double($0) * Self.timeStep / Floquet.period }
        let range = Self.perturbation / 30...0.3
        var panels = shown.filter(\.isFree).map { mode in
            let magnitude = { (values: [Double]) in values.map { abs($0) } }
            var layers: [Layer] = [
                .line(Line(x: periods, y: magnitude(mode.trained), name: "network", style: .solid)),
                .line(Line(x: periods, y: magnitude(mode.frozen), name: "frozen", style: .dashed, colour: 1)),
            ]
            if mode.floquet > 0 {
                // Through the first fitted peak, as only the rate is predicted.
                let top =
                    periods.indices.filter { periods[$0] >= 1 && periods[$0] < 2 }.max { abs(mode.frozen[$0]) < abs(mode.frozen[$1]) } ?? 0
                let anchor = abs(mode.frozen[top]) * exp(-periods[top] * mode.floquet * Floquet.period)
                layers.append(
                    .line(
                        Line(
                            x: [0, periods[Self.steps]],
                            y: [0, periods[Self.steps]].map { anchor * exp(mode.floquet * Floquet.period * $0) }, name: "e^{μωt}",
                            style: .dotted, colour: 2)))
            } else {
                layers.append(.rule(Rule(.horizontal(y: Self.perturbation), label: "start")))
            }
            return Panel(
                title:
                    "λ_2/λ_1 = \(String(format: "%.3f", mode.massRatio)), \(mode.floquet > 0 ? "μ = " + String(format: "%.4f", mode.floquet) : "bounded")",
                x: Axis("periods of the mean"), y: Axis("|c_2|", scale: .log10, range: range), layers: layers)
        }
        panels += [try chart(modes), friction(shown, periods, range), expansion(shown, periods, range)]
        return Figure(
            id: id, title: "Resonance of the second mode in \(modes.count) trainings with a quartic loss",
            caption: """
                Networks of width \(Self.widths[1]) on two points ±x_0, released at rest with the mean \(Self.amplitude) above its minimum \
                and 10^{-6} in the second mode, trained at momentum 1. The mean oscillates and pumps the second mode: by Floquet's \
                theorem it grows as e^{μωt}, ω² = 4 s λ_1/N A², if 1/3 < λ_2/λ_1 < 1, and is bounded otherwise. Then the exponents of all \
                trainings against λ_2/λ_1, and the same networks at momentum 0.98, whose friction stops the resonance, and in an era of radiation (optimiser fluid, w = 1/3), which does not: a c_2 in \
                conformal time, beside the frozen recursion of the same networks.
                """,
            panels: panels, arrangement: .grid(columns: 2), data: try table(modes))
    }

    /// μ(r) with the measured exponents.
    private func chart(_ modes: [Mode]) throws -> Panel {
        let ratios = (0...120).map { Double($0) * 0.01 }
        var layers: [Layer] = [
            .line(
                Line(x: ratios, y: try ratios.map { try Floquet.exponent(massRatio: $0) }, name: "Floquet's theorem", style: .solid))
        ]
        for (slot, width) in Self.widths.reversed().enumerated() {
            let trained = modes.filter { $0.sample.width == width && $0.isFree }
            layers.append(
                .scatter(
                    Scatter(
                        x: trained.map(\.massRatio), y: trained.map(\.trainedGrowth.exponent), name: "width \(width)", slot: slot + 1)))
        }
        let expanding = modes.filter { $0.sample.course == .radiation }
        layers.append(
            .scatter(
                Scatter(
                    x: expanding.map(\.massRatio), y: expanding.map(\.trainedGrowth.exponent), name: "in radiation",
                    slot: Self.widths.count + 1)))
        return Panel(title: "growth exponents", x: Axis("λ_2/λ_1"), y: Axis("μ"), layers: layers)
    }

    /// What momentum below 1 does.
    private func friction(_ modes: [Mode], _ periods: [Double], _ range: ClosedRange<Double>) -> Panel {
        let layers = modes.filter { $0.momentum < 1 }.enumerated().map { slot, mode in
            Layer.line(
                Line(
                    x: periods, y: mode.trained.map { abs($0) }, name: "λ_2/λ_1 = \(String(format: "%.3f", mode.massRatio))",
                    colour: slot))
        }
        return Panel(
            title: "momentum \(Claim.number(Self.momenta[1]))", x: Axis("periods of the mean"),
            y: Axis("|c_2|", scale: .log10, range: range.lowerBound / 30...3e-4), layers: layers)
    }

    /// What an era of radiation does.
    private func expansion(_ modes: [Mode], _ periods: [Double], _ range: ClosedRange<Double>) -> Panel {
        let layers = modes.filter { $0.sample.course == .radiation }.enumerated().flatMap { slot, mode in
            [
                Layer.line(
                    Line(
                        x: periods, y: mode.trained.map { abs($0) }, name: "λ_2/λ_1 = \(String(format: "%.3f", mode.massRatio))",
                        style: .solid, colour: slot)),
                .line(Line(x: periods, y: mode.frozen.map { abs($0) }, name: slot == 0 ? "frozen" : "", style: .dotted, colour: slot)),
            ]
        }
        return Panel(
            title: "radiation, H = \(Claim.number(Self.rate)) ω at the start", x: Axis("periods of a φ in conformal time"),
            y: Axis("|a c_2|", scale: .log10, range: range), layers: layers)
    }

    private func table(_ modes: [Mode]) throws -> CSVTable {
        func numbers(_ value: (Mode) -> Double) -> CSVTable.Column { .numbers(modes.map(value)) }
        return try CSVTable(byColumn: [
            ("width", .integers(modes.map(\.sample.width))), ("position", numbers(\.sample.position)),
            ("replica", .integers(modes.map(\.sample.replica))), ("momentum", numbers(\.momentum)),
            ("course", .words(modes.map { $0.sample.course == .radiation ? "radiation" : "heavy-ball" })),
            ("massRatio", numbers(\.massRatio)), ("floquetExponent", numbers(\.floquet)),
            ("networkExponent", numbers(\.trainedGrowth.exponent)), ("frozenExponent", numbers(\.frozenGrowth.exponent)),
            ("networkScatter", numbers(\.trainedGrowth.scatter)), ("networkRise", numbers { Mode.rise($0.trainedGrowth) }),
            ("frozenRise", numbers { Mode.rise($0.frozenGrowth) }), ("kernelDrift", numbers(\.kernelDrift)),
        ])
    }
}
