import Foundation
import Networks

/// How many of its last steps a member keeps beside its hidden matrices, instead of velocities (`Kernels/train_kept.clh`).
enum KeptTicks {
    /// Steps that are added to the matrices together.
    static let folded = 32
    /// What the number of kept steps is a multiple of: whole register tiles.
    static let multiple = 64

    /// The most that a member of that layout keeps: beyond it velocities take less time. None where a work-group trains a member. Decided by
    /// a member's own sizes.
    static func most(_ layout: DeviceLayout, points: Int, tuning: Tuning) -> Int {
        let hidden = layout.layers.dropLast()
        guard points == 1, hidden.count > 1, tuning.trainingGroup == 0, let narrowest = hidden.map(\.shape.fanOut).min() else { return 0 }
        return Int(tuning.keptShare * Double(narrowest)) / multiple * multiple
    }

    /// Steps that a member keeps with that schedule: as many as it takes until what a step still adds is below the rounding of its factor, and
    /// those that wait to be added together. 0 if that would be more than `most`, and without momentum, which has no velocities to save.
    static func needed(_ schedule: Schedule, precision: Precision, most: Int) -> Int {
        let momentum = schedule.momenta.max() ?? 0
        guard most > 0, momentum > 0, momentum < 1 else { return 0 }
        let decay = (Foundation.log(precision.unitRoundoff) / Foundation.log(momentum)).rounded(.up)
        guard decay < Double(most) else { return 0 }
        let kept = (Int(decay) + folded + multiple - 1) / multiple * multiple
        return kept <= most ? kept : 0
    }
}
