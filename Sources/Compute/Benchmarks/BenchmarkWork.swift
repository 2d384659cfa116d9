import OpenCL

/// Work on a device in which stages of a family are timed.
public struct BenchmarkWork {
    /// The stages, each with what it must do.
    public let stages: [(stage: BenchmarkStage, cost: BenchmarkCost)]
    let context: Context
    let run: () throws -> Duration

    /// Work of some stages.
    /// - Parameters:
    ///   - context: in which the kernels are launched.
    ///   - run: does the work once, and returns how long it took on the host's clock where it was waited for.
    public init(_ stages: [(stage: BenchmarkStage, cost: BenchmarkCost)], in context: Context, run: @escaping () throws -> Duration) {
        self.stages = stages
        self.context = context
        self.run = run
    }

    /// Does the work once to warm up (programs, caches, clocks), then once for each repeat; every stage takes one time from every run. Where
    /// the host's time is asked for, too, it is that of one more run, on a queue that does not time its launches, as this costs each some.
    /// - Parameters:
    ///   - repeats: runs after the one that warms up, at least one.
    ///   - ceiling: what to compare with.
    ///   - proceed: called between runs; throws to stop.
    /// - Throws: errors of the device and of `proceed`.
    public func measure(
        repeats: Int, ceiling: DeviceCeiling, proceed: () throws -> Void = {}
    ) throws -> [BenchmarkMeasurement] {
        var seconds = stages.map { _ in [Double]() }, hostSeconds: [Double] = []
        let timesHost = stages.contains { $0.stage.kernels == nil }
        for index in 0...repeats {
            try proceed()
            let launches = try context.profile { _ = try run() }
            guard index > 0 else { continue }
            if timesHost { hostSeconds.append(try run() / .seconds(1)) }
            for (place, item) in stages.enumerated() { seconds[place].append(item.stage.seconds(launches)) }
        }
        return zip(stages, seconds).map { item, seconds in
            BenchmarkMeasurement(
                stage: item.stage, cost: item.cost, seconds: seconds, hostSeconds: item.stage.kernels == nil ? hostSeconds : [],
                ceiling: ceiling, device: context.device.name)
        }
    }
}
