import OpenCL

/// A kernel whose row of tuning parameters can be searched on a device; the raw value is the kernel's name.
public enum TunableKernel: String, Sendable, Hashable, Codable, CaseIterable {
    case forward
    case backward
    case update
    case tangent
    case train

    /// Its file in `Kernels/`, which opens with what the kernel computes.
    public var file: String { rawValue + ".cl" }

    /// What is worth trying on devices of that kind: the parameters that the kernel reads, the one that matters most first, each with
    /// values in ascending order. Empty where the kernel is not used.
    public func axes(on kind: Device.Kind) -> [TuningAxis] {
        let isCPU = kind == .cpu
        let division: [TuningAxis] =
            isCPU
            ? [TuningAxis("itemsPerUnit", [1, 2, 4, 8, 16, 32])]
            : [TuningAxis("groupSize", [32, 64, 128, 256]), TuningAxis("itemsPerUnit", [512, 1024, 2048, 4096, 8192])]
        let sums = TuningAxis("panelSums", isCPU ? [8, 12, 16, 20, 24, 28] : [4, 6, 8, 12, 16, 24])
        // Work-groups with tiles, which tensor cores may take, or work-items with tiles of their own, whose sums and panels then count.
        let groups = isCPU ? [] : [TuningAxis("tileRows", [0, 32, 64, 128]), TuningAxis("splitsProducts", [0, 1])]
        let chunk = TuningAxis("panelChunk", isCPU ? [4, 8, 16, 32, 64, 128] : [2, 4, 8, 16])
        let samples = TuningAxis("sampleTile", [1, 2, 4, 6, 8])
        switch self {
        case .forward:
            // Strips are copied by work-groups of one work-item only.
            let blocks =
                isCPU
                ? [
                    TuningAxis("stagedBlock", [0, 32, 64, 128, 256]), TuningAxis("forwardBlock", [16, 32, 64, 128]),
                    TuningAxis("fewPanels", [0, 4, 8, 16]),
                ] : []
            return groups + [sums] + blocks + [chunk] + division
        case .backward:
            return groups + [sums, chunk] + (isCPU ? [TuningAxis("backwardBlock", [32, 64, 128, 256, 512])] : []) + division
        case .tangent:
            // Tiles whose sums wait in private memory are for caches, not for registers alone.
            let blocks = isCPU ? [TuningAxis("tangentBlock", [64, 128, 256, 512]), TuningAxis("tangentGroup", [16, 32, 64, 128])] : []
            return groups + [TuningAxis("tangentRows", isCPU ? [2, 4, 8, 16] : [1, 2, 4, 8])] + blocks + division
        case .update: return groups + [sums, chunk] + division
        // One work-item for each member: where there are so few, other devices do not use it.
        case .train: return isCPU ? [samples] : []
        }
    }

    /// The parameters that the kernel reads, on any device.
    var parameters: [TuningParameter] {
        let names = Set(Device.Kind.allCases.flatMap { axes(on: $0) }.map(\.name))
        return Tuning.parameters.filter { names.contains($0.name) }
    }

    /// A checksum of the sources it is compiled from, by which what was measured with others is known. Nil where they cannot be read.
    var sourceDigest: String? { (try? KernelLibrary.source(file)).map { "\(Checksum(of: $0))" } }
}

/// A parameter and the values of it that a search tries.
public struct TuningAxis: Sendable, Hashable {
    /// The parameter, a property of `Tuning`.
    public let name: String
    /// In ascending order.
    public let values: [Int]

    public init(_ name: String, _ values: [Int]) {
        self.name = name
        self.values = values
    }
}
