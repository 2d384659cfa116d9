import OpenCL

/// What a device can do at best, measured on the device itself: no kernel runs faster than the larger of its operations over a rate
/// and its bytes over the bandwidth, unless a cache holds its data.
public struct DeviceCeiling: Sendable, Hashable, Codable {
    /// Fused multiply-adds of `float`, each counted as two operations, in operations a second.
    public let float32Rate: Double
    /// The same of `double`; nil for a device without it.
    public let float64Rate: Double?
    /// Bytes read and written together by a copy in device memory, in bytes a second.
    public let bandwidth: Double
    /// The median launch's rate of `float`, of those of which `float32Rate` is the fastest: what a machine with other work on it, or one that
    /// lowers its clock, gives on average.
    public let typicalFloat32Rate: Double
    /// The median launch's bandwidth.
    public let typicalBandwidth: Double

    /// A ceiling. By default all launches are as fast as the fastest.
    public init(
        float32Rate: Double, float64Rate: Double?, bandwidth: Double, typicalFloat32Rate: Double? = nil, typicalBandwidth: Double? = nil
    ) {
        self.float32Rate = float32Rate
        self.float64Rate = float64Rate
        self.bandwidth = bandwidth
        self.typicalFloat32Rate = typicalFloat32Rate ?? float32Rate
        self.typicalBandwidth = typicalBandwidth ?? bandwidth
    }
}

extension DeviceCeiling {
    /// Measures a device's ceilings with the kernels of `peak.cl`; takes a fraction of a second. The fastest of several launches is
    /// taken: a ceiling is not an average.
    /// - Parameters:
    ///   - context: of the device, on which nothing else should run meanwhile.
    ///   - tuning: the portable row of the device.
    ///   - repeats: launches of each variant. Default: 9.
    /// - Throws: errors of the device.
    package init(measuredIn context: Context, _ tuning: Tuning, repeats: Int = 9) throws {
        let probe = CeilingProbe(context: context, tuning: tuning)
        let float32 = try probe.multiplyAddRates(.float32, repeats: repeats), copies = try probe.copyBandwidths(repeats: repeats)
        self.init(
            float32Rate: float32.last ?? 0,
            float64Rate: context.device.supportsDouble ? try probe.multiplyAddRates(.float64, repeats: repeats).last : nil,
            bandwidth: copies.last ?? 0, typicalFloat32Rate: float32[float32.count / 2], typicalBandwidth: copies[copies.count / 2])
    }
}

/// Launches the kernels of `peak.cl`.
private struct CeilingProbe {
    let context: Context
    let tuning: Tuning

    private var items: Int {
        let group = tuning[.groupSize]
        return (tuning[.itemsPerUnit] * context.device.computeUnits + group - 1) / group * group
    }

    /// The rates of the launches of the fastest variant, in ascending order.
    func multiplyAddRates(_ precision: Precision, repeats: Int) throws -> [Double] {
        let kernels = KernelSet(context: context, precision: precision)
        let width = tuning[.vectorBytes] / precision.elementBytes
        let sums = try RealBuffer(context, elementBytes: precision.elementBytes, count: items)
        var best: [Double] = []
        // How many sums hide the latency without spilling registers differs from device to device.
        for chains in [4, 8, 12] {
            let kernel = try kernels.kernel("peak.cl", "peak_fma", vectorWidth: width, [("CHAINS", "\(chains)")])
            func rate(rounds: Int) throws -> Double {
                let time = try context.profile {
                    try kernel.launch(
                        global: [items], local: [tuning[.groupSize]],
                        arguments: ["rounds": rounds, "factor": 0.5, "term": 1.0, "out": sums])
                }[0].seconds
                return Double(2 * chains * width * items) * Double(rounds) / max(time, 1e-9)
            }
            _ = try rate(rounds: 1)
            // About 10 ms: long enough for all threads to wake, short beside the time slices of a shared machine.
            let perRound = Double(2 * chains * width * items) / (try rate(rounds: 1024))
            let rounds = Int(min(1e8, max(1024, 1e-2 / perRound)))
            let rates = try (0..<max(1, repeats)).map { _ in try rate(rounds: rounds) }.sorted()
            if rates[rates.count - 1] > best.last ?? 0 { best = rates }
        }
        return best
    }

    /// The bandwidths of the copies, in ascending order.
    func copyBandwidths(repeats: Int) throws -> [Double] {
        let width = tuning[.vectorBytes] / 4
        // Beyond all caches.
        let bytes = min(256 << 20, context.device.globalMemoryBytes / 8, context.device.maximumAllocationBytes)
        let count = max(1, bytes / tuning[.vectorBytes])
        let source = try RealBuffer(context, elementBytes: 4, count: count * width)
        let target = try RealBuffer(context, elementBytes: 4, count: count * width)
        let kernel = try KernelSet(context: context, precision: .float32).kernel(
            "peak.cl", "peak_copy", vectorWidth: width, [("CHUNK", tuning[.groupSize] == 1 ? "4096" : "1")])
        // The first launch finds memory that no page stands behind yet.
        return try (0...max(1, repeats)).map { _ in
            let time = try context.profile {
                try kernel.launch(
                    global: [items], local: [tuning[.groupSize]], arguments: ["count": count, "in": source, "out": target])
            }[0].seconds
            return 2 * Double(count * tuning[.vectorBytes]) / max(time, 1e-9)
        }.dropFirst().sorted()
    }
}
