import OpenCL

/// What a plan of memory has to know of a device, which need not be at hand.
public struct DeviceProfile: Sendable, Hashable {
    /// For messages.
    public let name: String
    /// By which kernels and their layouts are chosen.
    public let kind: Device.Kind
    public let memoryBytes: Int
    public let largestAllocationBytes: Int
    /// Bytes of a register of vectors.
    public let registerBytes: Int
    /// Multiprocessors of a GPU, hardware threads of a CPU.
    public let computeUnits: Int

    /// A GPU with so much memory, whose largest allocation is a quarter of it: what OpenCL demands at least (CL_DEVICE_MAX_MEM_ALLOC_SIZE).
    /// - Parameter memoryBytes: above 0.
    public init(gpuWith memoryBytes: Int) {
        name = "a GPU with \(memoryBytes) bytes"
        kind = .gpu
        self.memoryBytes = memoryBytes
        largestAllocationBytes = memoryBytes / 4
        registerBytes = MemoryLayout<Float>.size
        computeUnits = 1
    }

    /// That of a device at hand.
    public init(_ device: Device) {
        name = device.name
        kind = device.kind
        memoryBytes = device.globalMemoryBytes
        largestAllocationBytes = device.maximumAllocationBytes
        registerBytes = device.registerBytes
        computeUnits = device.computeUnits
    }
}
