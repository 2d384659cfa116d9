import OpenCL

/// Values of tuning parameters for one class of devices, or for one kernel on a device.
///
/// Nothing here changes what is computed, only the order of sums within their error bounds. The values of CPUs, where a work-group is one
/// work-item that holds tiles in 32 registers of 512 bits, or 16 of 256, were chosen as measured on PoCL; those of GPUs, where neighbouring
/// work-items take neighbouring tiles, are estimated for an H200 (Benchmarks/Results/2026-11-27-kernel-diaries.md,
/// 2026-11-28-narrow-registers.md).
package struct Tuning: Sendable, Hashable {
    /// A class of devices.
    private enum Row { case cpu, narrowCPU, gpu }

    private let row: Row
    /// What is not as the class of devices has it.
    private var own: [TuningParameter: Int] = [:]

    /// The portable row of that kind of devices.
    /// - Parameter registerBytes: bytes of a register of vectors, which matters for CPUs. Default: 64.
    package init(_ kind: Device.Kind, registerBytes: Int = 64) { row = kind != .cpu ? .gpu : registerBytes < 64 ? .narrowCPU : .cpu }

    /// The portable row of a device, within what it can do.
    /// - Parameter kind: the kind of devices whose row it is. Default: the device's.
    package init(for device: Device, as kind: Device.Kind? = nil) {
        self.init(kind ?? device.kind, registerBytes: device.kind == .cpu ? device.registerBytes : 64)
        self[.localBytes] = min(self[.localBytes], device.localMemoryBytes)
    }

    /// The value of a parameter of any family.
    package subscript(parameter: TuningParameter) -> Int {
        get { own[parameter] ?? portable(parameter) }
        set { own[parameter] = newValue == portable(parameter) ? nil : newValue }
    }

    private func portable(_ parameter: TuningParameter) -> Int {
        switch row {
        case .cpu: parameter.cpu
        case .narrowCPU: parameter.narrowCPU
        case .gpu: parameter.gpu
        }
    }

    /// Whether the work-items of a group may divide sums among them: where groups have several.
    package var sharesSums: Bool { self[.groupSize] > 1 }

    /// Components of the vectors that rows of that length are padded to.
    package func vectorWidth(length: Int, elementBytes: Int) -> Int {
        let most = self[.vectorBytes]
        var width = 1
        while width < length, width * elementBytes < most { width *= 2 }
        return width
    }

    /// The largest tile, halving from `tile`, that is not more than `count` needs.
    package static func fitting(_ tile: Int, count: Int) -> Int {
        var tile = tile
        while tile > 1, tile / 2 >= count { tile /= 2 }
        return tile
    }
}
