import Arrays
import Compute
import Networks

/// How `Kernels/train_rows.cl` trains members of an architecture.
struct RowTrainingLayout: Sendable {
    /// Vectors, tiles and where the arrays lie.
    let arrays: FusedTrainingLayout
    /// Work-items that share a member.
    let items: Int

    /// Nil for a network without a hidden matrix, or one too large for the kernels' 32-bit offsets within a layer.
    init?(_ layout: DeviceLayout, rule: UpdateRule, points: Int, items: Int, tuning: Tuning, elementBytes: Int) {
        guard layout.layers.count > 2 else { return nil }
        let items = max(1, items), kept = KeptTicks.most(layout, rule: rule, points: points, tuning: tuning)
        let extra = (4 + 2 * items).times(kept).plus((items + 1).times(rule.reductions.count))
        guard
            let arrays = FusedTrainingLayout(
                layout, rule: rule, points: points, perLayer: 4 + items, extra: extra, keptTicks: kept, tuning: tuning,
                elementBytes: elementBytes)
        else { return nil }
        (self.arrays, self.items) = (arrays, items)
    }
}
