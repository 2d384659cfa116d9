import Figures
import Foundation

/// Where everything in a figure stands, in pixels; margins are measured from the texts that must fit into them.
struct FigureLayout {
    /// One panel's place, axes and texts.
    struct Place {
        var plot = Rectangle(x: 0, y: 0, width: 0, height: 0)
        var x = AxisMap(range: 0...1, start: 0, end: 1)
        var y = AxisMap(range: 0...1, start: 0, end: 1)
        var xTicks = Ticks(major: [], minor: [], labels: [], exponent: 0)
        var yTicks = Ticks(major: [], minor: [], labels: [], exponent: 0)
        var showsXLabels = true
        var showsYLabels = true
        var titleLines: [RichText] = []
        var xLabelLines: [RichText] = []
        var yLabelLines: [RichText] = []
        /// Distance from the plot to the y axis label: the widest tick label of the column.
        var yLabelOffset = 0.0
        /// Width that a title or a legend above the plot may take: that of the plot and of its colour bar.
        var legendWidth = 0.0
        /// Where the panel's title and its legend end, above the plot and its colour bar.
        var headBottom = 0.0
        /// Top of the rows of a legend that found no room inside; nil for a legend inside.
        var legendTop: Double?
        /// The panel's own colour bar, where the figure has none for all panels.
        var colourBar: Rectangle?
    }

    let width: Double
    let margin: Double
    private(set) var height = 0.0
    private(set) var places: [Place]
    private(set) var titleLines: [RichText] = []
    private(set) var subtitleLines: [RichText] = []
    private(set) var noteLines: [RichText] = []
    private(set) var noteTop = 0.0
    private(set) var titleTop: Double
    /// Top of the legend that all panels have in common.
    private(set) var sharedLegendTop: Double?
    private(set) var sharedColourBar: Rectangle?
    private let isNarrow: Bool

    /// - Parameter legendsAbove: panels whose legend takes rows above the plot.
    init(
        _ figure: Figure, _ ranges: FigureRanges, _ legends: FigureLegends, _ bars: FigureColourBars, setting: SVGRenderer.Setting,
        legendsAbove: Set<Int>
    ) {
        let count = figure.panels.count
        let columns = min(figure.arrangement.columns, max(1, count))
        let rows = (count + columns - 1) / columns
        isNarrow = setting.isNarrow
        width = isNarrow ? Style.narrowWidth : Style.width(columns: columns)
        margin = isNarrow ? Style.narrowMargin : Style.margin
        titleTop = margin
        places = Array(repeating: Place(), count: count)
        if setting.drawsTitle {
            titleLines = RichText(figure.title).evenLines(limit: width - 2 * margin, size: Style.titleSize, bold: true)
            subtitleLines = RichText(figure.subtitle).lines(limit: width - 2 * margin, size: Style.subtitleSize)
        }
        var top = margin + Double(titleLines.count) * Style.titleSize * Style.lineHeight
        top += Double(subtitleLines.count) * Style.subtitleSize * Style.lineHeight
        if !titleLines.isEmpty || !subtitleLines.isEmpty { top += 8 }
        if let shared = legends.shared {
            sharedLegendTop = top
            top += Double(shared.rows(width: width - 2 * margin).count) * Style.legendRow + 6
        }
        if isNarrow, let bar = bars.shared {
            sharedColourBar = Rectangle(x: margin + 10, y: top, width: width - 2 * margin - 20, height: Style.colourBarWidth)
            top += bar.roomAbove + 6
        }

        setHeights(figure, rows: rows, columns: columns)
        for index in places.indices { setY(figure, ranges, index, columns: columns) }
        // The gap between columns depends on the labels of the x ticks, and these on the gap; equal units depend on both.
        var gap = 20.0
        for _ in 0..<2 {
            setColumns(figure, bars, columns: columns, gap: gap)
            var drawn = ranges
            for index in places.indices {
                if figure.panels[index].hasEqualUnits {
                    drawn.equaliseUnits(index, places[index].plot)
                    setY(figure, drawn, index, columns: columns)
                }
                setX(figure, drawn, index, columns: columns)
            }
            let widest = places.flatMap(\.xTicks.labels).map { RichText($0).width(size: Style.tickSize) }.max() ?? 0
            gap = max(20, widest + 8)
        }
        stack(figure, legends, bars, rows: rows, columns: columns, top: top, legendsAbove: legendsAbove)
        if !isNarrow, bars.shared != nil, let first = places.first, let last = places.last {
            sharedColourBar?.y = first.plot.y
            sharedColourBar?.height = last.plot.bottom - first.plot.y
        }
        if let note = ranges.dropped.note {
            noteTop = height
            noteLines = RichText(runs: [.init(text: note, level: .base)])
                .lines(limit: width - 2 * margin, size: Style.noteSize)
            height += Double(noteLines.count) * Style.noteSize * Style.lineHeight
        }
        if count == 0 { height += 120 }
        height += margin
    }

