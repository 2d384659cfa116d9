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

/// Circulations, and births and deaths, in a store, beside networks.
@Suite struct ProcessStoreTests {
    private static func runs(_ seed: UInt64) throws -> [Run] {
        var circulation = Circulation(networks: 2000, learningRate: 0.05, batch: 1, turning: 0.2, steps: 20, seed: seed)
        circulation.recordedSteps = [0, 5, 20]
        let births = BirthDeath(network: try MicroNetwork(), networks: 16_000, diffusion: 0.15, steps: 25, seed: seed)
        let lesson = try LatticeLesson(
            teacher: LatticeNetwork(shape: LatticeShape([100]), coupling: 0.25, massSquared: 0.5), steps: 20, recordings: 4,
            learningRate: 0.125, noise: 0.1, seed: seed)
        return [
            try Run(.circulation(circulation)), try Run(.birthDeath(births)),
            try Run(.birthDeath(births), recording: Recording(trajectory: .every(10))), try Run(.lattice(lesson)),
        ]
    }

    /// A store as an earlier Inflaton made it takes them in, gives them back bit for bit, and says what is missing of them, with and without a
    /// checksum.
    @Test func storesOfEarlierProgramsTakeThem() throws {
        let folder = try TemporaryFolder(), engine = ReferenceEngine(), path = folder.file("old.sqlite")
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/stores/version1.sqlite")
        try FileManager.default.copyItem(at: fixture, to: URL(filePath: path))
        let runs = try Self.runs(1), whole = Scheduler(engine: engine, store: MemoryStore())
        try whole.execute(runs)
        do {
            let scheduler = Scheduler(engine: engine, store: try SQLiteStore(path, engine, mixed: true))
            try scheduler.execute(runs)
            for run in runs {
                let stored = try #require(try scheduler.result(for: run)), expected = try #require(try whole.result(for: run))
                #expect(stored.outputs == expected.outputs && stored.lastFinite?.step == expected.lastFinite?.step)
                #expect(stored.kernels == (run.recording.matrices ? expected.kernels : []))
                #expect(stored.processRecord?.outputs == expected.processRecord?.outputs && stored.processRecord != nil)
                let (ours, theirs) = (QuantityValues(stored), QuantityValues(expected))
                for name in ["quanta", "quantaError", "groundEnergy", "groundEnergyError", "operatorEnergy", "weightError"] {
                    #expect(try ours.value(name) == theirs.value(name), "\(name)")
                }
            }
        }
        let reader = try StoreReader(path: path), verification = try reader.verify()
        #expect(verification.withoutChecksum == 32 && verification.sound == 4 && verification.problems.isEmpty)
        let table = try reader.table(["process", "status", "quanta", "groundEnergy", "groundVariation"])
        let words = table.rows.map { $0[0] }
        #expect(words.count { $0 == .text("circulation") } == 1 && words.count { $0 == .text("birth-death") } == 2)
        #expect(words.count { $0 == .text("lattice") } == 1)
        #expect(table.rows.filter { $0[0] != .empty }.allSatisfy { $0[1] == .text("finished") })
        #expect(try #require(table.numbers("groundVariation")).count { !$0.isNaN } == 2)
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "UPDATE runs SET checksum = NULL WHERE process IS NOT NULL") }
        #expect(try StoreReader(path: path).verify().withoutChecksum == 36)
        // A part of a circulation, and the counts of births and deaths, go missing.
        try queue.write {
            try $0.execute(
                sql: "DELETE FROM states WHERE point = 19 AND step = 5 AND run IN (SELECT run FROM runs WHERE process = 'circulation')")
            try $0.execute(sql: "DELETE FROM kernels WHERE run IN (SELECT run FROM runs WHERE process IN ('birth-death', 'lattice'))")
        }
        #expect(try StoreReader(path: path).verify().problems.count == 3)
    }

    /// What was merged is what was computed in one.
    @Test func mergedShardsAreTheWhole() throws {
        try expectMergedIsWhole(try Self.runs(1) + Self.runs(2), first: 2)
    }
}
