import OpenCL

/// A number that a kernel may have its own value of, with what the kernels require of it.
package struct TuningParameter: Sendable {
    let name: String
    let keyPath: any WritableKeyPath<Tuning, Int> & Sendable
    let range: ClosedRange<Int>
    let isPowerOfTwo: Bool

    init(name: String, keyPath: any WritableKeyPath<Tuning, Int> & Sendable, range: ClosedRange<Int>, isPowerOfTwo: Bool = false) {
        self.name = name
        self.keyPath = keyPath
        self.range = range
        self.isPowerOfTwo = isPowerOfTwo
    }

    /// A parameter that is no property of `Tuning`: kernels of one family read it by its name (`Tuning.subscript(own:portable:)`).
    /// - Parameter portable: its value where nothing is stored.
    package init(own name: String, portable: Int, range: ClosedRange<Int>, isPowerOfTwo: Bool = false) {
        self.init(name: name, keyPath: \.[own: name, portable: portable], range: range, isPowerOfTwo: isPowerOfTwo)
    }

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
        if let conflict = kernel.conflict(in: row, on: device, elementBytes: elementBytes) {
            throw TuningError(kernel, conflict.parameter, "\(conflict.value)", limit: conflict.limit)
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
    public var description: String { "\(parameter) of \(kernel.name) is \(value), but must be \(limit)" }
}
