import Compute
import Engines
import Foundation
import OpenCL
import Runs
import Stores
import TestSupport
import Testing

@Suite struct TunedEngineTests {
    /// Other parameters of kernels give sums another order, so their results do not come into one store unasked.
    @Test func aTunedEngineCountsAsAnotherOne() throws {
        let device = try #require(Device.all.first, "no OpenCL device: install pocl-opencl-icd")
        let folder = try TemporaryFolder(), path = folder.file("s.sqlite"), context = try Context(device: device)
        func engine(_ chunk: Int) throws -> OpenCLEngine {
            try OpenCLEngine(context: context, precision: .float32, tuning: TuningTable([.update: ["panelChunk": chunk]]))
        }
        let tuned = try engine(5)
        try Scheduler(engine: tuned, store: try SQLiteStore(path, tuned)).execute([try .small(seed: 1)])
        #expect(try SQLiteStore(path, engine(5)).count == 1)
        for other in [try engine(7), try OpenCLEngine(context: context, precision: .float32, tuning: .portable)] {
            do {
                _ = try SQLiteStore(path, other)
                Issue.record("a store took results of another tuning")
            } catch StoreError.mixed(_, let held, _) {
                #expect(held.count == 1 && held[0].contains("tuned \(tuned.tuningState.digest ?? "?")"))
            }
        }
        #expect(try SQLiteStore(path, engine(7), mixed: true).count == 1)
    }

    /// Whoever keeps the compiled programs: tables have a folder of their own, which a driver's cache does not take away.
    @Test func aStoredTableIsUsed() throws {
        let device = try #require(Device.all.first, "no OpenCL device: install pocl-opencl-icd")
        #expect(try Context(device: device).directory == ProgramCache().directory)
        let folder = try TemporaryFolder(), context = try Context(device: device, cache: nil, directory: folder.url)
        func engine(_ variables: [String: String]) throws -> OpenCLEngine {
            try OpenCLEngine(context: context, precision: .float32, environment: variables)
        }
        #expect(try engine([:]).tuningState.digest == nil)
        var values = TuningTable.portableValues(of: .update, on: device)
        values["panelChunk"] = 5
        try TuningStore(directory: folder.url, device: device, precision: .float32, kernels: [.update])
            .save(TuningStore.Entry(.update, parameters: values, ratio: 0.5, version: nil), for: .update)
        let given = try OpenCLEngine(context: context, precision: .float32, tuning: TuningTable([.update: values]))
        #expect(try engine([:]).tuningState.digest == given.tuningState.digest && given.tuningState.digest != nil)
        #expect(try engine([TuningState.variable: "portable"]).tuningState.digest == nil)
    }
}
