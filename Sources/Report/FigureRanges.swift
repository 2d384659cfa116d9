import Figures
import Foundation

/// The ranges of all panels, shared where the arrangement shares them, with histograms counted.
struct FigureRanges {
    var panels: [PanelData]
    var x: [ClosedRange<Double>] = []
    var y: [ClosedRange<Double>] = []
    /// Counts by panel and layer.
    var counts: [[Int: HistogramCounts]] = []
    /// Range of each colour bar, by its label.
    var colours: [String: ClosedRange<Double>] = [:]
    var dropped = Dropped()

    init(_ figure: Figure) {
        panels = figure.panels.map(PanelData.init)
        let groupX = Self.groups(figure.panels.map(\.x), shared: figure.arrangement.sharesX)
        let groupY = Self.groups(figure.panels.map(\.y), shared: figure.arrangement.sharesY)
        let bins = Self.united(panels.map(\.histogramExtent), groupX)
        var yExtents = panels.map(\.yExtent)
        for (index, data) in panels.enumerated() {
            dropped += data.dropped
            var layers: [Int: HistogramCounts] = [:]
            for (layer, content) in data.contents.enumerated() {
                guard case .histogram(let histogram, let values) = content else { continue }
                let counts = HistogramCounts(histogram, values: values, scale: data.panel.x.scale, extent: bins[index])
                layers[layer] = counts
                dropped.outside += counts.outside
                if let top = counts.counts.max(), top > 0 {
                    yExtents[index].include(data.panel.y.scale == .log10 ? Foundation.log10(Double(top)) : Double(top))
                    yExtents[index].include(0)
                }
            }
            counts.append(layers)
        }
        let xExtents = Self.united(panels.map(\.xExtent), groupX)
        let yUnited = Self.united(yExtents, groupY)
        for (index, data) in panels.enumerated() {
            x.append(Self.given(figure.panels.map(\.x), groupX, index) ?? xExtents[index].padded(data.panel.x.scale))
            // Counts stand on the axis; on a log axis a single count still has a height.
            let hasCounts = groupY.indices.contains { groupY[$0] == groupY[index] && !counts[$0].isEmpty }
            let floor = hasCounts && (yUnited[index].bounds?.lowerBound ?? 0) >= 0 ? (data.panel.y.scale == .log10 ? -0.2 : 0) : nil
            y.append(Self.given(figure.panels.map(\.y), groupY, index) ?? yUnited[index].padded(data.panel.y.scale, floor: floor))
        }
        countOutside()
        findColours()
    }

    /// Widens the range of a panel that has more room than the other until a unit is as long on both axes.
    mutating func equaliseUnits(_ index: Int, _ plot: Rectangle) {
        guard panels[index].panel.x.scale == .linear, panels[index].panel.y.scale == .linear else { return }
        func size(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }
        let unit = max(size(x[index]) / plot.width, size(y[index]) / plot.height)
        func widened(_ range: ClosedRange<Double>, _ pixels: Double) -> ClosedRange<Double> {
            let more = max(0, 0.5 * (unit * pixels - size(range)))
            return range.lowerBound - more...range.upperBound + more
        }
        (x[index], y[index]) = (widened(x[index], plot.width), widened(y[index], plot.height))
    }

    private mutating func countOutside() {
        for (index, data) in panels.enumerated() {
            let xMap = AxisMap(range: x[index], start: 0, end: 1)
            let yMap = AxisMap(range: y[index], start: 0, end: 1)
            for case .scatter(_, let points) in data.contents {
                dropped.outside += points.filter { !xMap.contains($0.point.x) || !yMap.contains($0.point.y) }.count
            }
        }
    }

    private mutating func findColours() {
        var extents: [String: Extent] = [:]
        for data in panels {
            for case .scatter(let scatter, let points) in data.contents {
                guard let colour = scatter.colour else { continue }
                for point in points { extents[colour.label, default: Extent()].include(colour.values[point.index]) }
            }
        }
        for (label, extent) in extents {
            guard let bounds = extent.bounds else { continue }
            let width = bounds.upperBound - bounds.lowerBound
            colours[label] = width > 0 && width.isFinite ? bounds : extent.padded(.linear)
        }
    }

    /// A group number for each panel: panels that share an axis and its scale are in one group.
    private static func groups(_ axes: [Axis], shared: Bool) -> [Int] {
        axes.indices.map { index in shared ? (axes[index].scale == .log10 ? -1 : -2) : index }
    }

    /// The panel's own range, or that of the first panel of its group that has one.
    private static func given(_ axes: [Axis], _ groups: [Int], _ index: Int) -> ClosedRange<Double>? {
        PanelData.range(axes[index])
            ?? axes.indices.lazy.filter { groups[$0] == groups[index] }.compactMap { PanelData.range(axes[$0]) }.first
    }

    private static func united(_ extents: [Extent], _ groups: [Int]) -> [Extent] {
        var byGroup: [Int: Extent] = [:]
        for (extent, group) in zip(extents, groups) { byGroup[group, default: Extent()].include(extent) }
        return groups.map { byGroup[$0] ?? Extent() }
    }
}