    private mutating func setHeights(_ figure: Figure, rows: Int, columns: Int) {
        let given = (0..<rows).map { row -> Double in
            let value = row < figure.arrangement.heights.count ? figure.arrangement.heights[row] : 1
            return value.isFinite && value > 0 ? min(max(value, 0.05), 20) : 1
        }
        let mean = given.reduce(0, +) / Double(max(1, rows))
        for index in places.indices {
            let row = isNarrow ? Style.narrowRowHeight : Style.rowHeight(columns: columns, rows: rows)
            places[index].plot.height = max(70, given[index / columns] / mean * row)
        }
    }

    private mutating func setY(_ figure: Figure, _ ranges: FigureRanges, _ index: Int, columns: Int) {
        let panel = figure.panels[index]
        let height = places[index].plot.height
        places[index].showsYLabels = !figure.arrangement.sharesY || index % columns == 0
        places[index].y.range = ranges.y[index]
        let wanted = Int(min(7, max(2, height / 42)))
        places[index].yTicks = Ticks(panel.y, ranges.y[index], count: wanted)
        if places[index].showsYLabels {
            places[index].yLabelLines = RichText(panel.y.label).lines(limit: height + 20, size: Style.labelSize)
        }
    }

    /// Room left of a plot for ticks and their labels.
    private func tickRoom(_ place: Place) -> Double {
        guard place.showsYLabels else { return 0 }
        let exponent = place.yTicks.exponent == 0 ? nil : Self.exponentLabel(place.yTicks.exponent)
        let labels = place.yTicks.labels.map { RichText($0) } + [exponent].compactMap { $0 }
        return Style.tickLength + 5 + (labels.map { $0.width(size: Style.tickSize) }.max() ?? 0)
    }

    /// Room left of the tick labels for the axis label.
    private func labelRoom(_ place: Place) -> Double {
        place.yLabelLines.isEmpty ? 0 : 6 + Double(place.yLabelLines.count) * Style.labelSize * Style.lineHeight
    }

    private mutating func setColumns(_ figure: Figure, _ bars: FigureColourBars, columns: Int, gap: Double) {
        let barRoom = isNarrow ? 0 : bars.shared.map { 16 + $0.roomBeside } ?? 0
        var left = Array(repeating: 0.0, count: columns)
        var right = Array(repeating: 0.0, count: columns)
        for index in places.indices {
            let column = index % columns
            let offset = places.indices.filter { $0 % columns == column }.map { tickRoom(places[$0]) }.max() ?? 0
            places[index].yLabelOffset = offset
            left[column] = max(left[column], offset + labelRoom(places[index]))
            if !isNarrow, bars.shared == nil, let bar = bars.panels[index] { right[column] = max(right[column], 10 + bar.roomBeside) }
        }
        for column in 1..<max(columns, 2) where column < columns {
            left[column] = max(left[column] + (left[column] > 0 ? 14 : 0), gap)
        }
        let lastHalf = bars.shared == nil || isNarrow ? max(4, gap / 2 - 6) : 0
        let free = width - 2 * margin - barRoom - lastHalf - left.reduce(0, +) - right.reduce(0, +)
        let plotWidth = max(60, free / Double(columns))
        for index in places.indices {
            let column = index % columns
            let before = left[0...column].reduce(0, +) + right[0..<column].reduce(0, +) + Double(column) * plotWidth
            places[index].plot.x = margin + before
            places[index].plot.width = plotWidth
            places[index].legendWidth = plotWidth + right[column]
        }
        if !isNarrow, bars.shared != nil {
            sharedColourBar = Rectangle(x: width - margin - barRoom + 16, y: 0, width: Style.colourBarWidth, height: 0)
        }
    }

