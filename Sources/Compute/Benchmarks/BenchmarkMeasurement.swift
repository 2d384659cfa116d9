/// One stage, timed on a device.
public struct BenchmarkMeasurement: Sendable, Hashable, Encodable {
    /// What was timed.
    public let stage: BenchmarkStage
    /// The median of the repeats, in seconds of the device.
    public let medianSeconds: Double
    /// The fastest of the repeats.
    public let minimumSeconds: Double
    /// The median on the host's clock, from weights on the device to results in the host's memory: what a caller waits for, with all
    /// launches, allocations and transfers. Nil for a stage that is the sum of single kernels.
    public let hostMedianSeconds: Double?
    /// The fastest on the host's clock.
    public let hostMinimumSeconds: Double?
    /// At the median, in `unit`.
    public let rate: Double
    /// What the rate counts.
    public let unit: String
    /// Operations that the stage must do (``BenchmarkCost``).
    public let operations: Double
    /// Bytes that it must move.
    public let bytes: Double
    /// The device's rate at these operations, in operations a second; nil without operations.
    public let peak: Double?
    /// The device's copy bandwidth, in bytes a second.
    public let bandwidth: Double
    /// The larger of operations over peak and bytes over bandwidth, in seconds.
    public let floorSeconds: Double
    /// Floor over median: 1 is the device's limit; above 1 the data came from a cache.
    public let fractionOfFloor: Double
    /// The device's name.
    public let device: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case stage, rate, unit, bytes, peak, bandwidth, device
        case medianSeconds = "median_s", minimumSeconds = "min_s", operations = "flops", floorSeconds = "floor_s"
        case fractionOfFloor = "fraction_of_floor", hostMedianSeconds = "host_median_s", hostMinimumSeconds = "host_min_s"
    }

    /// The measurement that follows from the times of the repeats, of which there must be one at least.
    /// - Parameter hostSeconds: the same repeats on the host's clock; only for a stage that is timed from its first kernel to its last.
    public init(
        stage: BenchmarkStage, cost: BenchmarkCost, seconds: [Double], hostSeconds: [Double] = [], ceiling: DeviceCeiling, device: String
    ) {
        // No clock tells less than a nanosecond.
        let times = seconds.map { max($0, 1e-9) }, median = Self.median(times)
        self.stage = stage
        medianSeconds = median
        minimumSeconds = times.min() ?? median
        hostMedianSeconds = hostSeconds.isEmpty ? nil : Self.median(hostSeconds)
        hostMinimumSeconds = hostSeconds.min()
        rate = cost.items / median
        unit = stage.unit
        operations = cost.operations
        bytes = cost.bytes
        peak = cost.peak(ceiling)
        bandwidth = ceiling.bandwidth
        floorSeconds = cost.floor(ceiling)
        fractionOfFloor = floorSeconds / median
        self.device = device
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted(), middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
