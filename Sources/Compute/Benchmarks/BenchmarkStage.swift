import OpenCL

/// What a benchmark times: a kernel, by its name, or a stage made of several.
public struct BenchmarkStage: Sendable, Hashable, Encodable {
    /// What users call it.
    public let name: String
    /// The kernels whose times add up to the stage's; nil for a stage timed from its first kernel to its last, gaps included.
    public let kernels: Set<String>?
    /// Kernels that prepare the work: before such a one a batch has ended, and the time of a stage of several kernels leaves it out.
    public let preparations: Set<String>
    /// What the rate counts, for each second.
    public let unit: String

    /// A stage.
    public init(_ name: String, kernels: Set<String>?, preparations: Set<String> = [], unit: String) {
        self.name = name
        self.kernels = kernels
        self.preparations = preparations
        self.unit = unit
    }

    /// Its name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

extension BenchmarkStage {
    /// The stage's time among launches: the sum of its kernels' times, or for a stage of several kernels the time from the first to the
    /// last of each batch without what prepares it.
    public func seconds(_ launches: [LaunchTime]) -> Double {
        if let kernels { return launches.filter { kernels.contains($0.kernel) }.reduce(0) { $0 + $1.seconds } }
        var total = 0.0
        var end: UInt64?
        for launch in launches {
            guard !preparations.contains(launch.kernel) else {
                end = nil
                continue
            }
            let from = end ?? launch.nanoseconds.lowerBound
            if launch.nanoseconds.upperBound > from { total += Double(launch.nanoseconds.upperBound - from) * 1e-9 }
            end = launch.nanoseconds.upperBound
        }
        return total
    }
}
