import Compute
import Networks

/// How an OpenCL engine takes the steps of a training. All give the same within rounding; which is fastest depends on the network's size
/// and on the device.
public enum TrainingMethod: String, Sendable, Hashable, CaseIterable {
    /// A launch for each layer and each part of a step, all members and points at once: `Kernels/forward.cl` and those beside it.
    case layers
    /// Many steps a launch, each member on its own: `Kernels/train.cl`.
    case members
    /// All compute units share a member's matrices: `Kernels/train_rows.cl`.
    case rows
}

/// A method with the layout that it needs.
enum TrainingPlan: Sendable {
    case layers
    case members(FusedTrainingLayout)
    case rows(RowTrainingLayout)

    /// The method that is asked for, where it can be had, or else the fastest.
    init(
        _ asked: TrainingMethod?, _ layout: DeviceLayout, rule: UpdateRule, points: Int, tuning: Tuning, elementBytes: Int,
        computeUnits: Int
    ) {
        var fused =
            asked == nil || asked == .members
            ? FusedTrainingLayout(layout, rule: rule, points: points, tuning: tuning, elementBytes: elementBytes) : nil
        if asked == nil, fused?.resident == nil, !tuning.fusesTraining(layout, points: points, elementBytes: elementBytes) { fused = nil }
        let shared =
            asked == .rows || (asked == nil && tuning.sharesRows(points: points))
            ? RowTrainingLayout(layout, rule: rule, points: points, items: computeUnits, tuning: tuning, elementBytes: elementBytes) : nil
        self = fused.map(Self.members) ?? shared.map(Self.rows) ?? .layers
    }

    /// The layout of a method that takes steps by itself, with a scratch of its own.
    var layout: FusedTrainingLayout? {
        switch self {
        case .layers: nil
        case .members(let layout): layout
        case .rows(let layout): layout.arrays
        }
    }
}
