import Arrays
import Foundation

/// A plot of columns with the values it draws: which rows, on which scales, in which categories and panels.
struct ColumnDrawing {
    let plot: ColumnPlot
    let x: TableColumn
    let y: TableColumn?
    let colour: TableColumn?
    let facet: TableColumn?
    let xScale: Axis.Scale
    let yScale: Axis.Scale
    /// The rows that are drawn.
    let rows: [Int]
    let rowCount: Int
    /// What was left out, by reason.
    let leftOut: [(count: Int, reason: String)]
    /// For each drawn row its panel.
    let panels: [Int]
    let facets: [String]
    /// The categories of the colour and for each drawn row which one; nil for a colour scale or none.
    let categories: (names: [String], of: [Int])?

    init(_ plot: ColumnPlot, _ table: CSVTable) throws(ColumnPlotError) {
        self.plot = plot
        x = try TableColumn(plot.x, of: table)
        y = try Self.column(plot.y, table)
        colour = try Self.column(plot.colour, table)
        facet = try Self.column(plot.facet, table)
        for (column, axis) in [(x, "horizontal"), (y, "vertical")] {
            if let column, column.holdsWords { throw .words(column: column.name, axis: axis) }
        }
        rowCount = table.rows.count
        var rows = Array(table.rows.indices)
        var leftOut: [(count: Int, reason: String)] = []
        func keep(_ reason: String, where isGood: (Int) -> Bool) {
            let kept = rows.filter(isGood)
            if kept.count < rows.count { leftOut.append((rows.count - kept.count, reason)) }
            rows = kept
        }
        var seen: Set<String> = []
        for column in [x, y, colour, facet] {
            guard let column, seen.insert(column.name).inserted else { continue }
            keep("without \(ColumnPlot.literal(column.name))", where: column.hasValue)
        }
        xScale = plot.xScale ?? (y == nil ? Self.scale(rows.map(x.number)) : Self.axisScale(rows.map(x.number)))
        yScale = y.map { y in plot.yScale ?? Self.scale(rows.map(y.number)) } ?? plot.yScale ?? .linear
        for (column, scale) in [(x, xScale), (y, yScale)] {
            guard let column, scale == .log10 else { continue }
            keep("with \(ColumnPlot.literal(column.name)) ≤ 0, which a logarithmic axis cannot show") { column.number($0) > 0 }
        }
        self.rows = rows
        self.leftOut = leftOut
        guard !rows.isEmpty else {
            throw .nothingToDraw(
                reason: rowCount == 0
                    ? "the table has no rows"
                    : "of \(rowCount) runs " + leftOut.map { "\($0.count) are \($0.reason)" }.joined(separator: ", "))
        }
        (facets, panels) = try Self.panels(facet, rows, plot)
        categories = try Self.categories(colour, rows, plot, isHistogram: y == nil)
    }

    private static func column(_ name: String?, _ table: CSVTable) throws(ColumnPlotError) -> TableColumn? {
        guard let name else { return nil }
        return try TableColumn(name, of: table)
    }

    /// Logarithmic where all values are positive and span more than two decades.
    static func scale(_ values: [Double]) -> Axis.Scale {
        guard let least = values.min(), let greatest = values.max(), least > 0 else { return .linear }
        // As a difference of logarithms, because the quotient of extreme values may overflow.
        return log10(greatest) - log10(least) > 2 ? .log10 : .linear
    }

    /// The same for an axis of what was chosen, which is logarithmic too where the values are: at least four, each about the same multiple
    /// of the one before it, over at least a factor of eight.
    static func axisScale(_ values: [Double]) -> Axis.Scale {
        let automatic = scale(values), levels = Set(values).sorted()
        guard automatic == .linear, (4...64).contains(levels.count), let least = levels.first, let greatest = levels.last, least > 0,
            greatest / least >= 8
        else { return automatic }
        let step = (log(greatest) - log(least)) / Double(levels.count - 1)
        return zip(levels, levels.dropFirst()).allSatisfy { abs(log($1 / $0) / step - 1) < 0.25 } ? .log10 : .linear
    }

    private static func panels(_ facet: TableColumn?, _ rows: [Int], _ plot: ColumnPlot) throws(ColumnPlotError) -> ([String], [Int]) {
        guard let facet else { return ([""], Array(repeating: 0, count: rows.count)) }
        let levels = facet.levels(rows)
        guard levels.names.count <= ColumnPlot.mostFacets else {
            throw .tooManyValues(
                column: facet.name, use: "facets", count: levels.names.count, limit: ColumnPlot.mostFacets,
                remedy: "choose a column with fewer values, or show it by colour")
        }
        return (levels.names.map { "\(plot.label(facet.name)) = \(ColumnPlot.literal($0))" }, levels.of)
    }

    private static func categories(
        _ colour: TableColumn?, _ rows: [Int], _ plot: ColumnPlot, isHistogram: Bool
    ) throws(ColumnPlotError) -> (names: [String], of: [Int])? {
        guard let colour else { return nil }
        let levels = colour.levels(rows)
        let limit = colour.holdsWords ? ColumnPlot.mostCategories : ColumnPlot.mostNumberCategories
        if levels.names.count <= limit {
            let names = levels.names.map(ColumnPlot.literal)
            return (colour.holdsWords ? names : names.map { "\(plot.label(colour.name)) = \($0)" }, levels.of)
        }
        guard colour.holdsWords || isHistogram else { return nil }
        throw .tooManyValues(
            column: colour.name, use: isHistogram ? "the colours of a histogram" : "colours", count: levels.names.count, limit: limit,
            remedy: isHistogram ? "give a column for y, or leave the colour away" : "choose a column with fewer values, or filter the runs")
    }

    /// The drawn columns of all rows of the table.
    func data(_ table: CSVTable) -> CSVTable? {
        var seen: Set<String> = []
        let columns = [x, y, colour, facet].compactMap { $0 }.filter { seen.insert($0.name).inserted }
        return try? CSVTable(columns: columns.map(\.name), rows: table.rows.indices.map { row in columns.map { $0.cells[row] } })
    }
}
