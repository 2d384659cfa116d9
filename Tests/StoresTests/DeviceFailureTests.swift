import Compute
import Engines
import OpenCL
import Runs
import Stores
import Synchronization
import TestSupport
import Testing

/// A device that fails in the middle of a scan.
@Suite struct DeviceFailureTests {
    /// Delivers what the engine behind it delivers, until the device is lost.
    private final class FailingEngine: Engine {
        let inner = ReferenceEngine()
        private let left: Mutex<Int>
        var description: EngineDescription { inner.description }

        init(blocks: Int) { left = Mutex(blocks) }

        func plan(_ shape: EnsembleShape, _ job: Job) throws -> MemoryPlan { try inner.plan(shape, job) }

        func run(_ ensemble: Ensemble, _ job: Job, deliver: (Block) throws -> Bool) throws {
            try inner.run(ensemble, job) { block in
                let isLost = left.withLock { left in
                    left -= 1
                    return left < 0
                }
                if isLost { throw OpenCLError.callFailed(call: "clEnqueueNDRangeKernel", code: -5) }
                return try deliver(block)
            }
        }
    }

    private static let batch = 4

    /// Two shapes, so 6 batches of 4.
    private static func runs() throws -> [Run] { try (0..<24).map { try .small(seed: UInt64($0), width: $0 < 12 ? 3 : 5) } }

    @Test func onlyTheBatchInFlightIsLost() throws {
        let runs = try Self.runs(), folder = try TemporaryFolder(), planner = Planner(largestBatch: Self.batch)
        let whole = try SQLiteStore(folder.file("whole.sqlite"), ReferenceEngine())
        try Scheduler(engine: ReferenceEngine(), store: whole, planner: planner).execute(runs)
        var kept: Set<Int> = []
        // At every block in turn, until there is none left to fail at.
        for number in 0... {
            let path = folder.file("\(number).sqlite"), engine = FailingEngine(blocks: number)
            do {
                let store = try SQLiteStore(path, engine)
                do {
                    try Scheduler(engine: engine, store: store, planner: planner).execute(runs)
                    break
                } catch let error as OpenCLError {
                    #expect("\(error)".contains("CL_OUT_OF_RESOURCES"))
                }
                #expect(store.count % Self.batch == 0 && store.count < runs.count)
                kept.insert(store.count)
            }
            let store = try SQLiteStore(path, ReferenceEngine())
            try Scheduler(engine: ReferenceEngine(), store: store, planner: planner).execute(runs)
            #expect(try store.reader.fingerprint == whole.reader.fingerprint)
            #expect(try store.reader.parameters == whole.reader.parameters)
        }
        #expect(kept == Set(stride(from: 0, to: runs.count, by: Self.batch)), "every batch was the one in flight once")
    }

    /// The device that is left finishes the batch that it has; what the failing one had is computed at the next start.
    @Test func ofTwoDevicesOneMayFail() throws {
        let runs = try Self.runs(), folder = try TemporaryFolder(), planner = Planner(largestBatch: Self.batch)
        let whole = try SQLiteStore(folder.file("whole.sqlite"), ReferenceEngine())
        try Scheduler(engine: ReferenceEngine(), store: whole, planner: planner).execute(runs)
        let engine = FailingEngine(blocks: 5), store = try SQLiteStore(folder.file("s.sqlite"), engine)
        #expect(throws: OpenCLError.self) {
            try Scheduler(engines: [engine, FailingEngine(blocks: 5)], store: store, planner: planner).execute(runs)
        }
        #expect(store.count < runs.count && store.count % Self.batch == 0)
        try Scheduler(engines: [ReferenceEngine(), ReferenceEngine()], store: store, planner: planner).execute(runs)
        #expect(try store.reader.fingerprint == whole.reader.fingerprint)
    }
}
