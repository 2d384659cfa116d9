import Arrays
import Compute
import Engines
import Expressions
import Foundation
import Networks
import Runs
import Stores
import TestSupport
import Testing

/// Prints how long storing takes. Not a test: nothing is expected of a machine that others use too.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["INFLATON_TIMINGS"] != nil), .serialized) struct SQLiteStoreTimings {
    private func time<Value>(_ what: String, per count: Int = 0, _ body: () throws -> Value) rethrows -> Value {
        let start = ContinuousClock.now, processor = clock()
        let value = try body()
        let seconds = (ContinuousClock.now - start) / .seconds(1), used = Double(clock() - processor) / Double(CLOCKS_PER_SEC)
        let perRun = count > 0 ? ": \(seconds / Double(count) * 1e6) µs a run, \(used / Double(count) * 1e6) of them computing" : ""
        print("timing: \(what): \(seconds) s, \(used) s of all cores" + perRun)
        return value
    }

    /// The end state of 10,000 networks of width 64 on one point, 200 steps.
    @Test func storing() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine(), count = 10_000, memory = MemoryStore()
        let runs = try (0..<UInt64(count)).map { try Run.small(seed: $0, width: 64, steps: 200) }
        let scheduler = Scheduler(engine: engine, store: memory)
        try scheduler.execute(runs)
        let results = try runs.map { run in
            let digest = RunIdentity.digest(run, precision: .float64)
            return (digest: digest, result: try #require(memory.result(for: run, digest)))
        }
        time("quantities", per: count) { for result in results { _ = QuantityValues(result.result) } }
        time("identity", per: count) { for run in runs { _ = RunIdentity.json(run, precision: .float64) } }
        for repeated in 0..<5 {
            let store = try SQLiteStore(folder.file("\(repeated).sqlite"), engine)
            try time("storing in batches of 2000", per: count) {
                for start in stride(from: 0, to: count, by: 2000) { try store.insert(Array(results[start..<start + 2000])) }
            }
            time("reading", per: 1000) {
                for run in runs.prefix(1000) { _ = try? Scheduler(engine: engine, store: store).result(for: run) }
            }
            let planner = Planner(), nothing = MemoryStore()
            _ = try time("planning", per: count) {
                try planner.plan(RunList(runs), Array(0..<Int32(count)), precision: .float64, store: nothing) { _ in nil }
            }
        }
    }

    @Test func queriesAndMerging() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine()
        let runs = RunList(try (0..<100_000).map { try Run.small(seed: $0, width: 64, steps: 200) })
        let shards = (0..<100).map { folder.file("\($0).sqlite") }
        for (index, path) in shards.enumerated() {
            try Scheduler(engine: engine, store: try SQLiteStore(path, engine)).execute(Shard(runs, index: index, of: 100))
        }
        let path = folder.file("merged.sqlite")
        do {
            let store = try SQLiteStore(path: path, provenance: .test(), engines: [])
            let merge = try time("merging 100 shards of 1000") { try store.merge(shards) }
            #expect(merge.added == 100_000)
            _ = try time("merging them again") { try store.merge(shards) }
        }
        let reader = try StoreReader(path: path)
        for _ in 0..<5 {
            let table = try time("filtered table") {
                try reader.table(["seed", "finalLoss"], where: Expression("seed < 1000 and vacuumRatio < 1e9"))
            }
            print("timing: rows", table.rows.count)
        }
        _ = try time("opening 100,000") { try SQLiteStore(path, engine) }
        print("timing: bytes", try FileManager.default.attributesOfItem(atPath: path)[.size] ?? 0)
        if let keep = ProcessInfo.processInfo.environment["INFLATON_KEEP"] { try FileManager.default.copyItem(atPath: path, toPath: keep) }
    }
}
