import Compute

extension OpenCLEngine {
    /// The batch that would fit a device of that kind, with nothing else in its memory.
    /// - Throws: `EngineError.doesNotFit` if not even one member does.
    public static func plan(
        _ shape: EnsembleShape, _ job: Job, precision: Precision, on profile: DeviceProfile
    ) throws -> MemoryPlan {
        let tuning = Tuning(profile.kind, registerBytes: profile.registerBytes)
        let plan = DeviceMemoryPlan(
            shape, job, layout: DeviceLayout(shape.architecture, tuning: tuning, elementBytes: precision.elementBytes), tuning: tuning,
            updates: tuning, trainings: tuning, precision: precision, blockBytes: DeviceMemoryPlan.blockBytes, trainingMethod: nil,
            computeUnits: profile.computeUnits)
        return try plan.fit(members: shape.members, on: profile, available: profile.memoryBytes)
    }

    /// Measures the device's ceilings; takes a fraction of a second.
    /// - Parameter repeats: launches of each variant, of which the fastest is taken: a ceiling is not an average. Default: 9.
    /// - Throws: errors of the device.
    public func measureCeiling(repeats: Int = 9) throws -> DeviceCeiling {
        try DeviceCeiling(measuredIn: context, tuning, repeats: repeats)
    }
}
