import Arrays

/// A figure as a value: what it shows, not how it is drawn.
///
/// All text may carry simple markup: `_0`, `^2`, `^-1` for one letter or number, `_{max}`, `^{n-2}` for more, and a
/// backslash before a literal `_` or `^`. An unbraced script that runs on into a word, as in `kernel_drift`, is literal.
public struct Figure: Sendable, Equatable {
    /// Names the figure's files and prefixes every identifier inside its SVG, for example `figure3`.
    public var id: String
    /// One line above the panels; also what a screen reader announces.
    public var title: String
    /// What was drawn: width, η, γ and what else a picture that leaves its page must say. Drawn below the title; empty for none.
    public var subtitle: String
    /// What the figure shows, in sentences. Not drawn: it goes into the SVG's description and under the figure in a page.
    public var caption: String
    /// The panels, row by row.
    public var panels: [Panel]
    /// How the panels are laid out. Default: one column.
    public var arrangement: Arrangement
    /// The numbers behind the figure, written as CSV beside it; nil for none.
    public var data: CSVTable?
    /// Default: the duality.
    public var theory: Theory

    /// Makes a figure; see the properties for what each value means.
    public init(
        id: String, title: String, subtitle: String = "", caption: String = "", panels: [Panel],
        arrangement: Arrangement = .grid(columns: 1),
        data: CSVTable? = nil, theory: Theory = .duality
    ) {
        self.id = id
        self.title = title
        self.subtitle = subtitle
        self.caption = caption
        self.panels = panels
        self.arrangement = arrangement
        self.data = data
        self.theory = theory
    }
}

/// How the panels of a figure share the page.
public struct Arrangement: Sendable, Equatable {
    /// Number of columns, at least 1; panels fill the grid row by row.
    public var columns: Int
    /// Relative heights of the rows; rows beyond the list, and values that are not positive, count as 1.
    public var heights: [Double]
    /// Whether all panels have one range in x and only the lowest of each column shows its labels.
    public var sharesX: Bool
    /// Whether all panels have one range in y and only the first column shows its labels.
    public var sharesY: Bool

    /// Makes an arrangement. Fewer than one column counts as one.
    public init(columns: Int, heights: [Double] = [], sharesX: Bool = false, sharesY: Bool = false) {
        self.columns = max(1, columns)
        self.heights = heights
        self.sharesX = sharesX
        self.sharesY = sharesY
    }

    /// Panels of equal height in rows of `columns`.
    public static func grid(columns: Int, sharesX: Bool = false, sharesY: Bool = false) -> Arrangement {
        Arrangement(columns: columns, sharesX: sharesX, sharesY: sharesY)
    }

    /// Panels above each other over one x axis, with the given relative heights.
    public static func stacked(heights: [Double] = []) -> Arrangement {
        Arrangement(columns: 1, heights: heights, sharesX: true)
    }
}
