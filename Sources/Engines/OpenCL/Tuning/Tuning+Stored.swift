import OpenCL

/// A number of `Tuning` that a kernel may have its own value of, with what the kernels require of it.
struct TuningParameter: Sendable {
    let name: String
    let keyPath: any WritableKeyPath<Tuning, Int> & Sendable
    let range: ClosedRange<Int>
    var isPowerOfTwo = false

    func allows(_ value: Int) -> Bool { range.contains(value) && (!isPowerOfTwo || value.nonzeroBitCount == 1) }

    /// What it must be, in words.
    var limit: String {
        let kind = isPowerOfTwo ? "a power of two" : "a whole number"
        return range.upperBound == .max
            ? "\(kind) of at least \(range.lowerBound)" : "\(kind) from \(range.lowerBound) to \(range.upperBound)"
    }
}

extension Tuning {
    /// Everything that can be stored for a kernel. What decides on memory and on the choice among kernels belongs to a class of devices.
    static let parameters: [TuningParameter] = [
        TuningParameter(name: "sampleTile", keyPath: \.sampleTile, range: 1...16),
        // A tile of three panels needs a vector for each of them.
        TuningParameter(name: "panelSums", keyPath: \.panelSums, range: 3...64),
        TuningParameter(name: "panelChunk", keyPath: \.panelChunk, range: 1...1 << 16),
        TuningParameter(name: "fewPanels", keyPath: \.fewPanels, range: 0...1 << 16),
        TuningParameter(name: "forwardBlock", keyPath: \.forwardBlock, range: 1 ... .max),
        TuningParameter(name: "stagedBlock", keyPath: \.stagedBlock, range: 0...4096),
        TuningParameter(name: "backwardBlock", keyPath: \.backwardBlock, range: 1 ... .max),
        // The rows of a tile divide a vector.
        TuningParameter(name: "tangentRows", keyPath: \.tangentRows, range: 1...16, isPowerOfTwo: true),
        TuningParameter(name: "tangentGroup", keyPath: \.tangentGroup, range: 1...256),
        TuningParameter(name: "tangentBlock", keyPath: \.tangentBlock, range: 1 ... .max),
        TuningParameter(name: "tileRows", keyPath: \.tileRows, range: 0...128),
        TuningParameter(name: "splitsProducts", keyPath: \.splitsProducts, range: 0...1),
        TuningParameter(name: "groupSize", keyPath: \.groupSize, range: 1...1024),
        TuningParameter(name: "itemsPerUnit", keyPath: \.itemsPerUnit, range: 1...1 << 16),
    ]

    /// This row's values of what the kernel reads, by name.
    func values(for kernel: TunableKernel) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: kernel.parameters.map { ($0.name, self[keyPath: $0.keyPath]) })
    }

    /// This row with other values for one kernel. Names that the kernel does not read are left out, what is missing stays.
    /// - Throws: `TuningError` for a value that the kernel or the device cannot have.
    func replacing(
        _ values: [String: Int], for kernel: TunableKernel, device: Device, elementBytes: Int
    ) throws(TuningError) -> Tuning {
        var row = self
        for parameter in kernel.parameters {
            guard let value = values[parameter.name] else { continue }
            guard parameter.allows(value) else { throw TuningError(kernel, parameter.name, "\(value)", limit: parameter.limit) }
            row[keyPath: parameter.keyPath] = value
        }
        guard row.groupSize == groupSize || row.groupSize <= device.maximumWorkGroupSize else {
            throw TuningError(
                kernel, "groupSize", "\(row.groupSize)", limit: "at most \(device.maximumWorkGroupSize), the device's largest")
        }
        guard row.splitsProducts == 0 || (device.hasTensorCores && elementBytes == 4) else {
            throw TuningError(
                kernel, "splitsProducts", "\(row.splitsProducts)", limit: "0 without tensor cores that OpenCL reaches, and in float64")
        }
        guard kernel == .forward, row.stagedBlock > 0 else { return row }
        guard row.groupSize == 1 else {
            throw TuningError(kernel, "stagedBlock", "\(row.stagedBlock)", limit: "0 with a groupSize of \(row.groupSize), or groupSize 1")
        }
        // Two panels are the fewest of a tile that shares a copied strip.
        let columnBytes = row.panelSums / 2 * elementBytes
        guard row.stagedBlock * columnBytes <= device.localMemoryBytes else {
            throw TuningError(
                kernel, "stagedBlock", "\(row.stagedBlock)",
                limit: "at most \(device.localMemoryBytes / columnBytes) with panelSums \(row.panelSums), "
                    + "for \(device.localMemoryBytes) bytes of local memory")
        }
        return row
    }
}

/// A tuning parameter that cannot be what it was set to.
public struct TuningError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kernel whose row it is in.
    public let kernel: TunableKernel
    public let parameter: String
    public let value: String
    /// What it must be.
    public let limit: String

    init(_ kernel: TunableKernel, _ parameter: String, _ value: String, limit: String) {
        self.kernel = kernel
        self.parameter = parameter
        self.value = value
        self.limit = limit
    }

    /// One sentence.
    public var description: String { "\(parameter) of \(kernel.rawValue) is \(value), but must be \(limit)" }
}
