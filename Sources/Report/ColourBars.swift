import Experiments

/// The colour bars of a figure: one for all panels where they show the same quantity, else one a panel.
struct FigureColourBars {
    struct Bar: Equatable {
        var label: RichText
        var range: ClosedRange<Double>
        var ticks: Ticks
    }

    var shared: Bar?
    var panels: [Bar?]

    init(_ figure: Figure, _ ranges: FigureRanges) {
        panels = figure.panels.map { panel in
            for case .scatter(let scatter) in panel.layers {
                if let colour = scatter.colour, let range = ranges.colours[colour.label] {
                    return Bar(label: RichText(colour.label), range: range, ticks: .linear(range, count: 5))
                }
            }
            return nil
        }
        let present = panels.compactMap { $0 }
        if let first = present.first, present.allSatisfy({ $0 == first }), figure.arrangement.columns > 1 || present.count == 1 {
            shared = first
        }
    }

    /// Width of a bar with its labels.
    func room(_ bar: Bar) -> Double {
        let ticks = bar.ticks.labels.map { RichText($0).width(size: Style.tickSize) }.max() ?? 0
        let exponent = bar.ticks.exponent == 0 ? 0 : FigureLayout.exponentLabel(bar.ticks.exponent).width(size: Style.tickSize) - 18
        return Style.colourBarWidth + 9 + max(ticks, exponent) + (bar.label.isEmpty ? 0 : 6 + Style.labelSize * Style.lineHeight)
    }
}
