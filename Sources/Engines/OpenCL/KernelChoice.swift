import Compute
import OpenCL

/// Which kernels an engine launches, where not those that suit its device: tests run those of GPUs on a CPU.
public struct KernelChoice: Sendable, Hashable {
    /// The kind of devices that they are for. Default: the device's.
    public var kind: Device.Kind?
    /// Bytes of the longest vectors. Default: those of the kind.
    public var vectorBytes: Int?
    /// The most steps kept beside the matrices of a network with one point, in units of its narrowest hidden layer. Default: where it is
    /// faster than velocities on that kind of devices.
    public var keptShare: Double?
    /// Rows of the largest tile that a work-group takes of a product of matrices, 0 for none. Default: what suits the kind.
    public var tileRows: Int?
    /// Whether tensor cores take such tiles in float; emulated, and very slow, on devices that have none. Default: false.
    public var splitsProducts: Bool

    /// Whether initial weights come from the host, as where a device has no 64-bit arithmetic. Default: false.
    public var drawsOnHost: Bool

    public init(
        kind: Device.Kind? = nil, vectorBytes: Int? = nil, keptShare: Double? = nil, tileRows: Int? = nil, splitsProducts: Bool = false,
        drawsOnHost: Bool = false
    ) {
        self.kind = kind
        self.vectorBytes = vectorBytes
        self.keptShare = keptShare
        self.tileRows = tileRows
        self.splitsProducts = splitsProducts
        self.drawsOnHost = drawsOnHost
    }
}

extension Tuning {
    /// The portable row for that choice, within what the device can do.
    init(_ choice: KernelChoice, for device: Device) {
        self.init(for: device, as: choice.kind)
        while self[.trainingGroup] > device.maximumWorkGroupSize { self[.trainingGroup] /= 2 }
        if let bytes = choice.vectorBytes { self[.vectorBytes] = bytes }
        if let share = choice.keptShare { self[.keptThousandths] = Int((1000 * share).rounded()) }
        if let rows = choice.tileRows { self[.tileRows] = rows }
        if choice.splitsProducts { self[.splitsProducts] = 1 }
    }
}
