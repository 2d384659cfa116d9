import Arrays
import Networks

/// How `Kernels/train_rows.cl` trains members of an architecture.
struct RowTrainingLayout: Sendable {
    /// Vectors, tiles and where the arrays lie.
    let arrays: FusedTrainingLayout
    /// Work-items that share a member.
    let items: Int
    /// Steps for which activations and sensitivities are kept, one more than steps that the matrices may lack.
    let slots: Int

    /// Steps from one writing of the matrices to the next.
    var interval: Int { slots - 1 }

    /// Nil for a network without a hidden matrix, or one too large for the kernels' 32-bit offsets within a layer.
    init?(_ layout: DeviceLayout, points: Int, items: Int, tuning: Tuning, elementBytes: Int) {
        guard layout.layers.count > 2 else { return nil }
        let items = max(1, items), slots = max(1, tuning.keptColumns / points) + 1
        let kept = KeptTicks.most(layout, points: points, tuning: tuning)
        let extra = (5 + 3 * slots).plus((items + 1).times(slots, points, points)).plus((4 + 2 * items).times(kept))
        guard
            let arrays = FusedTrainingLayout(
                layout, points: points, perLayer: 2 * slots + 1 + items, extra: extra, keptTicks: kept, tuning: tuning,
                elementBytes: elementBytes)
        else { return nil }
        (self.arrays, self.items, self.slots) = (arrays, items, slots)
    }
}
