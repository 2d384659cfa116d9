import Arrays
import Foundation

extension ColumnDrawing {
    /// One panel: the rows of one value of the facet.
    func panel(title: String, facet index: Int) -> Panel {
        let members = rows.indices.filter { panels[$0] == index }
        let xAxis = Axis(plot.label(x.name), scale: xScale, ticks: y == nil ? [] : levelTicks)
        guard let y else {
            return Panel(
                title: title, x: xAxis, y: Axis("runs", scale: yScale),
                layers: groups(members).map { slot, name, members in
                    .histogram(Histogram(values: members.map { x.number(rows[$0]) }, name: name, colour: slot))
                })
        }
        let layers = groups(members).flatMap { slot, name, members in
            plot.showsQuartiles
                ? quartiles(members, y, slot: slot, name: name)
                : [points(members, y, slot: slot, name: name)]
        }
        return Panel(title: title, x: xAxis, y: Axis(plot.label(y.name), scale: yScale), layers: layers)
    }

    /// The values of x as the marks of a logarithmic axis, where they are few.
    private var levelTicks: [Axis.Tick] {
        guard xScale == .log10 else { return [] }
        let levels = x.levels(rows)
        guard (2...8).contains(levels.names.count) else { return [] }
        return zip(levels.first, levels.names).map { .init(x.number($0), ColumnPlot.literal($1)) }
    }

    /// How many rows, and the value or range of each column that is to be stated.
    func subtitle(of table: CSVTable) throws(ColumnPlotError) -> String {
        guard !plot.stated.isEmpty else { return "" }
        var parts = [rows.count == 1 ? "1 run" : "\(rows.count) runs"]
        if plot.showsQuartiles, y != nil { parts[0] += ", medians and quartiles" }
        let drawn = [x, y, colour, facet].compactMap { $0?.name }
        for name in plot.stated where !drawn.contains(name) {
            let column = try TableColumn(name, of: table),
                levels = column.levels(rows.filter(column.hasValue)).names.map(ColumnPlot.literal)
            guard let first = levels.first, let last = levels.last else { continue }
            let text =
                levels.count <= 4 ? levels.joined(separator: ", ") : column.holdsWords ? "\(levels.count) kinds" : "\(first) to \(last)"
            parts.append(column.holdsWords ? text : name == plot.label(name) ? "\(name) \(text)" : "\(plot.label(name)) = \(text)")
        }
        return parts.joined(separator: " · ")
    }

    /// Whether most of what would be drawn at one value of x, in one colour and panel, are several rows that differ in a column, and the
    /// values of x are few.
    func repeats(_ column: TableColumn) -> Bool {
        let drawn = [x, y, colour, facet].compactMap { $0?.name }
        guard y != nil, !drawn.contains(column.name), colour == nil || categories != nil else { return false }
        struct Place: Hashable {
            var x: Double
            var category: Int
            var panel: Int
        }
        var seeds: [Place: Set<String>] = [:]
        for index in rows.indices {
            let place = Place(x: x.number(rows[index]), category: categories?.of[index] ?? 0, panel: panels[index])
            seeds[place, default: []].insert(column.word(rows[index]))
        }
        return Set(seeds.keys.map(\.x)).count <= 64 && 2 * seeds.values.count { $0.count >= 3 } > seeds.count
    }

    /// What the reader must know of rows and scales.
    var caption: String {
        var text =
            y.map { "\(ColumnPlot.literal($0.name)) against \(ColumnPlot.literal(x.name))" }
            ?? "Distribution of \(ColumnPlot.literal(x.name))"
        text += " for \(Self.count(rows.count))"
        if let colour { text += ", colour by \(ColumnPlot.literal(colour.name))" }
        if let facet { text += ", one panel for each value of \(ColumnPlot.literal(facet.name))" }
        text += "."
        if plot.showsQuartiles, y != nil { text += " Lines are medians, bands reach from the lower to the upper quartile." }
        return text + leftOutSentence
    }

    /// What was left out, with a space before it; empty where nothing was.
    var leftOutSentence: String {
        guard !leftOut.isEmpty else { return "" }
        return " Left out of \(Self.count(rowCount)): " + leftOut.map { "\($0.count) \($0.reason)" }.joined(separator: ", ") + "."
    }

    private static func count(_ runs: Int) -> String { runs == 1 ? "1 run" : "\(runs) runs" }

    /// The members of each category, with its colour and its name; all members where there are no categories.
    private func groups(_ members: [Int]) -> [(slot: ColourSlot, name: String, members: [Int])] {
        guard let categories else { return [(0, "", members)] }
        let byCategory = Dictionary(grouping: members) { categories.of[$0] }
        // A category that is absent here keeps its place in the legend, so that the panels have one legend in common.
        return categories.names.enumerated().map { slot, name in (slot, name, byCategory[slot] ?? []) }
    }

    private func points(_ members: [Int], _ y: TableColumn, slot: ColourSlot, name: String) -> Layer {
        let scale = categories == nil ? colour : nil
        return .scatter(
            Scatter(
                x: members.map { x.number(rows[$0]) }, y: members.map { y.number(rows[$0]) },
                colour: scale.map { colour(members, $0) },
                titles: rows.count <= ColumnPlot.mostTitles ? members.map { title(rows[$0]) } : [], name: name, slot: slot))
    }

    /// The values of a colour scale, as powers of ten where an axis would be logarithmic.
    private func colour(_ members: [Int], _ column: TableColumn) -> Scatter.Colour {
        let values = members.map { column.number(rows[$0]) }, name = plot.label(column.name)
        guard Self.scale(rows.map(column.number)) == .log10 else { return .init(values, label: name) }
        return .init(values.map { log10($0) }, label: "log_{10} \(name)")
    }

    /// Which row a point is, and its values.
    private func title(_ row: Int) -> String {
        var seen: Set<String> = []
        let columns = [x, y, colour, facet].compactMap { $0 }.filter { seen.insert($0.name).inserted }
        return "row \(row + 1): " + columns.map { "\($0.name) \($0.word(row))" }.joined(separator: ", ")
    }

    /// The median of y and the band between its quartiles, at each value of x.
    private func quartiles(_ members: [Int], _ y: TableColumn, slot: ColourSlot, name: String) -> [Layer] {
        let byValue = Dictionary(grouping: members) { x.number(rows[$0]) }
        var band = Band(x: [], lower: [], upper: [], colour: slot)
        var line = Line(x: [], y: [], name: name, colour: slot, marksPoints: true)
        for value in byValue.keys.sorted() {
            // All values are finite and there is one at least, so quantiles exist.
            guard let group = byValue[value], let cuts = try? Statistics.quantiles(group.map { y.number(rows[$0]) }, [0.25, 0.5, 0.75])
            else { continue }
            band.x.append(value)
            band.lower.append(cuts[0])
            band.upper.append(cuts[2])
            line.x.append(value)
            line.y.append(cuts[1])
        }
        return [.band(band), .line(line)]
    }
}
