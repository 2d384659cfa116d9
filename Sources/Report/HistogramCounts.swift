import Figures
import Foundation

/// The counts of one histogram; edges in axis space.
struct HistogramCounts: Equatable {
    var edges: [Double]
    var counts: [Int]
    /// Values beyond the author's edges.
    var outside: Int

    /// Counts `values` (axis space). Where the author gave no edges, `extent` is divided into equal bins.
    init(_ histogram: Histogram, values: [Double], scale: ScaleKind, extent: Extent) {
        if let given = histogram.edges {
            edges = Array(Set(given.compactMap { PanelData.transform($0, scale) })).sorted()
        } else if let bounds = extent.bounds {
            let number = max(1, min(histogram.bins, 10_000))
            let range =
                bounds.upperBound - bounds.lowerBound <= 1e-12 * max(abs(bounds.lowerBound), abs(bounds.upperBound))
                ? extent.padded(scale) : bounds
            let width = range.upperBound / Double(number) - range.lowerBound / Double(number)
            edges = (0...number).map { $0 == number ? range.upperBound : range.lowerBound + Double($0) * width }
        } else {
            edges = []
        }
        counts = Array(repeating: 0, count: max(0, edges.count - 1))
        outside = 0
        for value in values {
            guard let first = edges.first, let last = edges.last, first < last, value >= first, value <= last else {
                outside += 1
                continue
            }
            // The last bin contains its upper edge, as NumPy's does.
            var low = 0
            var high = edges.count - 1
            while high - low > 1 {
                let middle = (low + high) / 2
                if value >= edges[middle] { low = middle } else { high = middle }
            }
            counts[low] += 1
        }
    }
}
