import OpenCL

/// What a plan of memory has to know of a device, which need not be at hand.
public struct DeviceProfile: Sendable, Hashable {
    /// For messages.
    public let name: String
    /// By which kernels and their layouts are chosen.
    public let kind: Device.Kind
    public let memoryBytes: Int
    public let largestAllocationBytes: Int
    /// Multiprocessors of a GPU, hardware threads of a CPU.
    public let computeUnits: Int

    /// A GPU with so much memory, whose largest allocation is a quarter of it: what OpenCL demands at least (CL_DEVICE_MAX_MEM_ALLOC_SIZE).
    /// - Parameter memoryBytes: above 0.
    public init(gpuWith memoryBytes: Int) {
        name = "a GPU with \(memoryBytes) bytes"
        kind = .gpu
        self.memoryBytes = memoryBytes
        largestAllocationBytes = memoryBytes / 4
        computeUnits = 1
    }

    init(_ device: Device) {
        name = device.name
        kind = device.kind
        memoryBytes = device.globalMemoryBytes
        largestAllocationBytes = device.maximumAllocationBytes
        computeUnits = device.computeUnits
    }
}

extension OpenCLEngine {
    /// The batch that would fit a device of that kind, with nothing else in its memory.
    /// - Throws: `EngineError.doesNotFit` if not even one member does.
    public static func plan(
        _ shape: EnsembleShape, _ job: Job, precision: Precision, on profile: DeviceProfile
    ) throws -> MemoryPlan {
        let tuning = Tuning.row(for: profile.kind)
        let plan = DeviceMemoryPlan(
            shape, job, layout: DeviceLayout(shape.architecture, tuning: tuning, elementBytes: precision.elementBytes), tuning: tuning, updates: tuning,
            precision: precision, blockBytes: DeviceMemoryPlan.blockBytes, trainingMethod: nil, computeUnits: profile.computeUnits)
        return try plan.fit(members: shape.members, on: profile, available: profile.memoryBytes)
    }
}