    private mutating func setX(_ figure: Figure, _ ranges: FigureRanges, _ index: Int, columns: Int) {
        let panel = figure.panels[index]
        let width = places[index].plot.width
        places[index].showsXLabels = !figure.arrangement.sharesX || index + columns >= figure.panels.count
        places[index].x = AxisMap(range: ranges.x[index], start: places[index].plot.x, end: places[index].plot.right)
        var wanted = Int(min(9, max(2, width / 55)))
        repeat {
            places[index].xTicks = Ticks(panel.x, ranges.x[index], count: wanted)
            let room = places[index].xTicks.labels.reduce(0) { $0 + RichText($1).width(size: Style.tickSize) + 10 }
            if room <= width { break }
            wanted -= 1
        } while wanted > 1
        places[index].titleLines = RichText(panel.title).evenLines(
            limit: places[index].legendWidth, size: Style.panelTitleSize, bold: true)
        let exponent = places[index].xTicks.exponent
        let reserved = exponent == 0 ? 0 : 2 * Self.exponentLabel(exponent).width(size: Style.tickSize)
        places[index].xLabelLines =
            places[index].showsXLabels ? RichText(panel.x.label).lines(limit: max(60, width - reserved), size: Style.labelSize) : []
    }

    /// Gives every row its vertical place, from the top down.
    private mutating func stack(
        _ figure: Figure, _ legends: FigureLegends, _ bars: FigureColourBars, rows: Int, columns: Int, top start: Double,
        legendsAbove: Set<Int>
    ) {
        var top = start
        for row in 0..<rows {
            let members = places.indices.filter { $0 / columns == row }
            let above =
                members.map { index -> Double in
                    let place = places[index]
                    var room = Double(place.titleLines.count) * Style.panelTitleSize * Style.lineHeight + 6
                    if place.showsYLabels, place.yTicks.exponent != 0 { room = max(room, 24) }
                    if legendsAbove.contains(index), let legend = legends.panels[index] {
                        room += Double(legend.rows(width: place.legendWidth).count) * Style.legendRow + 4
                    }
                    if isNarrow, bars.shared == nil, let bar = bars.panels[index] { room += bar.roomAbove }
                    return room
                }.max() ?? 0
            let below =
                members.map { index -> Double in
                    let place = places[index]
                    guard place.showsXLabels else { return 0 }
                    let label = Double(place.xLabelLines.count) * Style.labelSize * Style.lineHeight
                    return Style.tickLength + 4 + Style.tickSize + (label > 0 ? label + 6 : place.xTicks.exponent == 0 ? 0 : 18)
                }.max() ?? 0
            for index in members {
                places[index].plot.y = top + above
                places[index].y.start = places[index].plot.bottom
                places[index].y.end = places[index].plot.y
                places[index].headBottom = places[index].plot.y - 4
                if bars.shared == nil, let bar = bars.panels[index] {
                    let plot = places[index].plot
                    if isNarrow {
                        places[index].headBottom -= bar.roomAbove
                        places[index].colourBar = Rectangle(
                            x: plot.x, y: places[index].headBottom, width: plot.width, height: Style.colourBarWidth)
                    } else {
                        places[index].colourBar = Rectangle(x: plot.right + 10, y: plot.y, width: Style.colourBarWidth, height: plot.height)
                    }
                }
                if legendsAbove.contains(index), let legend = legends.panels[index] {
                    let room = Double(legend.rows(width: places[index].legendWidth).count) * Style.legendRow
                    places[index].legendTop = places[index].headBottom - 2 - room
                }
            }
            top += above + (members.map { places[$0].plot.height }.max() ?? 0) + below + (row == rows - 1 ? 8 : 10)
        }
        height = top
    }

    /// "×10ⁿ" for the end of an axis.
    static func exponentLabel(_ exponent: Int) -> RichText { RichText("×10^{\(exponent)}") }
}
