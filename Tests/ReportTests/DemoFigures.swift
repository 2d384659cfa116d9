import Arrays
import Figures
import Foundation

/// Figures of the kinds the project draws, from closed formulas and a fixed generator.
enum DemoFigures {
    /// A small linear congruential generator: the tests need the same numbers on every machine, not good ones.
    struct Noise {
        var state: UInt64 = 1

        mutating func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
        }

        mutating func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
    }

    static var trajectory: Figure {
        let time = (0...600).map { Double($0) * 0.1 }
        let trained = time.map { 1.8 * exp(-$0 / 14) * (1 + 0.05 * exp(-$0)) - 0.3 }
        let predicted = time.map { 1.8 * exp(-$0 / 14.1) - 0.3 }
        let difference = zip(trained, predicted).map { $0 - $1 }
        let data = try? CSVTable(byColumn: [("time", .numbers(time)), ("trained", .numbers(trained))])
        return Figure(
            id: "evolve", title: "A network beside its universe", caption: "Width 512, erf, η = 0.01, γ = 0.9.",
            panels: [
                Panel(
                    x: Axis("Time t = k√η"), y: Axis("Network output f"),
                    layers: [
                        .rule(Rule(.horizontal(y: -0.3), label: "minimum f_{min}")),
                        .line(Line(x: time, y: trained, name: "trained network")),
                        .line(Line(x: time, y: predicted, name: "scalar field, corrected dictionary", style: .dashed, colour: 1)),
                    ]),
                Panel(
                    x: Axis("Time t = k√η"), y: Axis("Difference"),
                    layers: [
                        .rule(Rule(.horizontal(y: 0))),
                        .line(Line(x: time, y: difference.map { $0 * 0.02 }, style: .solid, colour: 2)),
                    ]),
            ], arrangement: .stacked(heights: [2.4, 1]), data: data)
    }

    static var histograms: Figure {
        var noise = Noise()
        let panels = [0.0, 0.5, 0.9, 0.99].map { momentum in
            Panel(
                title: "Momentum γ = \(momentum)", x: Axis("Vacuum domination Θ_0 l(f_0)/V_0", scale: .log10), y: Axis("Networks"),
                layers: [1.0, 1.5, 2.0].enumerated().map { slot, sigma in
                    .histogram(
                        Histogram(
                            values: (0..<700).map { _ in
                                pow(10, -2 + log10(sigma) * 4 - 2 * log10(1 - momentum * 0.98) * 0.4 + 0.45 * noise.normal())
                            }, bins: 36, name: "σ_w = \(sigma)", colour: slot))
                })
        }
        return Figure(
            id: "figure1", title: "How far from vacuum domination random networks start", panels: panels,
            arrangement: .grid(columns: 2, sharesX: true, sharesY: true))
    }

    static var powerLaws: Figure {
        let potential = (0...12).map { pow(10, -3 + Double($0) * 0.5) }
        let layers: [Layer] = [0.0, 0.5, 0.9, 0.99].enumerated().map { slot, momentum in
            .line(
                Line(
                    x: potential, y: potential.map { (1 - momentum) * (1 - momentum) / (3 * 0.1 * $0) }, name: "γ = \(momentum)",
                    colour: slot, marksPoints: slot == 0))
        }
        return Figure(
            id: "figure2", title: "The largest learning rate that keeps the vacuum energy dominant",
            panels: [
                Panel(
                    x: Axis("Initial potential Θ_0 l(f_0)", scale: .log10), y: Axis("Largest learning rate η_{max}", scale: .log10),
                    layers: layers + [
                        .rule(Rule(.diagonal(x: 1, y: 1e-6, slope: -1), label: "slope −1")),
                        .rule(Rule(.horizontal(y: 2), label: "stability bound ηL_{1}l″ < 2(1 + γ)")),
                        .rule(Rule(.vertical(x: 10), label: "V_0")),
                    ])
            ])
    }

    static func scatter(_ counts: [Int] = [1400, 1900, 2600]) -> Figure {
        var noise = Noise()
        let titles = ["γ = 0", "γ = 0.5", "γ = 0.9"]
        let panels = counts.enumerated().map { index, count in
            var x: [Double] = []
            var y: [Double] = []
            var drift: [Double] = []
            for _ in 0..<count {
                let domination = -5 + 6 * noise.uniform()
                let change = -3 + 1.1 * noise.normal() + 0.3 * domination
                x.append(pow(10, domination))
                y.append(pow(10, 0.55 * change + 0.2 * domination + 0.35 * noise.normal() - 0.5))
                drift.append(change)
            }
            return Panel(
                title: titles[index % 3], x: Axis("Θ_0 l(f_0)/V_0", scale: .log10), y: Axis("|error| / travel", scale: .log10),
                layers: [
                    .scatter(Scatter(x: x, y: y, colour: .init(drift, label: "log_{10} kernel drift |Θ(T) − Θ(0)|/Θ(0)"))),
                    .rule(Rule(.vertical(x: 0.1))), .rule(Rule(.horizontal(y: 0.01), label: "1 %")),
                ])
        }
        return Figure(
            id: "figure3", title: "Agreement of 5,900 networks with the dual scalar field at the end of training", panels: panels,
            arrangement: .grid(columns: 3, sharesX: true, sharesY: true))
    }

    static var all: [Figure] { [trajectory, histograms, powerLaws, scatter()] }
}
