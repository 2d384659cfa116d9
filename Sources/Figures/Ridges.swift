import Foundation

/// Distributions of one quantity below each other, each on a line of its own, so that none hides another.
public enum Ridges {
    /// One distribution.
    public struct Group: Sendable, Equatable {
        /// What stands at its line; see `Figure` for the markup.
        public var name: String
        /// The values that are counted. What is not finite, or ≤ 0 on a logarithmic axis, is left out.
        public var values: [Double]

        public init(_ name: String, _ values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// How much of a line's height the highest bin takes at the most.
    private static let fill = 0.86

    /// A panel with a line for each distribution, the first at the top: counts in bins that are equal on the scale of the axis and common
    /// to all. Heights are shares of a distribution's values, on one scale; the label of the axis says what share it is from line to line.
    /// - Parameters:
    ///   - x: what is counted.
    ///   - y: what the values are of, such as "networks"; may be empty.
    ///   - bins: over the range of all values. Default: 36.
    public static func panel(title: String = "", x: Axis, y: String, groups: [Group], bins: Int = 36) -> Panel {
        let positions = groups.map { $0.values.compactMap { position($0, x.scale) } }
        let all = positions.flatMap { $0 }
        var layers: [Layer] = [], label = y
        if let least = all.min(), let greatest = all.max() {
            let edges = edges(from: least, to: greatest, count: max(1, bins))
            let shares = positions.map { values in counts(values, edges).map { Double($0) / Double(max(1, values.count)) } }
            let step = step(holding: shares.joined().max() ?? 1)
            for (index, shares) in shares.enumerated() {
                let heights = shares.map { $0 / step }
                layers += outline(heights, edges, base: Double(groups.count - 1 - index), slot: index, x.scale)
            }
            label = "share\(y.isEmpty ? "" : " of " + y) in a bin, \(Claim.percent(step)) a line"
        }
        let ticks = groups.enumerated().map { Axis.Tick(Double(groups.count - 1 - $0), $1.name) }
        return Panel(title: title, x: x, y: Axis(label, range: -0.04...Double(max(1, groups.count)), ticks: ticks), layers: layers)
    }

    private static func position(_ value: Double, _ scale: Axis.Scale) -> Double? {
        guard value.isFinite else { return nil }
        return scale == .linear ? value : value > 0 ? log10(value) : nil
    }

    /// The share of a line's height: the first of some round ones in which the greatest finds room.
    private static func step(holding greatest: Double) -> Double {
        [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1].first { fill * $0 >= greatest } ?? 2
    }

    private static func edges(from least: Double, to greatest: Double, count: Int) -> [Double] {
        let isPoint = greatest - least <= 1e-12 * max(abs(least), abs(greatest))
        let (start, end) = isPoint ? (least - 0.5, greatest + 0.5) : (least, greatest)
        return (0...count).map { $0 == count ? end : start + (end - start) * Double($0) / Double(count) }
    }

    private static func counts(_ values: [Double], _ edges: [Double]) -> [Int] {
        var counts = Array(repeating: 0, count: edges.count - 1)
        let width = edges[edges.count - 1] - edges[0]
        for value in values {
            // The last bin contains its upper edge.
            counts[min(counts.count - 1, max(0, Int((value - edges[0]) / width * Double(counts.count))))] += 1
        }
        return counts
    }

    /// The step outline between the outermost bins that hold something, filled down to its line.
    private static func outline(_ heights: [Double], _ edges: [Double], base: Double, slot: ColourSlot, _ scale: Axis.Scale) -> [Layer] {
        guard let first = heights.firstIndex(where: { $0 > 0 }), let last = heights.lastIndex(where: { $0 > 0 }) else { return [] }
        func value(_ edge: Double) -> Double { scale == .linear ? edge : pow(10, edge) }
        var x: [Double] = [], y: [Double] = []
        for bin in first...last {
            x += [value(edges[bin]), value(edges[bin + 1])]
            y += Array(repeating: base + heights[bin], count: 2)
        }
        let line = Line(x: [x[0]] + x + [x[x.count - 1]], y: [base] + y + [base], style: .solid, colour: slot)
        return [.band(Band(x: x, lower: x.map { _ in base }, upper: y, colour: slot)), .line(line)]
    }
}
