import OpenCL

extension Tuning {
    /// This row's values of what the kernel reads, by name.
    func values(for kernel: TunableKernel) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: kernel.parameters.map { ($0.name, self[$0]) })
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
            row[parameter] = value
        }
        let group = row[.groupSize]
        guard group == self[.groupSize] || group <= device.maximumWorkGroupSize else {
            throw TuningError(
                kernel, "groupSize", "\(group)", limit: "at most \(device.maximumWorkGroupSize), the device's largest")
        }
        guard row[.splitsProducts] == 0 || (device.hasTensorCores && elementBytes == 4) else {
            throw TuningError(
                kernel, "splitsProducts", "\(row[.splitsProducts])", limit: "0 without tensor cores that OpenCL reaches, and in float64")
        }
        if let (parameter, limit) = kernel.conflict(row, device, elementBytes) {
            throw TuningError(kernel, parameter.name, "\(row[parameter])", limit: limit)
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
