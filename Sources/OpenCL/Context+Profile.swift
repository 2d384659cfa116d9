import Synchronization

/// When a kernel ran.
public struct LaunchTime: Sendable, Hashable {
    /// The kernel's name.
    public let kernel: String
    /// From start to end on the device's clock, in nanoseconds since a moment of the device's choice.
    public let nanoseconds: Range<UInt64>
    /// Work-items in each dimension.
    public let global: [Int]
    /// Work-items of a work-group in each dimension.
    public let local: [Int]

    /// Work-groups.
    public var groups: Int { zip(global, local).reduce(1) { $0 * ($1.0 / $1.1) } }

    /// The time between start and end, in seconds.
    public var seconds: Double { Double(nanoseconds.count) * 1e-9 }

    /// The time of a launch. Default: of one work-item.
    public init(kernel: String, nanoseconds: Range<UInt64>, global: [Int] = [1], local: [Int] = [1]) {
        self.kernel = kernel
        self.nanoseconds = nanoseconds
        self.global = global
        self.local = local
    }
}

/// The launches since `Context.profile(_:)` began, and the queue that times them.
struct Profile: Sendable {
    let queue: CommandQueue
    var launches: [(name: String, global: [Int], local: [Int], event: Event)] = []
}

extension Context {
    /// Does some work and gives the times of all kernels that were launched in this context meanwhile, in the order of launching.
    /// Waits for what was enqueued before and for the last of them. Holds an event of the driver for each, so it is for measurements and
    /// not for long work; one profile at a time, a second one inside the first takes the launches for itself.
    /// - Throws: what `work` throws; `OpenCLError.callFailed`.
    public func profile(_ work: () throws -> Void) throws -> [LaunchTime] {
        try finish()
        let queue = try makeTimingQueue()
        let outer = profiled.withLock { profile in
            defer { profile = Profile(queue: queue) }
            return profile
        }
        defer { profiled.withLock { $0 = outer } }
        do {
            try work()
        } catch {
            // Whoever goes on in the other queue may be given the memory of these commands.
            try? finish()
            throw error
        }
        try finish()
        let launches = profiled.withLock { $0?.launches } ?? []
        return try launches.map {
            LaunchTime(kernel: $0.name, nanoseconds: try $0.event.nanoseconds(), global: $0.global, local: $0.local)
        }
    }
}
