import Figures

/// A point: in pixels, or in the space of two axes.
struct Point: Equatable {
    var x: Double
    var y: Double
}

/// A rectangle in pixels, y downward.
struct Rectangle: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }

    func contains(_ point: Point) -> Bool {
        point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
    }

    /// A lattice of points inside, for counting collisions.
    func lattice(step: Double) -> [Point] {
        stride(from: x, through: right, by: step).flatMap { x in
            stride(from: y, through: bottom, by: step).map { Point(x: x, y: $0) }
        }
    }
}

/// The smallest interval that holds the values it was given; empty at first.
struct Extent: Equatable {
    private(set) var bounds: ClosedRange<Double>?

    mutating func include(_ value: Double) {
        guard let bounds else { return self.bounds = value...value }
        if value < bounds.lowerBound { self.bounds = value...bounds.upperBound }
        if value > bounds.upperBound { self.bounds = bounds.lowerBound...value }
    }

    mutating func include(_ other: Extent) {
        guard let bounds = other.bounds else { return }
        include(bounds.lowerBound)
        include(bounds.upperBound)
    }

    /// The interval widened to be drawn: by a margin on each side, and to something visible where all values are equal.
    func padded(_ scale: ScaleKind, floor: Double? = nil) -> ClosedRange<Double> {
        guard var lower = bounds?.lowerBound, var upper = bounds?.upperBound else { return scale == .linear ? 0...1 : -1...1 }
        // The range must leave room to compute in: its width and its ticks must be representable.
        lower = min(max(lower, -8e307), 8e307)
        upper = min(max(upper, -8e307), 8e307)
        let size = max(abs(lower), abs(upper))
        if upper - lower <= max(1e-12 * size, 1e-290) {
            let half = scale == .log10 ? 0.5 : size < 1e-290 ? 1 : 0.1 * size
            (lower, upper) = (lower - half, upper + half)
        } else {
            let margin = 0.045 * (upper - lower)
            (lower, upper) = (lower - margin, upper + margin)
        }
        if let floor, floor < upper { lower = floor }
        return lower...upper
    }
}

/// Maps a coordinate of axis space (the value, or its log10) to pixels.
struct AxisMap: Equatable {
    var range: ClosedRange<Double>
    var start: Double
    var end: Double

    func pixel(_ coordinate: Double) -> Double {
        let fraction = (coordinate - range.lowerBound) / (range.upperBound - range.lowerBound)
        return start + min(max(fraction, -100), 100) * (end - start)
    }

    func contains(_ coordinate: Double) -> Bool {
        // A hair of tolerance, so that a value which an author gave as the range's end is inside after its logarithm.
        let slack = 1e-9 * (range.upperBound - range.lowerBound)
        return coordinate >= range.lowerBound - slack && coordinate <= range.upperBound + slack
    }
}
