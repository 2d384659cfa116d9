import Foundation
import Testing

/// What would be launched on a GPU of 132 multiprocessors fills it, moves no byte too many and waits for nothing: by record and by model,
/// without one.
@Suite struct GPUShapeTests {
    /// What a row may be short of.
    enum Demand: String, CaseIterable {
        /// Groups for every multiprocessor in each launch that takes a twentieth of the job's time, unless it is over at once.
        case groups
        /// Bytes from memory take at most 1.15 times as long as the floor.
        case bytes
        /// At most five launches a step for each hidden layer.
        case launches
        /// No wait for the device a step.
        case waits
    }

    struct Row: CustomTestStringConvertible {
        let stage: String, width: Int, points: Int, members: Int
        var depth = 2
        /// What it is known to be short of.
        var misses: Set<Demand> = []

        static let steps = 32
        var isTraining: Bool { stage == "train" }
        var testDescription: String { "\(stage), \(members) of width \(width) with \(depth) hidden layers, N = \(points)" }
        var arguments: [String] {
            let sizes = [("width", width), ("depth", depth), ("points", points), ("members", members), ("steps", Self.steps)]
            return ["bench", stage, "--device", "gpu", "--precision", "float32", "--repeats", "1", "--json"]
                + sizes.filter { isTraining || $0.0 != "steps" }.flatMap { ["--\($0.0)", "\($0.1)"] }
        }
    }

    static let rows = [
        Row(stage: "ntk", width: 4096, points: 512, members: 1),
        Row(stage: "ntk", width: 1024, points: 256, members: 1),
        Row(stage: "ntk", width: 1024, points: 64, members: 1),
        Row(stage: "ntk", width: 4096, points: 64, members: 1),
        Row(stage: "ntk", width: 512, points: 16, members: 64, misses: [.bytes]),
        Row(stage: "train", width: 64, points: 1, members: 256),
        Row(stage: "train", width: 64, points: 16, members: 256),
        Row(stage: "train", width: 128, points: 1, members: 64, depth: 3),
        Row(stage: "train", width: 512, points: 20, members: 64, misses: [.bytes]),
        Row(stage: "train", width: 128, points: 20, members: 256),
        Row(stage: "train", width: 512, points: 1, members: 16),
        Row(stage: "train", width: 2048, points: 1, members: 1),
        Row(stage: "train", width: 2048, points: 16, members: 1),
        Row(stage: "jacobian", width: 512, points: 64, members: 4),
    ]

    /// Whether every row's launches are printed, for people: INFLATON_TEST_SHOWS=1.
    private static let shows = ProcessInfo.processInfo.environment["INFLATON_TEST_SHOWS"] == "1"

    @Test(arguments: rows) func aGPUIsFilled(_ row: Row) throws {
        let job = try ModelledJob(row.arguments)
        if Self.shows { print("\(row.testDescription):\(job.table)\n") }
        func check(_ demand: Demand, _ holds: () -> Bool) {
            withKnownIssue {
                #expect(holds(), "\(demand)\(job.table)")
            } when: {
                row.misses.contains(demand)
            }
        }
        check(.groups) {
            // Below the floor caches hold what a member needs, and it has one to itself.
            job.seconds < job.floor
                || job.parts.allSatisfy { part in
                    part.seconds < 0.05 * job.seconds
                        || part.launches.allSatisfy { $0.work.groups >= job.gpu.units || $0.seconds < 2 * job.gpu.launchSeconds }
                }
        }
        check(.bytes) { job.memoryBytes / job.gpu.bandwidth <= 1.15 * job.floor }
        guard row.isTraining else { return }
        check(.launches) { job.launches.count / Row.steps <= 5 * row.depth }
        check(.waits) { job.waits <= Row.steps / 8 }
    }
}

/// A job of `bench` as a GPU would get it, with the time that the model gives every launch.
struct ModelledJob {
    struct Launch {
        let kernel: String
        let global: [Int], local: [Int]
        let work: LaunchWork
        let memoryBytes: Double
        let seconds: Double
    }

    let gpu = ModelGPU()
    let launches: [Launch]
    /// In which the host waits for the device in the later half of the job.
    let waits: Int
    /// The least time by the operations and bytes that `bench` counts.
    let floor: Double

    var seconds: Double { launches.reduce(0) { $0 + $1.seconds } }
    var memoryBytes: Double { launches.reduce(0) { $0 + $1.memoryBytes } }

    /// The second of the two times that `bench` does the job, from given weights on.
    init(_ arguments: [String]) throws {
        var recorder = LaunchRecorder()
        recorder.skipsLaunches = true
        let (command, record) = try recorder.run(arguments)
        try #require(command.status == 0, "\(command.errors)")
        let report = try command.json(), result = try #require(report["result"] as? [String: Any] ?? report)
        floor = gpu.floor(
            operations: try #require(result["flops"] as? Double), bytes: try #require(result["bytes"] as? Double))
        let last = record.launches.lastIndex { $0.kernel == "initial_weights" }, job = record.launches[(try #require(last) + 1)...]
        let numbers = job[job.startIndex + job.count / 2].number...(try #require(job.last)).number
        waits = record.waits.filter { numbers.contains($0.number) }.count
        var cache = ModelCache(gpu)
        let gpu = gpu
        launches = try job.map { launch in
            let source = try #require(record.sources[launch.program]), work = try LaunchWork(launch, source)
            let bytes = cache.bytes(of: launch, source)
            return Launch(
                kernel: launch.kernel, global: launch.global, local: launch.local, work: work, memoryBytes: bytes,
                seconds: gpu.seconds(work, groupSize: launch.groupSize, memoryBytes: bytes))
        }
    }

    /// Launches of the same kernel with the same sizes, and the time of them all.
    var parts: [(launches: [Launch], seconds: Double)] {
        Dictionary(grouping: launches) { "\($0.kernel) \($0.global) \($0.local) \($0.work.rounds)" }.values
            .map { ($0, $0.reduce(0) { $0 + $1.seconds }) }
    }

    /// The launches, each kind once, and what they add up to.
    var table: String {
        func rounded(_ value: Double) -> String { String(format: "%.2f", value) }
        let all = launches.map {
            "\($0.kernel) \($0.global)/\($0.local): \($0.work.groups) groups, \($0.work.items) items, \(rounded($0.work.rounds)) rounds, "
                + "\(rounded($0.memoryBytes / 1e6)) MB, \(rounded($0.seconds * 1e6)) µs"
        }
        var seen: Set<Substring> = []
        let sum =
            "\(launches.count) launches, \(rounded(seconds * 1e6)) µs, floor \(rounded(floor * 1e6)) µs, "
            + "\(rounded(memoryBytes / 1e6)) MB in \(rounded(memoryBytes / gpu.bandwidth * 1e6)) µs, \(waits) waits"
        return "\n" + (all.filter { seen.insert($0.prefix { $0 != "," }).inserted }.prefix(40) + [sum]).joined(separator: "\n")
    }
}
