import Arrays
import Foundation

extension ScanReport {
    /// The least share of a column's variance for which an axis is worth a place or a colour.
    private static let leastShare = 0.01

    /// The distributions of the errors, then each measured column against the axis that it depends on the most: at most
    /// `mostFigures` of these, in the order of the columns. Named `figure1`, `figure2`, …; their numbers are the table.
    /// - Throws: `ColumnPlotError`, in practice never: the columns were checked.
    public func figures() throws(ColumnPlotError) -> [Figure] {
        var figures: [Figure] = []
        if let figure = try errorFigure() { figures.append(figure) }
        for result in drawable.prefix(Self.mostFigures) {
            figures.append(try figure(of: result, id: "figure\(figures.count + 1)"))
        }
        return figures
    }

    /// Measured columns that vary but have no figure, because there are too many.
    public var notDrawn: [String] { drawable.dropFirst(Self.mostFigures).map(\.name) }

    /// Columns that vary and have values enough for a figure: as a distribution, or against an axis.
    private var drawable: [ScanResult] {
        results.filter { result in
            guard result.varies, result.values.count >= Self.fewestValues else { return false }
            return result.values.count >= Self.fewestCounted || result.dependences.contains { !$0.axis.holdsWords }
        }
    }

    private func scale(_ result: ScanResult) -> Axis.Scale? { errors.contains(result.name) ? result.errorScale : nil }

    private func errorFigure() throws(ColumnPlotError) -> Figure? {
        let drawn = results.filter { errors.contains($0.name) && $0.values.count >= Self.fewestCounted }.prefix(6)
        guard let first = drawn.first else { return nil }
        var panels: [Panel] = []
        var caption = "How many runs have which error."
        var subtitle = ""
        for result in drawn {
            let drawing = try ColumnDrawing(ColumnPlot(x: result.name, xScale: scale(result), labels: labels, stated: stated), table)
            // It says how many runs are drawn, which may differ from panel to panel.
            if drawn.allSatisfy({ $0.values.count == first.values.count }) { subtitle = try drawing.subtitle(of: table) }
            panels.append(drawing.panel(title: "", facet: 0))
            caption += drawing.leftOutSentence
        }
        return Figure(
            id: "figure1",
            title: drawn.count == 1
                ? "Distribution of \(labels[first.name] ?? ColumnPlot.literal(first.name))" : "Distributions of the errors",
            subtitle: subtitle, caption: caption, panels: panels, arrangement: .grid(columns: min(2, panels.count)))
    }

    private func figure(of result: ScanResult, id: String) throws(ColumnPlotError) -> Figure {
        guard let strongest = result.dependences.first, strongest.share >= Self.leastShare else {
            let plot: ColumnPlot
            let axis = result.dependences.lazy.map(\.axis).first { !$0.holdsWords }
            if let axis, result.values.count < Self.fewestCounted || result.dependences.count == 1 {
                // So few are no distribution, and too few to say what they depend on; a single axis needs no choice.
                plot = ColumnPlot(x: axis.name, y: result.name, yScale: scale(result), labels: labels, stated: stated)
            } else {
                plot = ColumnPlot(x: result.name, xScale: scale(result), labels: labels, stated: stated)
            }
            return try plot.figure(of: table, id: id, carriesData: false)
        }
        var figure = try plot(result, against: strongest.axis).figure(of: table, id: id, carriesData: false)
        figure.caption +=
            " \(ColumnPlot.literal(strongest.axis.name)) explains \(Claim.percent(strongest.share)) of the variance of its ranks"
            + (result.dependences.count > 1 ? ", more than any other axis." : ".")
        return figure
    }

    /// Words, which have no axis, become the colours of a histogram; few numbers medians and quartiles; many numbers points.
    private func plot(_ result: ScanResult, against axis: ScanAxis) -> ColumnPlot {
        guard !axis.holdsWords else {
            return ColumnPlot(x: result.name, colour: axis.name, xScale: scale(result), labels: labels, stated: stated)
        }
        let others = result.dependences.dropFirst().filter { $0.share >= Self.leastShare }.map(\.axis)
        let isGrid = axis.levels.count <= 30 && result.values.count >= 5 * axis.levels.count
        let colour = isGrid ? others.first { $0.levels.count <= ColumnPlot.mostNumberCategories } : others.first
        return ColumnPlot(
            x: axis.name, y: result.name, colour: colour?.name, yScale: scale(result), showsQuartiles: isGrid, labels: labels,
            stated: stated)
    }
}
