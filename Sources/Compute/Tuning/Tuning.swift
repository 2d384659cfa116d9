import OpenCL

/// Values of tuning parameters for one class of devices, or for one kernel on a device.
///
/// Nothing here changes what is computed, only the order of sums within their error bounds. The values of CPUs, where a work-group is one
/// work-item that holds tiles in 512-bit registers, were chosen as measured on PoCL; those of GPUs, where neighbouring work-items take
/// neighbouring tiles, are estimated for an H200 (both: Benchmarks/Results/2026-11-27-kernel-diaries.md).
package struct Tuning: Sendable, Hashable {
    private let isCPU: Bool
    /// What is not as the class of devices has it.
    private var own: [TuningParameter: Int] = [:]

    /// The portable row of that kind of devices.
    package init(_ kind: Device.Kind) { isCPU = kind == .cpu }

    /// The portable row of a device, within what it can do.
    /// - Parameter kind: the kind of devices whose row it is. Default: the device's.
    package init(for device: Device, as kind: Device.Kind? = nil) {
        self.init(kind ?? device.kind)
        self[.localBytes] = min(self[.localBytes], device.localMemoryBytes)
    }

    /// The value of a parameter of any family.
    package subscript(parameter: TuningParameter) -> Int {
        get { own[parameter] ?? portable(parameter) }
        set { own[parameter] = newValue == portable(parameter) ? nil : newValue }
    }

    private func portable(_ parameter: TuningParameter) -> Int { isCPU ? parameter.cpu : parameter.gpu }

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
