/// How often the current of an ensemble turns, in quanta: mean angular velocity over twice the angular diffusion.
package struct CirculationRecord: Sendable, Hashable {
    /// Ω/2D_φ: how many quanta h/m = 2π·2D the circulation has.
    package let quanta: Double
    package let standardError: Double

    /// Of what was summed until the last step.
    /// - Throws: `LearningError.notFinite` where weights grew without bound.
    package init(_ record: ProcessRecord, of setting: Circulation) throws(LearningError) {
        guard record.lastFinite == setting.steps else { throw .notFinite(what: "the ensemble of \(setting.name)") }
        let count = Double((setting.networks / Circulation.parts) * (setting.steps - setting.warmUp))
        let each = record.rows(setting.recordedSteps.count - 1, parts: Circulation.parts, numbers: 2).map { sums -> Double in
            let mean = sums[sums.startIndex] / Circulation.scale / count
            let square = sums[sums.startIndex + 1] / (Circulation.scale * Circulation.scale) / count
            // Ω/2D = (⟨dφ⟩/η)/((⟨dφ²⟩ − ⟨dφ⟩²)/η).
            return mean / (square - mean * mean)
        }
        (quanta, standardError) = each.meanOfParts
    }

    /// How many standard errors the circulation is away from the nearest whole number of quanta.
    var distance: Double { abs(quanta - quanta.rounded()) / standardError }
}
