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

@Suite struct SQLiteStoreMergeTests {
    private let folder: TemporaryFolder
    private let engine = SyntheticEngine()

    init() throws { folder = try TemporaryFolder() }

    private func fill(_ name: String, _ runs: some RunSource, _ engine: SyntheticEngine, revision: String = "r1") throws -> String {
        let store = try SQLiteStore(folder.file(name), engine, revision: revision)
        try Scheduler(engine: engine, store: store).execute(runs)
        return folder.file(name)
    }

    private func target(_ name: String, mixed: Bool = false) throws -> SQLiteStore {
        try SQLiteStore(path: folder.file(name), provenance: .test(), engines: [], mixed: mixed)
    }

    private func runs(_ count: UInt64) throws -> RunList {
        RunList(
            try (0..<count).map { seed in
                var run = try Run.small(
                    seed: seed, points: 2,
                    recording: Recording(trajectory: .every(2), spectra: true, modes: true, matrices: seed % 2 == 0))
                if seed % 5 == 0 {
                    run.training?.schedule = try Schedule(
                        learningRates: .init(repeating: 0.1, count: 300), momenta: .init(repeating: 0, count: 300))
                }
                return run
            })
    }

    @Test func shardsMakeTheWhole() throws {
        let runs = try runs(20)
        let whole = try StoreReader(path: fill("whole", runs, engine)).fingerprint
        let shards = try (0..<4).map { try fill("shard\($0)", Shard(runs, index: $0, of: 4), engine) }
        let merged = try target("merged")
        #expect(try merged.merge(shards).added == 20)
        #expect(try merged.reader.fingerprint == whole)
        #expect(merged.count == 20 && merged.contains(RunIdentity.digest(runs.runs[7], precision: .float64)))
        let again = try merged.merge(shards.reversed() + [folder.file("whole")])
        #expect(again.added == 0 && again.repeated == 40 && again.conflicting == 0)
        #expect(try merged.reader.fingerprint == whole)
        // In another order, and into a store that has some of them.
        let other = try SQLiteStore(folder.file("shard3"), engine)
        #expect(try other.merge([shards[2], shards[0], shards[1]]).added == 15)
        #expect(try other.reader.fingerprint == whole)
        // A merged store goes on as any other.
        let more = try self.runs(25)
        try Scheduler(engine: engine, store: other).execute(more)
        #expect(try other.reader.fingerprint == StoreReader(path: fill("more", more, engine)).fingerprint)
    }

    @Test func repeatsWithOtherResultsAreCountedAndStayOut() throws {
        let runs = try runs(6)
        let first = try fill("first", runs, engine)
        let other = SyntheticEngine { seed, step, number in
            let value = 1 / Double(3 + seed &* 31 &+ UInt64(7 * step)) + Double(number)
            // One output in the middle of one run, and one loss of another.
            return seed == 2 && step == 2 && number == 1 || seed == 3 && step == 4 && number == -1 ? value.nextUp : value
        }
        let second = try fill("second", runs, other)
        let store = try target("merged")
        let merge = try store.merge([first, second])
        #expect(merge.added == 6 && merge.repeated == 4 && merge.conflicting == 2)
        #expect(try store.reader.fingerprint == StoreReader(path: first).fingerprint)
    }

    @Test func otherOriginsAreRefusedBeforeAnythingComesIn() throws {
        let first = try fill("first", try runs(2), engine), second = try fill("second", try runs(3), engine, revision: "r2")
        let store = try target("merged")
        #expect(throws: StoreError.self) { try store.merge([first, second]) }
        #expect(store.count == 0)
        #expect(try store.reader.count == 0)
        let mixed = try target("mixed", mixed: true)
        let merge = try mixed.merge([first, second])
        #expect(merge.added == 3 && merge.repeated == 2)
    }

