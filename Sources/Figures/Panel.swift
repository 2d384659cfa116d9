/// One pair of axes and what is drawn in it, in order from back to front. The legend finds its own place.
public struct Panel: Sendable, Equatable {
    /// Drawn above the panel; empty for none.
    public var title: String
    public var x: Axis
    public var y: Axis
    /// What is drawn, the first at the back.
    public var layers: [Layer]
    /// Whether a unit of x is as long as one of y, so that circles are round: the range that has room is widened on both sides. Default:
    /// false; ignored unless both scales are linear.
    public var hasEqualUnits: Bool

    /// Makes a panel; see the properties for what each value means.
    public init(title: String = "", x: Axis, y: Axis, layers: [Layer], hasEqualUnits: Bool = false) {
        self.title = title
        self.x = x
        self.y = y
        self.layers = layers
        self.hasEqualUnits = hasEqualUnits
    }
}

/// One axis: its label, its scale and, where the data should not decide, its range. Ticks are automatic unless given.
public struct Axis: Sendable, Equatable {
    /// How values become positions.
    public enum Scale: String, Sendable, Equatable, Codable {
        /// Position proportional to the value.
        case linear
        /// Position proportional to log10 of the value; values ≤ 0 are dropped, and the figure says so.
        case log10
    }

    /// What the axis measures, with its unit; see `Figure` for the markup.
    public var label: String
    /// Default: linear.
    public var scale: Scale
    /// The values at the two ends; nil lets the data decide. Ignored where it is not finite, empty, or ≤ 0 on a log axis.
    public var range: ClosedRange<Double>?
    /// Where the axis is marked, with what stands there; those outside of its range are not drawn. Default: none, which lets the range
    /// decide.
    public var ticks: [Tick]

    /// One mark of an axis.
    public struct Tick: Sendable, Equatable {
        /// In units of the axis.
        public var value: Double
        /// What stands there; see `Figure` for the markup.
        public var label: String

        public init(_ value: Double, _ label: String) {
            self.value = value
            self.label = label
        }
    }

    /// Makes an axis; see the properties for what each value means.
    public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil, ticks: [Tick] = []) {
        self.label = label
        self.scale = scale
        self.range = range
        self.ticks = ticks
    }
}
