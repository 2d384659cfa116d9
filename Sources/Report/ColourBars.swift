import Figures

/// The colour bars of a figure: one for all panels where several show the same quantity, else one a panel.
struct FigureColourBars {
    struct Bar: Equatable {
        var label: RichText
        var range: ClosedRange<Double>
        var ticks: Ticks

        /// Width of an upright bar with its labels.
        var roomBeside: Double {
            let widest = ticks.labels.map { RichText($0).width(size: Style.tickSize) }.max() ?? 0
            let exponent = ticks.exponent == 0 ? 0 : FigureLayout.exponentLabel(ticks.exponent).width(size: Style.tickSize) - 18
            return Style.colourBarWidth + 9 + max(widest, exponent) + (label.isEmpty ? 0 : 6 + Style.labelSize * Style.lineHeight)
        }

        /// Height of a lying bar with its label above and its ticks below.
        var roomAbove: Double { labelHeight + Style.colourBarWidth + Style.tickSize + 14 }

        /// Height of a lying bar's label.
        var labelHeight: Double { label.isEmpty ? 0 : Style.labelSize * Style.lineHeight + 3 }
    }

    var shared: Bar?
    var panels: [Bar?]

    init(_ figure: Figure, _ ranges: FigureRanges, _ setting: SVGRenderer.Setting) {
        panels = figure.panels.map { panel in
            for case .scatter(let scatter) in panel.layers {
                if let colour = scatter.colour, let range = ranges.colours[colour.label] {
                    return Bar(label: RichText(colour.label), range: range, ticks: .linear(range, count: 5))
                }
            }
            return nil
        }
        let present = panels.compactMap { $0 }
        // An upright bar beside panels of which one is coloured would seem to belong to all of them.
        let isShared = panels.count == 1 || (present.count > 1 && (setting.isNarrow || figure.arrangement.columns > 1))
        if isShared, let first = present.first, present.allSatisfy({ $0 == first }) { shared = first }
    }
}
