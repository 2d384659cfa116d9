import Figures
import Foundation

typealias ScaleKind = Axis.Scale

/// What could not be drawn, by reason.
struct Dropped: Equatable {
    var nonFinite = 0
    var nonPositive = 0
    var outside = 0
    var unpaired = 0

    static func += (left: inout Dropped, right: Dropped) {
        left.nonFinite += right.nonFinite
        left.nonPositive += right.nonPositive
        left.outside += right.outside
        left.unpaired += right.unpaired
    }

    /// One sentence for the reader, or nil where everything was drawn.
    var note: String? {
        func count(_ n: Int, _ one: String, _ many: String, _ rest: String) -> String? {
            n == 0 ? nil : "\(n) \(n == 1 ? one : many) \(rest)"
        }
        let parts = [
            count(nonFinite, "non-finite value", "non-finite values", ""),
            count(nonPositive, "value ≤ 0", "values ≤ 0", "on a log axis"),
            count(outside, "value", "values", "outside the axes"),
            count(unpaired, "value", "values", "without a partner"),
        ].compactMap { $0?.trimmingCharacters(in: .whitespaces) }
        return parts.isEmpty ? nil : "Not drawn: " + parts.joined(separator: ", ") + "."
    }
}

/// A panel's layers in axis space (values, or their log10), cleaned of what cannot be drawn.
struct PanelData {
    enum Content {
        /// nil is a gap.
        case line(Line, [Point?])
        /// Points with their index in the author's arrays.
        case scatter(Scatter, [(point: Point, index: Int)])
        case histogram(Histogram, [Double])
        case band(Band, [(x: Double, lower: Double, upper: Double)])
        case rule(Rule)
    }

    let panel: Panel
    private(set) var contents: [Content] = []
    private(set) var dropped = Dropped()
    private(set) var xExtent = Extent()
    private(set) var yExtent = Extent()
    private(set) var histogramExtent = Extent()
    /// Whether there is anything but reference lines.
    var isEmpty: Bool { xExtent.bounds == nil }

    init(_ panel: Panel) {
        self.panel = panel
        contents = panel.layers.map { clean($0) }
        if !isEmpty { includeRules() }
    }

    private mutating func clean(_ layer: Layer) -> Content {
        switch layer {
        case .line(let line):
            dropped.unpaired += abs(line.x.count - line.y.count)
            return .line(line, zip(line.x, line.y).map { keep($0, $1) })
        case .scatter(let scatter):
            let count = min(scatter.x.count, scatter.y.count, scatter.colour?.values.count ?? .max)
            dropped.unpaired += max(scatter.x.count, scatter.y.count, scatter.colour?.values.count ?? 0) - count
            var points: [(point: Point, index: Int)] = []
            for index in 0..<count {
                if let colour = scatter.colour, !colour.values[index].isFinite {
                    dropped.nonFinite += 1
                } else if let point = keep(scatter.x[index], scatter.y[index]) {
                    points.append((point, index))
                }
            }
            return .scatter(scatter, points)
        case .histogram(let histogram):
            var values: [Double] = []
            for value in histogram.values {
                guard let x = coordinate(value, panel.x) else { continue }
                values.append(x)
                if histogram.edges == nil { histogramExtent.include(x) }
            }
            for edge in histogram.edges ?? [] where !values.isEmpty {
                if let x = Self.transform(edge, panel.x.scale) { xExtent.include(x) }
            }
            if histogram.edges == nil { xExtent.include(histogramExtent) }
            return .histogram(histogram, values)
        case .band(let band):
            let count = min(band.x.count, band.lower.count, band.upper.count)
            dropped.unpaired += max(band.x.count, band.lower.count, band.upper.count) - count
            let points = (0..<count).compactMap { index -> (x: Double, lower: Double, upper: Double)? in
                guard let low = keep(band.x[index], band.lower[index]), let high = keep(band.x[index], band.upper[index]) else {
                    return nil
                }
                return (low.x, low.y, high.y)
            }
            return .band(band, points)
        case .rule(let rule):
            return .rule(rule)
        }
    }

    private mutating func keep(_ x: Double, _ y: Double) -> Point? {
        guard let x = coordinate(x, panel.x), let y = coordinate(y, panel.y) else { return nil }
        // What the author's range hides must not stretch the other axis.
        if Self.range(panel.y)?.contains(y) ?? true { xExtent.include(x) }
        if Self.range(panel.x)?.contains(x) ?? true { yExtent.include(y) }
        return Point(x: x, y: y)
    }

    private mutating func coordinate(_ value: Double, _ axis: Axis) -> Double? {
        if !value.isFinite {
            dropped.nonFinite += 1
        } else if axis.scale == .log10, value <= 0 {
            dropped.nonPositive += 1
        } else {
            return Self.transform(value, axis.scale)
        }
        return nil
    }

    private mutating func includeRules() {
        for case .rule(let rule) in panel.layers {
            switch rule.course {
            case .horizontal(let y): if let y = Self.transform(y, panel.y.scale) { yExtent.include(y) }
            case .vertical(let x): if let x = Self.transform(x, panel.x.scale) { xExtent.include(x) }
            case .diagonal: break
            }
        }
    }

    /// A value in axis space, or nil where the axis cannot show it.
    static func transform(_ value: Double, _ scale: ScaleKind) -> Double? {
        guard value.isFinite else { return nil }
        if scale == .linear { return value }
        return value > 0 ? Foundation.log10(value) : nil
    }

    /// The author's range in axis space, or nil where there is none that can be used.
    static func range(_ axis: Axis) -> ClosedRange<Double>? {
        guard let range = axis.range, let lower = transform(range.lowerBound, axis.scale),
            let upper = transform(range.upperBound, axis.scale), lower < upper, (upper - lower).isFinite
        else { return nil }
        return lower...upper
    }
}
