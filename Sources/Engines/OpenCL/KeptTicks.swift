import Arrays
import Compute
import Foundation
import Networks

/// How many of its last steps a member keeps beside its hidden matrices, instead of velocities (`Kernels/train_rows.cl`).
enum KeptTicks {
    /// Steps that are added to the matrices together.
    static let folded = 32
    /// What the number of kept steps is a multiple of: whole register tiles.
    static let multiple = 64

    /// The most that a member of that layout keeps: beyond it velocities take less time. None for rules whose steps do not add up or that
    /// need sums over all weights. Decided by a member's own sizes.
    static func most(_ layout: DeviceLayout, rule: UpdateRule, points: Int, tuning: Tuning) -> Int {
        guard rule.isLinear, rule.states.count == 1, rule.followsParameters, rule.reductions.isEmpty, points == 1,
            let narrowest = layout.layers.dropLast().map(\.shape.fanOut).min()
        else { return 0 }
        return tuning[.keptThousandths].times(narrowest) / 1000 / multiple * multiple
    }

    /// Steps that a member keeps with that schedule: as many as it takes until what a step still adds is below the rounding of its factor, and
    /// those that wait to be added together. 0 if that would be more than `most`, and where nothing is left of a step after it.
    static func needed(_ schedule: Schedule, precision: Precision, most: Int) -> Int {
        guard most > 0, let kept = largestKept(schedule), kept > 0, kept < 1 else { return 0 }
        let decay = (Foundation.log(precision.unitRoundoff) / Foundation.log(kept)).rounded(.up)
        guard decay < Double(most) else { return 0 }
        let ticks = (Int(decay) + folded + multiple - 1) / multiple * multiple
        return ticks <= most ? ticks : 0
    }

    /// The largest part of a state that a step without gradient leaves; nil where the loss has a say in it, which is not known beforehand.
    private static func largestKept(_ schedule: Schedule) -> Double? {
        let rule = schedule.rule
        var largest = 0.0
        for step in 0..<schedule.values[0].count {
            let scalars = [0.5, 2].map { loss in
                var control = UpdateRule.Control(
                    parameters: schedule.parameters(at: step), reductions: [], loss: loss, step: step, memory: [])
                return rule.control(&control)
            }
            guard scalars[0] == scalars[1] else { return nil }
            var weight = UpdateRule.Weight(0, states: [1])
            rule.step(&weight, 0, scalars[0])
            largest = max(largest, abs(weight.states[0]))
        }
        return largest
    }
}
