/// What an H100 would take for launches, from published numbers and not from any measurement: good to a factor of two, and meant for
/// shares of a job's time.
///
/// A launch takes as long as the slowest of
///   - what its work-items do one after another: waits for memory, and one multiply-add a cycle, in as many waves as its groups make;
///   - its operations at the rate of the multiprocessors that have groups, the last wave's idle ones included;
///   - its bytes through the paths of these multiprocessors and through the second cache;
///   - its bytes from memory,
/// and what it takes to begin after the launch before it.
struct ModelGPU {
    /// H100 SXM5: 132 multiprocessors of 128 multiply-adds a cycle at 1.755 GHz, which is what they keep to under load (1.98 at most).
    let units = 132
    let clock = 1.755e9
    let operationsPerCycle = 256.0
    /// HBM3: 3.35 TB/s.
    let bandwidth = 3.35e12
    /// The second cache: 50 MB, of which microbenchmarks read 5.5 TB/s; 64 bytes a cycle for each multiprocessor.
    let cacheBytes = 50e6
    let cacheBandwidth = 5.5e12
    let pathBytesPerCycle = 64.0
    /// From the end of a kernel to the begin of the next in a queue.
    let launchSeconds = 3e-6
    /// A wait for the second cache, 270 cycles, and what a work-item does with what came: between that and memory's 600 ns.
    let roundSeconds = 2e-7
    /// Work-items and groups of a multiprocessor.
    let itemsPerUnit = 2048, groupsPerUnit = 32

    /// The least time of so many operations and bytes.
    func floor(operations: Double, bytes: Double) -> Double {
        max(operations / (Double(units) * operationsPerCycle * clock), bytes / bandwidth)
    }

    /// The time of a launch that brings so many bytes from memory.
    func seconds(_ work: LaunchWork, groupSize: Int, memoryBytes: Double) -> Double {
        let groups = Double(max(1, work.groups)), units = Double(units), busy = min(units, groups)
        let resident = Double(max(1, min(groupsPerUnit, itemsPerUnit / groupSize)))
        let waves = max(1, groups / (units * resident))
        let chain = max(work.rounds * roundSeconds, work.operations / 2 / Double(max(1, work.items)) / clock)
        // Multiprocessors that are idle while the last groups end.
        let share = groups <= units ? busy / units : groups / units / (groups / units).rounded(.up)
        let throughput = max(
            work.operations / (units * share * operationsPerCycle * clock),
            work.requestedBytes / min(units * share * pathBytesPerCycle * clock, cacheBandwidth), memoryBytes / bandwidth)
        return launchSeconds + max(waves * chain, throughput)
    }
}

/// Which bytes of launches come from memory or go there: those of arrays that the second cache has not kept since their last use.
struct ModelCache {
    private let capacity: Double
    /// The latest use last.
    private var held: [(key: String, bytes: Double)] = []

    init(_ gpu: ModelGPU) { capacity = gpu.cacheBytes }

    /// Bytes that a launch moves between memory and the cache.
    mutating func bytes(of launch: LaunchRecord.Launch, _ source: LaunchRecord.Source) -> Double {
        let numbers = LaunchWork.Numbers(launch: launch, source: source), members = Double(launch.global.count > 1 ? launch.global[1] : 1)
        var total = 0.0
        for argument in launch.arguments {
            guard let buffer = argument.buffer else { continue }
            var key = "\(buffer)", bytes = Double(argument.bytes), ways = 1.0
            switch (launch.kernel, argument.name) {
            // A layer's part.
            case ("forward", "weights"), ("backward", "weights"), ("update", "weights"), ("update", "states"):
                key += " \(numbers["weightOffset"])"
                let states = argument.name == "states" ? numbers.macro("STATES") : 1
                bytes = states * members * 4 * numbers["outStride"] * numbers["fanIn"]
                if launch.kernel == "backward" { bytes = members * 4 * numbers["outStride"] * numbers["fanIn"] }
                if launch.kernel == "update" { ways = 2 }
            case ("train_resident", "weights"), ("train_resident", "states"):
                ways = 2
            // A layer's columns of a block of rows.
            case ("jacobian", "out"):
                key += " \(launch.number)"
                bytes = (numbers.has("units") ? numbers["units"] * members : Double(launch.groups)) * numbers["columns"] * 4
            // Of one step.
            case ("loss", "record"), ("loss", "lossRecord"), ("loss", "schedule"), ("loss", "lastOutputs"): continue
            default: break
            }
            guard bytes > 0 else { continue }
            let place = held.firstIndex { $0.key == key }
            if place == nil { total += ways * bytes }
            if let place { held.remove(at: place) }
            if bytes <= capacity { held.append((key, bytes)) }
            // What does not fit sweeps out all the rest.
            while held.reduce(bytes > capacity ? bytes : 0, { $0 + $1.bytes }) > capacity, !held.isEmpty { held.removeFirst() }
        }
        return total
    }
}
