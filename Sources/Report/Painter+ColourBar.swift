import Figures

extension Painter {
    /// The colour bar: its gradient, ticks and label. A place that is wider than high takes a lying bar.
    mutating func paintBar(_ bar: FigureColourBars.Bar, in place: Rectangle, name: String) {
        let lies = place.width > place.height
        svg.begin(
            "linearGradient", ["id": name, "x1": "0", "y1": lies ? "0" : "1", "x2": lies ? "1" : "0", "y2": "0"])
        for step in 0...16 {
            let fraction = Double(step) / 16
            svg.element("stop", ["offset": SVGBuilder.number(fraction * 100) + "%", "stop-color": ColourScale.colour(fraction)])
        }
        svg.end()
        if lies { paintLying(bar, in: place, name: name) } else { paintUpright(bar, in: place, name: name) }
    }

    private mutating func paintUpright(_ bar: FigureColourBars.Bar, in place: Rectangle, name: String) {
        paintGradient(place, name: name)
        let map = AxisMap(range: bar.range, start: place.bottom, end: place.y)
        var widest = 0.0
        var strokes = ""
        for (tick, label) in zip(bar.ticks.major, bar.ticks.labels) {
            let y = map.pixel(tick)
            strokes += path(y: y, from: place.right, to: place.right + 4)
            let rich = RichText(label)
            widest = max(widest, rich.width(size: Style.tickSize))
            svg.label(rich, x: place.right + 8, y: y + 0.35 * Style.tickSize, size: Style.tickSize)
        }
        paintStrokes(strokes)
        if bar.ticks.exponent != 0 {
            svg.label(FigureLayout.exponentLabel(bar.ticks.exponent), x: place.x, y: place.y - 8, size: Style.tickSize)
        }
        svg.label(
            bar.label.truncated(to: place.height + 20, size: Style.labelSize),
            x: place.right + 9 + widest + 6 + 0.8 * Style.labelSize, y: place.y + place.height / 2, size: Style.labelSize,
            anchor: "middle", angle: -90)
    }

    private mutating func paintLying(_ bar: FigureColourBars.Bar, in place: Rectangle, name: String) {
        var room = place.width
        if bar.ticks.exponent != 0 {
            let exponent = FigureLayout.exponentLabel(bar.ticks.exponent)
            svg.label(exponent, x: place.right, y: place.y + Style.labelSize, size: Style.tickSize, anchor: "end")
            room -= exponent.width(size: Style.tickSize) + 10
        }
        svg.label(
            bar.label.truncated(to: room, size: Style.labelSize), x: place.x, y: place.y + Style.labelSize, size: Style.labelSize)
        let gradient = Rectangle(x: place.x, y: place.y + bar.labelHeight, width: place.width, height: place.height)
        paintGradient(gradient, name: name)
        let map = AxisMap(range: bar.range, start: gradient.x, end: gradient.right)
        var strokes = ""
        for (tick, label) in zip(bar.ticks.major, bar.ticks.labels) {
            let x = map.pixel(tick)
            strokes += path(x: x, from: gradient.bottom, to: gradient.bottom + 4)
            svg.label(RichText(label), x: x, y: gradient.bottom + 6 + 0.8 * Style.tickSize, size: Style.tickSize, anchor: "middle")
        }
        paintStrokes(strokes)
    }

    private mutating func paintGradient(_ place: Rectangle, name: String) {
        svg.element(
            "rect",
            [
                "x": SVGBuilder.number(place.x), "y": SVGBuilder.number(place.y), "width": SVGBuilder.number(place.width),
                "height": SVGBuilder.number(place.height), "fill": "url(#\(name))",
            ])
    }

    private mutating func paintStrokes(_ strokes: String) {
        guard !strokes.isEmpty else { return }
        svg.element("path", ["d": strokes, "stroke": "currentColor", "stroke-opacity": "0.7", "fill": "none"])
    }
}
