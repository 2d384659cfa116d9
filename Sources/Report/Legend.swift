import Figures

/// The entries of a legend and how they fill rows.
struct Legend: Equatable {
    /// What stands beside a name.
    enum Mark: Equatable {
        case line(LineStyle, ColourSlot, marked: Bool)
        case point(ColourSlot, isHollow: Bool)
        case outline(LineStyle, ColourSlot)
        case band(ColourSlot)
        case rule
    }

    struct Entry: Equatable {
        var mark: Mark
        var name: RichText

        var width: Double { Style.swatch + 7 + name.width(size: Style.legendSize) }
    }

    var entries: [Entry]

    /// nil where no layer of the panel has a name.
    /// - Parameter rules: labels of reference lines that stand here, as they hide something along the line.
    init?(_ panel: Panel, listing rules: Set<String>) {
        var seen: Set<String> = []
        entries = panel.layers.compactMap { layer in
            switch layer {
            case .line(let line):
                Self.entry(
                    .line(Palette.style(line.style, slot: line.colour), line.colour, marked: line.marksPoints), line.name)
            case .scatter(let scatter):
                Self.entry(.point(scatter.colour == nil ? scatter.slot : -1, isHollow: scatter.isHollow), scatter.name)
            case .histogram(let histogram):
                Self.entry(.outline(Palette.style(histogram.style, slot: histogram.colour), histogram.colour), histogram.name)
            case .band(let band): Self.entry(.band(band.colour), band.name)
            case .rule(let rule):
                rules.contains(rule.label) && seen.insert(rule.label).inserted ? Self.entry(.rule, rule.label) : nil
            }
        }
        if entries.isEmpty { return nil }
    }

    /// All entries of several legends, each once; nil where a name stands for different marks.
    init?(uniting legends: [Legend]) {
        entries = []
        for entry in legends.flatMap(\.entries) where !entries.contains(entry) {
            guard !entries.contains(where: { $0.name == entry.name }) else { return nil }
            entries.append(entry)
        }
    }

    private static func entry(_ mark: Mark, _ name: String) -> Entry? {
        let rich = RichText(name).truncated(to: 420, size: Style.legendSize)
        return rich.isEmpty ? nil : Entry(mark: mark, name: rich)
    }

    /// Size of the legend as one column, without a margin.
    var size: (width: Double, height: Double) {
        (entries.map(\.width).max() ?? 0, Double(entries.count) * Style.legendRow)
    }

    /// The entries in rows no wider than `width`.
    func rows(width: Double) -> [[Entry]] {
        var rows: [[Entry]] = []
        var used = 0.0
        for var entry in entries {
            if entry.width > width { entry.name = entry.name.truncated(to: width - Style.swatch - 7, size: Style.legendSize) }
            if !rows.isEmpty, used + entry.width <= width {
                rows[rows.count - 1].append(entry)
            } else {
                rows.append([entry])
                used = 0
            }
            used += entry.width + 20
        }
        return rows
    }

    /// The corner of `plot` that hides the fewest of `marks`, and how many those are; nil where the legend is larger than the plot.
    func corner(in plot: Rectangle, avoiding marks: [Point]) -> (place: Rectangle, hidden: Int)? {
        let inset = 10.0
        guard size.width + 2 * inset <= 0.8 * plot.width, size.height + 2 * inset <= 0.9 * plot.height else { return nil }
        let right = plot.right - inset - size.width
        let bottom = plot.bottom - inset - size.height
        let middle = plot.x + (plot.width - size.width) / 2
        let origins = [
            (right, plot.y + inset), (plot.x + inset, plot.y + inset), (right, bottom), (plot.x + inset, bottom),
            (middle, plot.y + inset), (middle, bottom),
        ]
        return origins.map { x, y in
            let place = Rectangle(x: x, y: y, width: size.width, height: size.height)
            let guarded = Rectangle(x: x - 5, y: y - 4, width: size.width + 10, height: size.height + 8)
            return (place, marks.count { guarded.contains($0) })
        }.min { $0.1 < $1.1 }
    }
}

/// The legends of a figure: one for all panels where they would repeat each other or stand side by side over one axis, else one a panel.
struct FigureLegends {
    var shared: Legend?
    var panels: [Legend?]

    /// - Parameter rules: labels of reference lines that stand in legends.
    init(_ figure: Figure, listing rules: Set<String>) {
        panels = figure.panels.map { Legend($0, listing: rules) }
        let present = panels.compactMap { $0 }
        guard present.count > 1, let first = present.first else { return }
        // Panels with one axis of y are one picture: what a mark means in one of them it means in all.
        guard present.allSatisfy({ $0 == first }) || figure.arrangement.sharesY, let common = Legend(uniting: present) else { return }
        shared = common
        panels = panels.map { _ in nil }
    }
}
