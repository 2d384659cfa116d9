import Arrays
import Engines
import Foundation
import GRDB
import Learning
import Networks
import Runs
import Stores
import TestSupport
import Testing

/// Ensembles in a store, beside networks.
@Suite struct EnsembleStoreTests {
    private static func run(_ seed: UInt64) throws -> Run {
        var training = try EnsembleTraining.descent(
            MicroNetwork(), networks: 40_000, learningRate: 0.02, batch: 1, diffusion: 0.06, steps: 2, recordedSteps: [0, 1, 2], seed: seed)
        training.starts = [.init(mean: 0.5, deviation: 0.2), .init(mean: -0.5, deviation: 0.2)]
        return try Run(training)
    }

    /// A store as an earlier Inflaton made it takes ensembles in, gives them back bit for bit, and says what is missing of them, with and without
    /// a checksum.
    @Test func storesOfEarlierProgramsTakeThem() throws {
        let folder = try TemporaryFolder(), engine = ReferenceEngine(), path = folder.file("old.sqlite"), memory = MemoryStore()
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/stores/version1.sqlite")
        try FileManager.default.copyItem(at: fixture, to: URL(filePath: path))
        let runs = try [Self.run(1), Self.run(2)]
        let whole = Scheduler(engine: engine, store: memory)
        try whole.execute(runs)
        do {
            let scheduler = Scheduler(engine: engine, store: try SQLiteStore(path, engine, mixed: true))
            try scheduler.execute(runs)
            for run in runs {
                let stored = try #require(try scheduler.result(for: run)), expected = try #require(try whole.result(for: run))
                #expect(stored.kernels == expected.kernels && stored.outputs == expected.outputs && stored.losses == expected.losses)
                #expect(stored.ensembleRecord == expected.ensembleRecord && stored.ensembleRecord != nil)
            }
        }
        let reader = try StoreReader(path: path), verification = try reader.verify()
        #expect(verification.withoutChecksum == 32 && verification.sound == 2 && verification.problems.isEmpty)
        let networks = try #require(try reader.table(["networks"]).numbers("networks"))
        #expect(networks.count { $0 == 40_000 } == 2 && networks.count { $0.isNaN } == 32)
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "UPDATE runs SET checksum = NULL WHERE networks > 0") }
        #expect(try StoreReader(path: path).verify().withoutChecksum == 34)
        try queue.write { try $0.execute(sql: "DELETE FROM kernels WHERE run IN (SELECT run FROM runs WHERE networks > 0)") }
        #expect(try StoreReader(path: path).verify().problems.count == 2)
    }

    /// What was merged is what was computed in one.
    @Test func mergedShardsAreTheWhole() throws {
        try expectMergedIsWhole(try (1...3).map { try Self.run($0) }, first: 1)
    }
}
