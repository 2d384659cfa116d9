import Arrays
import Foundation

extension ScanReport {
    /// The least share of a column's variance for which an axis is worth a colour.
    private static let leastShare = 0.01

    /// The distributions of the errors, then each measured column against the axis that it depends on the most: at most
    /// `mostFigures` of these, in the order of the columns. Named `figure1`, `figure2`, …; their numbers are the table.
    /// - Throws: `ColumnPlotError`, in practice never: the columns were checked.
    public func figures() throws(ColumnPlotError) -> [Figure] {
        var figures: [Figure] = []
        if let figure = try errorFigure() { figures.append(figure) }
        var count = 0
        for name in measured where count < Self.mostFigures && Set(finite(name)).count > 1 {
            guard let figure = try measuredFigure(name, id: "figure\(figures.count + 1)") else { continue }
            figures.append(figure)
            count += 1
        }
        return figures
    }

    /// Measured columns that vary but have no figure, because there are too many.
    public var notDrawn: [String] { Array(measured.filter { Set(finite($0)).count > 1 }.dropFirst(Self.mostFigures)) }

    private func finite(_ name: String) -> [Double] { (table.numbers(name) ?? []).filter(\.isFinite) }

    /// Errors stand on a logarithmic axis where the positive ones span two decades: a few that are zero must not hide the rest.
    private func scale(_ name: String) -> Axis.Scale? {
        guard errors.contains(name) else { return nil }
        return ColumnDrawing.scale(finite(name).filter { $0 > 0 })
    }

    private func errorFigure() throws(ColumnPlotError) -> Figure? {
        let drawn = errors.filter { !finite($0).isEmpty }.prefix(6)
        guard !drawn.isEmpty else { return nil }
        var panels: [Panel] = [], captions: [String] = []
        for name in drawn {
            let figure = try ColumnPlot(x: name, xScale: scale(name)).figure(of: table, carriesData: false)
            panels += figure.panels
            captions.append(figure.caption)
        }
        let isShared = Set(panels.map(\.x.scale)) == [.log10]
        return Figure(
            id: "figure1", title: drawn.count == 1 ? "Distribution of \(ColumnPlot.literal(drawn[0]))" : "Distributions of the errors",
            caption: captions.joined(separator: " "), panels: panels,
            // All panels keep their labels, because they differ.
            arrangement: .grid(columns: min(2, panels.count), sharesX: false, sharesY: isShared && panels.count > 2))
    }

    private func measuredFigure(_ name: String, id: String) throws(ColumnPlotError) -> Figure? {
        let dependences = dependences(of: name)
        guard let strongest = dependences.first else {
            guard !errors.contains(name) else { return nil }
            return try ColumnPlot(x: name, xScale: scale(name)).figure(of: table, id: id, carriesData: false)
        }
        var figure = try plot(name, against: strongest.axis, others: dependences.dropFirst())
            .figure(of: table, id: id, carriesData: false)
        figure.caption +=
            " \(ColumnPlot.literal(strongest.axis.name)) explains \(Claim.percent(strongest.share)) of the variance of its ranks"
            + (axes.filter(\.canBeDrawn).count > 1 ? ", more than any other axis." : ".")
        return figure
    }

    /// Words, which have no axis, become the colours of a histogram; few numbers medians and quartiles; many numbers points.
    private func plot(_ name: String, against axis: ScanAxis, others: some Sequence<(axis: ScanAxis, share: Double)>) -> ColumnPlot {
        guard !axis.holdsWords else { return ColumnPlot(x: name, colour: axis.name, xScale: scale(name)) }
        let others = others.filter { $0.share >= Self.leastShare }.map(\.axis)
        let isGrid = axis.levels.count <= 30 && finite(name).count >= 5 * axis.levels.count
        let colour = isGrid ? others.first { $0.levels.count <= ColumnPlot.mostNumberCategories } : others.first
        return ColumnPlot(x: axis.name, y: name, colour: colour?.name, yScale: scale(name), showsQuartiles: isGrid)
    }
}
