import Synchronization

/// When a kernel ran.
public struct LaunchTime: Sendable, Hashable {
    /// The kernel's name.
    public let kernel: String
    /// From start to end on the device's clock, in nanoseconds since a moment of the device's choice.
    public let nanoseconds: Range<UInt64>
    /// Work-items of a work-group.
    public let groupSize: Int

    /// The time between start and end, in seconds.
    public var seconds: Double { Double(nanoseconds.count) * 1e-9 }

    /// A launch.
    public init(kernel: String, nanoseconds: Range<UInt64>, groupSize: Int) {
        self.kernel = kernel
        self.nanoseconds = nanoseconds
        self.groupSize = groupSize
    }
}

extension Context {
    /// Does some work and gives the times of all kernels that were launched in this context meanwhile, in the order of launching.
    /// Waits for the last of them. Holds an event of the driver for each, so it is for measurements and not for long work; one
    /// profile at a time, a second one inside the first takes the launches for itself.
    /// - Throws: what `work` throws; `OpenCLError.callFailed`.
    public func profile(_ work: () throws -> Void) throws -> [LaunchTime] {
        let outer = profiled.withLock { list in
            defer { list = [] }
            return list
        }
        defer { profiled.withLock { $0 = outer } }
        try work()
        let launches = profiled.withLock { $0 } ?? []
        return try launches.map { LaunchTime(kernel: $0.name, nanoseconds: try $0.event.nanoseconds(), groupSize: $0.groupSize) }
    }
}
