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
        for result in results.filter(\.varies).prefix(Self.mostFigures) {
            figures.append(try figure(of: result, id: "figure\(figures.count + 1)"))
        }
        return figures
    }

    /// Measured columns that vary but have no figure, because there are too many.
    public var notDrawn: [String] { results.filter(\.varies).dropFirst(Self.mostFigures).map(\.name) }

    private func scale(_ result: ScanResult) -> Axis.Scale? { errors.contains(result.name) ? result.errorScale : nil }

    private func errorFigure() throws(ColumnPlotError) -> Figure? {
        let drawn = results.filter { errors.contains($0.name) && !$0.values.isEmpty }.prefix(6)
        guard let first = drawn.first else { return nil }
        var panels: [Panel] = []
        var caption = "How many rows have which error."
        for result in drawn {
            let drawing = try ColumnDrawing(ColumnPlot(x: result.name, xScale: scale(result), labels: labels), table)
            panels.append(drawing.panel(title: "", facet: 0))
            caption += drawing.leftOutSentence
        }
        return Figure(
            id: "figure1",
            title: drawn.count == 1
                ? "Distribution of \(labels[first.name] ?? ColumnPlot.literal(first.name))" : "Distributions of the errors",
            caption: caption, panels: panels, arrangement: .grid(columns: min(2, panels.count)))
    }

    private func figure(of result: ScanResult, id: String) throws(ColumnPlotError) -> Figure {
        guard let strongest = result.dependences.first, strongest.share >= Self.leastShare else {
            return try ColumnPlot(x: result.name, xScale: scale(result), labels: labels).figure(of: table, id: id, carriesData: false)
        }
        var figure = try plot(result, against: strongest.axis).figure(of: table, id: id, carriesData: false)
        figure.caption +=
            " \(ColumnPlot.literal(strongest.axis.name)) explains \(Claim.percent(strongest.share)) of the variance of its ranks"
            + (result.dependences.count > 1 ? ", more than any other axis." : ".")
        return figure
    }

    /// Words, which have no axis, become the colours of a histogram; few numbers medians and quartiles; many numbers points.
    private func plot(_ result: ScanResult, against axis: ScanAxis) -> ColumnPlot {
        guard !axis.holdsWords else { return ColumnPlot(x: result.name, colour: axis.name, xScale: scale(result), labels: labels) }
        let others = result.dependences.dropFirst().filter { $0.share >= Self.leastShare }.map(\.axis)
        let isGrid = axis.levels.count <= 30 && result.values.count >= 5 * axis.levels.count
        let colour = isGrid ? others.first { $0.levels.count <= ColumnPlot.mostNumberCategories } : others.first
        return ColumnPlot(x: axis.name, y: result.name, colour: colour?.name, yScale: scale(result), showsQuartiles: isGrid, labels: labels)
    }
}
