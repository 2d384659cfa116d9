import OpenCL

/// Values of tuning parameters for one device and precision: a row for each kernel that differs from the portable one.
///
/// They change the order of sums within their error bounds, and nothing else. Results are the same to the last bit for the same table on
/// one device, so an engine with another table counts as another one (the driver of `EngineDescription` bears the table's digest).
public struct TuningTable: Sendable, Hashable {
    /// The values by kernel and by the names of parameters. What is not among them is as in the portable row; names that
    /// a kernel does not read have no effect.
    public var values: [TunableKernel: [String: Int]]

    /// A table. Default: the portable one.
    public init(_ values: [TunableKernel: [String: Int]] = [:]) { self.values = values }

    /// The rows that are compiled in, one for each class of devices.
    public static let portable = TuningTable()

    /// What the portable row of that device has for a kernel.
    public static func portableValues(of kernel: TunableKernel, on device: Device) -> [String: Int] {
        Tuning(for: device).values(for: kernel)
    }

    /// Refuses values that a kernel or the device cannot have.
    /// - Throws: `TuningError`.
    public func validate(on device: Device, precision: Precision) throws(TuningError) { _ = try rows(on: device, precision: precision) }

    /// The whole rows of the kernels that have one of their own.
    func rows(on device: Device, precision: Precision) throws(TuningError) -> [TunableKernel: Tuning] {
        let portable = Tuning(for: device)
        var rows: [TunableKernel: Tuning] = [:]
        for (kernel, own) in values.sorted(by: { $0.key.name < $1.key.name }) {
            let row = try portable.replacing(own, for: kernel, device: device, elementBytes: precision.elementBytes)
            if row != portable { rows[kernel] = row }
        }
        return rows
    }

    /// Eight digits that name what differs from the portable rows, nil where nothing does.
    static func digest(_ rows: [TunableKernel: Tuning]) -> String? {
        guard !rows.isEmpty else { return nil }
        let text = rows.sorted { $0.key.name < $1.key.name }.map { kernel, row in
            "\(kernel.name) "
                + row.values(for: kernel).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: " ")
        }
        return String("\(Checksum(of: text.joined(separator: "\n")))".prefix(8))
    }
}
