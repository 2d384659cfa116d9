import COpenCL

/// One OpenCL device and what it can do, read once when the devices are enumerated.
///
/// `@unchecked Sendable`: `handle` is an opaque pointer to an object that the driver keeps for the life of the process
/// and that every thread may query.
public struct Device: Identifiable, Hashable, @unchecked Sendable {
    /// The sort of processor, in the order of preference.
    public enum Kind: String, CaseIterable, Codable, Sendable {
        case gpu, accelerator, cpu
    }

    /// The device's index in `Device.all`, which is how a user may name it.
    public let id: Int
    /// The platform (driver) that offers the device, such as "Portable Computing Language" or "NVIDIA CUDA".
    public let platform: String
    /// Who makes the platform, such as "The pocl project" or "NVIDIA Corporation".
    public let platformVendor: String
    /// The device's own name.
    public let name: String
    /// The maker.
    public let vendor: String
    /// The driver's version.
    public let driverVersion: String
    /// The OpenCL version and vendor text, such as "OpenCL 3.0 CUDA".
    public let deviceVersion: String
    /// GPU, accelerator or CPU.
    public let kind: Kind
    /// Multiprocessors of a GPU, hardware threads of a CPU.
    public let computeUnits: Int
    /// Memory of the device in bytes.
    public let globalMemoryBytes: Int
    /// The largest single allocation in bytes.
    public let maximumAllocationBytes: Int
    /// Memory that a work-group shares, in bytes.
    public let localMemoryBytes: Int
    /// The most work-items in a work-group, over all dimensions together.
    public let maximumWorkGroupSize: Int
    /// Whether kernels may use `double`.
    public let supportsDouble: Bool
    /// Bytes of a register of vectors: 64 with AVX-512, 32 with AVX2, that of one `float` where work-items are the lanes.
    public let registerBytes: Int
    /// The highest clock in MHz, or 0 where the driver does not say.
    public let clockMegahertz: Int

    /// The major number of an NVIDIA device's compute capability, which says which instructions it has; 0 for others.
    public let computeCapability: Int

    let platformHandle: cl_platform_id
    let handle: cl_device_id

    /// Whether its instructions include products of TF32 matrices on tensor cores. Whether the driver's compiler takes them shows when
    /// a program is built.
    public var hasTensorCores: Bool { computeCapability >= 8 }

    /// Whether the driver keeps compiled programs between runs by itself. PoCL does, kernel by kernel as they are launched; asked for a
    /// program's binary, it compiles all of its kernels once more, for any size of work-groups.
    public var keepsPrograms: Bool { platform == "Portable Computing Language" }

    /// - Throws: `OpenCLError.doubleUnsupported` where kernels may not use `double`.
    public func requireDouble() throws {
        guard supportsDouble else { throw OpenCLError.doubleUnsupported(device: name) }
    }
}

extension Device: CustomStringConvertible {
    /// One line, such as `0: NVIDIA H200 (gpu, NVIDIA CUDA)`.
    public var description: String { "\(id): \(name) (\(kind.rawValue), \(platform))" }
}
