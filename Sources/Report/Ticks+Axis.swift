import Figures

extension Ticks {
    /// The marks that an axis was given, or as many as `count` where it was given none.
    /// - Parameter range: in axis space.
    init(_ axis: Axis, _ range: ClosedRange<Double>, count: Int) {
        guard !axis.ticks.isEmpty else {
            self = axis.scale == .linear ? .linear(range, count: count) : .logarithmic(range, count: count)
            return
        }
        let marks = axis.ticks.compactMap { tick in PanelData.transform(tick.value, axis.scale).map { (position: $0, label: tick.label) } }
            .filter { range.contains($0.position) }.sorted { $0.position < $1.position }
        self.init(major: marks.map(\.position), minor: [], labels: marks.map(\.label), exponent: 0)
    }
}
