import Arrays
import Foundation
import Networks
import Runs
import Stores
import TestSupport
import Testing

/// Which shares of a scan a store lacks, and which stores are merged at all.
@Suite struct ScanCoverageTests {
    private func attempt(_ shard: ScanShard?, _ state: ScanStatus.State = .finished, file: String = "f", total: Int = 1) -> ScanStatus {
        var scan = ScanStatus(name: "tiny" + (shard?.suffix ?? ""), file: file, host: "h", shard: shard)
        scan.state = state
        scan.total = total
        return scan
    }

    private func gaps(_ scans: [ScanStatus], runs: Int = 10) -> [String] { ScanCoverage(scans, runs: runs).gaps.map(\.text) }

    @Test func sharesThatAreMissing() {
        let shards = (0..<3).map { attempt(ScanShard(index: $0, count: 3)) }
        #expect(gaps(shards) == [])
        #expect(gaps(Array(shards.prefix(2))) == ["shard 2/3 is missing"])
        #expect(gaps([shards[1]]) == ["shards 0/3, 2/3 are missing"])
        #expect(gaps([shards[0], shards[1], attempt(ScanShard(index: 2, count: 3), .interrupted)]) == ["shard 2/3 is not finished"])
        // The whole scan makes up for its shares, and another division for one that was given up.
        #expect(gaps([shards[0], attempt(nil)]) == [])
        #expect(gaps(shards + [attempt(ScanShard(index: 0, count: 2))]) == [])
        #expect(gaps([shards[0], attempt(nil, file: "another")]) == ["shards 1/3 to 2/3 are missing"])
        #expect(gaps([attempt(ScanShard(index: 5, count: .max))]).count == 1)
        let lost = attempt(nil, total: 11)
        #expect(!ScanCoverage([lost], runs: 10).isComplete(lost) && ScanCoverage([lost], runs: 11).isComplete(lost))
    }

    @Test func aStoreIsNotMergedIntoItself() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine()
        for (name, seed) in [("a", 1 as UInt64), ("b", 2)] {
            let store = try SQLiteStore(folder.file(name), engine)
            try Scheduler(engine: engine, store: store).execute([try .small(seed: seed)])
        }
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: folder.file("a"))
        let paths = ["a", "link", "b"].map(folder.file)
        let sources = try MergeSources(paths, into: folder.file("a"))
        #expect(sources.skipped == Array(paths.prefix(2)) && sources.paths == [paths[2]])
        let target = try SQLiteStore(folder.file("a"), engine)
        #expect(try target.merge(sources).added == 1)
        #expect(try target.reader.verify().sound == 2)
    }

    /// A store as commit 3d1bac5 wrote it opens, is read, extended and merged.
    @Test func storesOfTheProgramBeforeChecksums() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine(), path = folder.file("old.sqlite")
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/stores/version1.sqlite")
        try FileManager.default.copyItem(at: fixture, to: URL(filePath: path))
        let old = try StoreReader(path: path)
        #expect(try old.table(["seed"]).rows.count == 32)
        #expect(try old.verify().withoutChecksum == 32)
        #expect(try old.scans.map(\.name) == ["kill test"])
        let merged = try SQLiteStore(path: folder.file("merged.sqlite"), provenance: .test(), engines: [])
        #expect(try merged.merge([path]).added == 32)
        #expect(try merged.reader.fingerprint == old.fingerprint)
        do {
            let store = try SQLiteStore(path, engine, mixed: true)
            try Scheduler(engine: engine, store: store).execute([try .small(seed: 1)])
        }
        let verification = try StoreReader(path: path).verify()
        #expect(verification.withoutChecksum == 32 && verification.sound == 1 && verification.problems.isEmpty)
    }

    @Test func aFileThatIsRemovedOrReplacedIsNoticed() throws {
        let folder = try TemporaryFolder(), engine = SyntheticEngine(), path = folder.file("s.sqlite")
        for replaces in [false, true] {
            let store = try SQLiteStore(path, engine)
            try Scheduler(engine: engine, store: store).execute([try .small(seed: 1)])
            try FileManager.default.removeItem(atPath: path)
            if replaces { try Data().write(to: URL(filePath: path)) }
            guard
                case .gone = DamagedStore.refusal({ try Scheduler(engine: engine, store: store).execute([try .small(seed: 2)]) })
            else {
                Issue.record("nothing was said")
                return
            }
            #expect(FileManager.default.fileExists(atPath: path) == replaces)
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Says that it has every run, and gives none.
    private struct Silent: Store {
        func contains(_ digest: Digest) -> Bool { true }
        func result(for run: Run, _ digest: Digest) -> RunResult? { nil }
        func insert(_ results: [(digest: Digest, result: RunResult)]) {}
    }

    private struct Waiting: RunSource {
        let count = 3
        func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate { .needs(try .small(seed: UInt64(index))) }
    }

    @Test(.timeLimit(.minutes(1))) func waitingForWhatNeverComesIsAnError() {
        #expect(throws: ScanError.noProgress(waiting: 3, first: 0)) {
            try Scheduler(engine: SyntheticEngine(), store: Silent()).execute(Waiting())
        }
    }
}