    @Test func tablesAndArchives() throws {
        let runs = try runs(4)
        let reader = try StoreReader(path: fill("store", runs, engine))
        let table = try reader.table(
            ["seed", "activation", "corrected.hubble", "finalLoss"], where: Expression("seed >= 1 and steps == 4"))
        #expect(table.rows.count == 3)
        #expect(table[column: "seed"] == [1, 2, 3])
        #expect(table[column: "activation"]?.first == "erf")
        let memory = MemoryStore(), scheduler = Scheduler(engine: engine, store: memory)
        try scheduler.execute(runs)
        #expect(table.numbers("finalLoss") == runs.runs.dropFirst().compactMap { try? scheduler.result(for: $0)?.losses.last })
        #expect(throws: QuantityError.unknown(name: "finalLos", nearest: "finalLoss")) { try reader.table(["finalLos"]) }
        #expect(throws: QuantityError.self) { try reader.table(where: Expression("activation == 1")) }
        let path = folder.file("store.npz")
        try reader.writeArchive(to: path, where: Expression("seed == 2"), trajectories: true, provenance: "p")
        let archive = try NumericArchive(path: path), result = try #require(try scheduler.result(for: runs.runs[2]))
        #expect(try archive.array("seed").elements == [2])
        #expect(try archive.words("activation") == ["erf"] && archive.words("status") == ["finished"])
        #expect(try archive.words("digest").map(\.utf8.count) == [64])
        #expect(try archive.array("states.value").elements == [0, 2, 4].flatMap { result.outputs(at: $0) })
        #expect(try archive.array("losses.loss").elements == result.losses)
        let trajectory = try reader.trajectory(ofRun: 3)
        #expect(trajectory.columns == ["step", "loss", "output.0.0", "output.1.0"])
        #expect(trajectory.numbers("loss") == result.losses)
    }

    @Test func tablesAreWrittenRowByRow() throws {
        let reader = try StoreReader(path: fill("store", runs(6), engine)), path = folder.file("rows.csv")
        let condition = try Expression("seed >= 2"), texts = ["seed", "activation", "seed * 2 + 1"]
        try reader.writeTable(to: path, deriving: texts, where: condition)
        // By hand: the seeds from 2 on, in the order of their batches, the activation of all runs, and 2 s + 1.
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.first == "seed,activation,seed * 2 + 1")
        #expect(lines.dropFirst().sorted() == ["2,erf,5.0", "3,erf,7.0", "4,erf,9.0", "5,erf,11.0"])
        let whole = try reader.table().text
        try reader.writeTable(to: path, overwrite: true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
        #expect(throws: FileError.outputExists(path: path)) { try reader.writeTable(to: path) }
        // What fails leaves what was there.
        #expect(throws: QuantityError.self) { try reader.writeTable(to: path, deriving: ["sed"], overwrite: true) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
    }

    @Test func aSampleIsAPartOfTheRuns() throws {
        let reader = try StoreReader(path: fill("store", runs(64), engine))
        let all = try reader.sample(64), part = try reader.sample(16), again = try reader.sample(16), table = try reader.table()
        #expect(all.runs == 64 && all.table == table)
        #expect(part.runs == 64 && part.table == again.table)
        // Binomial with n = 64 and p = 1/4: 16 ± 3.5; five deviations.
        #expect(abs(part.table.rows.count - 16) <= 17 && part.table.rows.count < 64)
        #expect(part.table.rows.allSatisfy { all.table.rows.contains($0) })
        #expect(try reader.sample(100, where: Expression("seed < 10")).runs == 10)
        // The same runs where columns are derived; their digests are no columns of the table.
        let derived = try reader.table(deriving: ["2*seed"], limit: 16)
        #expect(derived.runs == 64 && derived.table.columns == ["2*seed"])
        #expect(derived.table.numbers("2*seed") == part.table.numbers("seed")?.map { 2 * $0 })
        #expect(try reader.table(deriving: ["seed"]).runs == 64)
        let filled = try Set(reader.filledColumns.map(\.name))
        #expect(filled.isSuperset(of: ["seed", "activation", "width"]) && filled.isDisjoint(with: ["networks", "batch"]))
    }
}
