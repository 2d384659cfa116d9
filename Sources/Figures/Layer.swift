/// Something drawn in a panel.
public enum Layer: Sendable, Equatable {
    /// A curve through points.
    case line(Line)
    /// Separate points, optionally coloured by a third quantity.
    case scatter(Scatter)
    /// The distribution of values.
    case histogram(Histogram)
    /// The region between two curves.
    case band(Band)
    /// A straight reference line.
    case rule(Rule)
}

extension Layer {
    /// A bar of two standard errors to either side of each point, which joins no two of them.
    /// - Parameter name: the entry in the legend, once for all.
    public static func errorBars(
        x: [Double], y: [Double], standardErrors: [Double], name: String = "two standard errors", colour: ColourSlot = 0
    ) -> [Layer] {
        zip(zip(x, y), standardErrors).enumerated().map { place, bar in
            let ((x, y), error) = bar
            return .line(
                Line(
                    x: [x, x], y: [y - 2 * error, y + 2 * error], name: place == 0 ? name : "", style: .solid, colour: colour))
        }
    }
}

/// A colour of the palette by number; the palette repeats after its last colour. Slot 0 is the first.
public typealias ColourSlot = Int

/// How a line is dashed.
public enum LineStyle: String, Sendable, Equatable, Codable, CaseIterable {
    /// An unbroken line.
    case solid
    /// Long dashes.
    case dashed
    /// Dots.
    case dotted
    /// Dashes and dots in turn.
    case dashDotted
}

/// A curve through points, in the order given. A value that cannot be drawn leaves a gap.
public struct Line: Sendable, Equatable {
    /// Abscissae.
    public var x: [Double]
    /// Ordinates, as many as abscissae.
    public var y: [Double]
    /// The entry in the legend; empty for none.
    public var name: String
    /// nil chooses by colour slot, so that lines stay distinguishable in print.
    public var style: LineStyle?
    /// Default: 0.
    public var colour: ColourSlot
    /// Whether each point is marked too; for curves of few points. Default: false.
    public var marksPoints: Bool

    /// Makes a line; see the properties for what each value means.
    public init(
        x: [Double], y: [Double], name: String = "", style: LineStyle? = nil, colour: ColourSlot = 0, marksPoints: Bool = false
    ) {
        self.x = x
        self.y = y
        self.name = name
        self.style = style
        self.colour = colour
        self.marksPoints = marksPoints
    }
}

/// Separate points. Beyond some thousands of points the report draws counts in cells instead of marks.
public struct Scatter: Sendable, Equatable {
    /// A quantity shown by colour, with the label of its colour bar. Colour bars with equal labels share one range.
    public struct Colour: Sendable, Equatable {
        /// One value a point.
        public var values: [Double]
        /// The label of the colour bar.
        public var label: String

        public init(_ values: [Double], label: String) {
            self.values = values
            self.label = label
        }
    }

    /// Abscissae.
    public var x: [Double]
    /// Ordinates, as many as abscissae.
    public var y: [Double]
    /// A quantity shown by colour; nil draws all points in `slot`.
    public var colour: Colour?
    /// What each point says when hovered over; where it is missing, the point says its coordinates.
    public var titles: [String]
    /// The entry in the legend; empty for none.
    public var name: String
    /// The colour, and the shape, of points that show no third quantity. Default: 0.
    public var slot: ColourSlot
    /// Whether the marks are outlines, which hide nothing that lies below them. Default: false.
    public var isHollow: Bool

    /// Makes a scatter; see the properties for what each value means.
    public init(
        x: [Double], y: [Double], colour: Colour? = nil, titles: [String] = [], name: String = "", slot: ColourSlot = 0,
        isHollow: Bool = false
    ) {
        self.x = x
        self.y = y
        self.colour = colour
        self.titles = titles
        self.name = name
        self.slot = slot
        self.isHollow = isHollow
    }
}

/// The distribution of values as counts in bins, drawn as a step outline. Bins are equal on the scale of the x axis.
public struct Histogram: Sendable, Equatable {
    /// The values to count.
    public var values: [Double]
    /// Ascending bin edges in units of the values; nil divides the range of all histograms of the panel into `bins`.
    public var edges: [Double]?
    /// Number of bins where `edges` is nil. Default: 30.
    public var bins: Int
    /// The entry in the legend; empty for none.
    public var name: String
    /// nil chooses by colour slot, so that outlines stay distinguishable in print.
    public var style: LineStyle?
    /// Default: 0.
    public var colour: ColourSlot

    /// Makes a histogram; see the properties for what each value means.
    public init(
        values: [Double], edges: [Double]? = nil, bins: Int = 30, name: String = "", style: LineStyle? = nil, colour: ColourSlot = 0
    ) {
        self.values = values
        self.edges = edges
        self.bins = bins
        self.name = name
        self.style = style
        self.colour = colour
    }
}

/// The region between two curves over common abscissae, such as a spread around a median.
public struct Band: Sendable, Equatable {
    /// Abscissae.
    public var x: [Double]
    /// Ordinates of one curve, as many as abscissae.
    public var lower: [Double]
    /// Ordinates of the other curve, as many as abscissae.
    public var upper: [Double]
    /// The entry in the legend; empty for none.
    public var name: String
    /// Default: 0.
    public var colour: ColourSlot

    /// Makes a band; see the properties for what each value means.
    public init(x: [Double], lower: [Double], upper: [Double], name: String = "", colour: ColourSlot = 0) {
        self.x = x
        self.lower = lower
        self.upper = upper
        self.name = name
        self.colour = colour
    }
}

/// A straight reference line across the whole panel. Its label is written along it where that hides nothing, and else stands in the
/// legend.
public struct Rule: Sendable, Equatable {
    /// Where the line runs.
    public enum Course: Sendable, Equatable {
        case horizontal(y: Double)
        case vertical(x: Double)
        /// Through a point; `slope` is that of the drawn scales, so on two log axes it is the exponent of a power law.
        case diagonal(x: Double, y: Double, slope: Double)
    }

    /// Where the line runs.
    public var course: Course
    /// What the line says; empty for nothing.
    public var label: String

    public init(_ course: Course, label: String = "") {
        self.course = course
        self.label = label
    }
}
