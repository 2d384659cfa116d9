import Figures

extension Painter {
    /// Grid, axis lines, ticks and texts of one panel.
    mutating func paintAxes(_ panel: Panel, _ place: FigureLayout.Place) {
        let plot = place.plot
        let xs = place.xTicks.major.map { place.x.pixel($0) }
        let ys = place.yTicks.major.map { place.y.pixel($0) }
        let grid = xs.map { path(x: $0, from: plot.y, to: plot.bottom) } + ys.map { path(y: $0, from: plot.x, to: plot.right) }
        if !grid.isEmpty {
            svg.element("path", ["d": grid.joined(), "stroke": "currentColor", "stroke-opacity": "0.11", "fill": "none"])
        }
        var strokes = path(x: plot.x, from: plot.y, to: plot.bottom) + path(y: plot.bottom, from: plot.x, to: plot.right)
        for x in xs { strokes += path(x: x, from: plot.bottom, to: plot.bottom + Style.tickLength) }
        for y in ys { strokes += path(y: y, from: plot.x - Style.tickLength, to: plot.x) }
        for tick in place.xTicks.minor {
            strokes += path(x: place.x.pixel(tick), from: plot.bottom, to: plot.bottom + 0.55 * Style.tickLength)
        }
        for tick in place.yTicks.minor {
            strokes += path(y: place.y.pixel(tick), from: plot.x - 0.55 * Style.tickLength, to: plot.x)
        }
        svg.element("path", ["d": strokes, "stroke": "currentColor", "stroke-opacity": "0.7", "fill": "none"])
        paintPanelTitle(place)
        if place.showsXLabels { paintXLabels(place, at: xs) }
        if place.showsYLabels { paintYLabels(place, at: ys) }
    }

    private mutating func paintPanelTitle(_ place: FigureLayout.Place) {
        let step = Style.panelTitleSize * Style.lineHeight
        let bottom = (place.legendTop ?? place.headBottom) - 5
        for (index, line) in place.titleLines.enumerated() {
            let y = bottom - Double(place.titleLines.count - 1 - index) * step
            svg.label(line, x: place.plot.x, y: y, size: Style.panelTitleSize, bold: true)
        }
    }

    private mutating func paintXLabels(_ place: FigureLayout.Place, at xs: [Double]) {
        let baseline = place.plot.bottom + Style.tickLength + 4 + 0.8 * Style.tickSize
        var free = -Double.infinity
        for (x, label) in zip(xs, place.xTicks.labels) {
            let rich = RichText(label)
            let half = rich.width(size: Style.tickSize) / 2
            guard x - half > free else { continue }
            // A minus sign is left out of the centring, so that digits stand under their ticks.
            let shift = label.hasPrefix("−") ? -0.3 * Style.tickSize : 0
            svg.label(rich, x: x + shift, y: baseline, size: Style.tickSize, anchor: "middle")
            free = x + half + 3
        }
        var y = baseline + 6 + Style.labelSize
        for line in place.xLabelLines {
            svg.label(line, x: place.plot.x + place.plot.width / 2, y: y, size: Style.labelSize, anchor: "middle")
            y += Style.labelSize * Style.lineHeight
        }
        if place.xTicks.exponent != 0 {
            let label = FigureLayout.exponentLabel(place.xTicks.exponent)
            svg.label(label, x: place.plot.right, y: baseline + 6 + Style.labelSize, size: Style.tickSize, anchor: "end")
        }
    }

    private mutating func paintYLabels(_ place: FigureLayout.Place, at ys: [Double]) {
        let right = place.plot.x - Style.tickLength - 4
        for (y, label) in zip(ys, place.yTicks.labels) {
            svg.label(RichText(label), x: right, y: y + 0.35 * Style.tickSize, size: Style.tickSize, anchor: "end")
        }
        if place.yTicks.exponent != 0 {
            let label = FigureLayout.exponentLabel(place.yTicks.exponent)
            svg.label(label, x: right, y: place.plot.y - 10, size: Style.tickSize, anchor: "end")
        }
        let middle = place.plot.y + place.plot.height / 2
        var x = place.plot.x - place.yLabelOffset - 6 - 0.28 * Style.labelSize
        for line in place.yLabelLines.reversed() {
            svg.label(line, x: x, y: middle, size: Style.labelSize, anchor: "middle", angle: -90)
            x -= Style.labelSize * Style.lineHeight
        }
    }

    func path(x: Double, from: Double, to: Double) -> String {
        "M\(SVGBuilder.number(x)) \(SVGBuilder.number(from))V\(SVGBuilder.number(to))"
    }

    func path(y: Double, from: Double, to: Double) -> String {
        "M\(SVGBuilder.number(from)) \(SVGBuilder.number(y))H\(SVGBuilder.number(to))"
    }
}
