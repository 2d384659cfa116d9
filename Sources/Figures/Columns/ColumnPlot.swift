import Arrays
import Foundation

/// A plot of one column of a table against another, or of the distribution of one.
///
/// Rows that lack one of the columns' values are left out, and the caption says how many. Axes are logarithmic where all values are
/// positive and span more than two decades, unless a scale is given.
public struct ColumnPlot: Sendable, Equatable {
    /// The most distinct values that a facet shows, one panel each.
    public static let mostFacets = 12
    /// The most words that colours and shapes tell apart.
    public static let mostCategories = 12
    /// The most distinct numbers that are shown as categories; more become a colour scale.
    public static let mostNumberCategories = 6
    /// The most points that say on hovering which row they are.
    public static let mostTitles = 2000

    /// The column of the horizontal axis: numbers.
    public var x: String
    /// The column of the vertical axis: numbers; nil counts the values of `x`.
    public var y: String?
    /// The column shown by colour; nil for none. Words, and numbers with at most six values, become categories.
    public var colour: String?
    /// The column with one panel for each distinct value, at most twelve; nil for one panel.
    public var facet: String?
    /// nil decides by the values.
    public var xScale: Axis.Scale?
    /// nil decides by the values.
    public var yScale: Axis.Scale?
    /// Whether the median of y and its quartiles are drawn at each value of x; for an x of few distinct values. Default: false.
    public var showsQuartiles: Bool
    /// What stands in the place of a column's name on axes, in legends and titles, with the markup of figures. Default: none.
    public var labels: [String: String]
    /// Columns that the subtitle states, one value or the range of each, where they are not drawn themselves. Default: none.
    public var stated: [String]

    /// Makes a plot; see the properties for what each value means.
    public init(
        x: String, y: String? = nil, colour: String? = nil, facet: String? = nil, xScale: Axis.Scale? = nil, yScale: Axis.Scale? = nil,
        showsQuartiles: Bool = false, labels: [String: String] = [:], stated: [String] = []
    ) {
        self.x = x
        self.y = y
        self.colour = colour
        self.facet = facet
        self.xScale = xScale
        self.yScale = yScale
        self.showsQuartiles = showsQuartiles
        self.labels = labels
        self.stated = stated
    }

    /// The plot of a table's rows.
    /// - Parameters:
    ///   - id: names the figure's files.
    ///   - title: the line above the panels; nil names the columns.
    ///   - carriesData: whether the figure's data are the drawn columns of all rows; otherwise it has none. Default: true.
    /// - Throws: `ColumnPlotError`.
    public func figure(
        of table: CSVTable, id: String = "plot", title: String? = nil, carriesData: Bool = true
    ) throws(ColumnPlotError) -> Figure {
        let drawing = try ColumnDrawing(self, table)
        let facets = drawing.facets
        let columns = [1, 1, 2, 3, 2][min(facets.count, 4)]
        return Figure(
            id: id, title: title ?? defaultTitle, subtitle: try drawing.subtitle(of: table), caption: drawing.caption,
            panels: facets.enumerated().map { index, facet in drawing.panel(title: facet, facet: index) },
            arrangement: .grid(columns: facets.count > 4 ? 3 : columns, sharesX: facets.count > 1, sharesY: facets.count > 1),
            data: carriesData ? drawing.data(table) : nil)
    }

    private var defaultTitle: String {
        let main = y.map { "\(label($0)) against \(label(x))" } ?? "Distribution of \(label(x))"
        return main + (facet.map { ", by \(label($0))" } ?? "")
    }

    /// What stands for a column.
    func label(_ name: String) -> String { labels[name] ?? Self.literal(name) }

    /// The text with what figures would read as markup escaped.
    static func literal(_ text: String) -> String {
        String(text.flatMap { "\\_^{}".contains($0) ? ["\\", $0] : [$0] })
    }
}
