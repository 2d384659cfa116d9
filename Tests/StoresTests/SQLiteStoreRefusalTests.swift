import Compute
import Engines
import Foundation
import Networks
import Runs
import Stores
import TestSupport
import Testing

/// What is refused, in which words, and that nothing is lost by it.
@Suite struct SQLiteStoreRefusalTests {
    private let folder: TemporaryFolder
    private let engine = SyntheticEngine()
    private var path: String { folder.file("s.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    /// A store with one run, closed.
    private func make() throws {
        try Scheduler(engine: engine, store: try SQLiteStore(path, engine)).execute([try .small(seed: 1)])
    }

    /// Writes a big-endian number into the file's header.
    private func patch(_ value: UInt32, at offset: UInt64) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: withUnsafeBytes(of: value.bigEndian) { Data($0) })
        try handle.close()
    }

    private func refusal(_ body: () throws -> Void) -> StoreError? {
        do { try body() } catch { return error as? StoreError }
        return nil
    }

    @Test func storesOfNewerVersions() throws {
        try make()
        // The user version of SQLite's file format.
        try patch(99, at: 60)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let expected = StoreError.newerVersion(path: path, found: 99, known: 1, writer: Version.current)
        #expect(throws: expected) { _ = try SQLiteStore(path, engine) }
        #expect(throws: expected) { _ = try StoreReader(path: path) }
        #expect(expected.description.contains("version 99") && expected.description.contains("up to 1"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func databasesOfOtherPrograms() throws {
        try make()
        // The application identifier.
        try patch(0, at: 68)
        for error in [refusal { _ = try SQLiteStore(path, engine) }, refusal { _ = try StoreReader(path: path) }] {
            guard case .notAStore = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test(arguments: [
        "x", "no database, but a text that is longer than a hundred bytes, so that it could hold all of a header of SQLite's",
    ])
    func otherFiles(text: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        for error in [refusal { _ = try SQLiteStore(path, engine) }, refusal { _ = try StoreReader(path: path) }] {
            guard case .notAStore = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        #expect(!FileManager.default.fileExists(atPath: path + ".lock"))
    }

    @Test func foldersThatAreNotThere() throws {
        guard case .cannotOpen = refusal({ _ = try SQLiteStore(folder.file("none/s.sqlite"), engine) }) else {
            Issue.record("a store was made in no folder")
            return
        }
        guard case .cannotRead = refusal({ _ = try StoreReader(path: folder.file("none.sqlite")) }) else {
            Issue.record("a store was read that is not there")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("none.sqlite")))
        guard case .notAStore = refusal({ _ = try SQLiteStore(folder.path, engine) }) else {
            Issue.record("a folder was taken for a store")
            return
        }
    }

    @Test func anotherWriter() throws {
        do {
            let first = try SQLiteStore(path, engine)
            let error = try #require(refusal { _ = try SQLiteStore(path, engine) })
            #expect(error == .inUse(path: path, holder: "process \(getpid()) on \(Provenance.test().host)"))
            #expect(error.description.contains("process \(getpid())"))
            try Scheduler(engine: engine, store: first).execute([try .small(seed: 1)])
            #expect(try StoreReader(path: path).count == 1)
        }
        #expect(try SQLiteStore(path, engine).count == 1)
    }

    @Test func otherDevicesAndRevisions() throws {
        try make()
        let other = SyntheticEngine(device: "another device")
        guard case .mixed(_, let held, let added) = refusal({ _ = try SQLiteStore(path, other) }) else {
            Issue.record("a store took results of another device")
            return
        }
        #expect(held.count == 1 && held[0].contains("a device") && added.count == 1 && added[0].contains("another device"))
        let error = try #require(refusal { _ = try SQLiteStore(path, engine, revision: "r2") })
        #expect(error.description.contains("r1") && error.description.contains("r2") && error.description.contains("--mixed"))
        // Another precision of the same device gives other runs, not other results.
        #expect(try SQLiteStore(path, SyntheticEngine(precision: .float32)).count == 1)
        // An engine that was not announced is found out when it delivers.
        do {
            let store = try SQLiteStore(path, engine)
            guard case .mixed = refusal({ try Scheduler(engine: other, store: store).execute([try .small(seed: 2)]) }) else {
                Issue.record("a store took results of an engine that it was not told of")
                return
            }
            #expect(store.count == 1)
        }
        do {
            let store = try SQLiteStore(path, other, mixed: true)
            try Scheduler(engine: other, store: store).execute([try .small(seed: 2)])
        }
        // What is there already may be added to by both.
        #expect(try SQLiteStore(path, engine).count == 2)
        #expect(try SQLiteStore(path, other).count == 2)
    }

    /// SQLite itself says that there is no more room, in the middle of a batch.
    @Test(arguments: JournalMode.allCases) func aFullDisk(journal: JournalMode) throws {
        let runs = try (0..<400).map { try Run.small(seed: $0) }
        let kept: Digest
        do {
            let store = try SQLiteStore(path, engine, options: .init(journal: journal, byteLimit: 600_000))
            let scheduler = Scheduler(engine: engine, store: store, planner: Planner(largestBatch: 100))
            guard case .full = refusal({ try scheduler.execute(runs) }) else {
                Issue.record("no refusal")
                return
            }
            #expect(store.count > 0 && store.count < 400 && store.count % 4 == 0)
            #expect(try store.reader.count == store.count)
            kept = try store.reader.fingerprint
            // What is not stored is not there.
            #expect(try runs.count { try scheduler.result(for: $0) != nil } == store.count)
        }
        let store = try SQLiteStore(path, engine, options: .init(journal: journal))
        #expect(try store.reader.fingerprint == kept)
        try Scheduler(engine: engine, store: store).execute(runs)
        let other = try SQLiteStore(folder.file("whole.sqlite"), engine)
        try Scheduler(engine: engine, store: other).execute(runs)
        #expect(try store.reader.fingerprint == other.reader.fingerprint)
    }

    /// As an ordinary user: root may write to everything. The identity that files are opened with belongs to a thread.
    @Test func filesAndFoldersThatMayNotBeWritten() async throws {
        try make()
        #expect(chmod(folder.path, 0o755) == 0)
        #expect(chmod(path, 0o444) == 0)
        let path = path, folder = folder.path
        func attempt() async -> (store: StoreError?, count: Int?) {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    var failure: StoreError?, count: Int?
                    if getuid() == 0, let symbol = dlsym(nil, "setfsuid") {
                        let setfsuid = unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
                        _ = setfsuid(65534)
                    }
                    do { _ = try SQLiteStore(path, SyntheticEngine()) } catch { failure = error as? StoreError }
                    count = try? StoreReader(path: path).count
                    continuation.resume(returning: (failure, count))
                }
            }
        }
        func expectReadOnly(_ result: (store: StoreError?, count: Int?)) {
            guard case .readOnly = result.store else {
                Issue.record("\(String(describing: result.store))")
                return
            }
            #expect(result.count == 1)
        }
        // The folder is another's.
        expectReadOnly(await attempt())
        // The folder is everybody's, the file is not.
        #expect(chmod(folder, 0o777) == 0)
        expectReadOnly(await attempt())
    }

    @Test func journalsByFileSystem() {
        let mounts = """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            30 22 0:45 / /home rw,nosuid shared:2 master:3 - nfs4 server:/home rw,vers=4.2
            31 22 0:46 / /scratch rw - lustre 10.0.0.1@tcp:/scratch rw
            32 22 0:47 / /mnt/my\\040disk rw - fuse.sshfs me@there: rw
            """
        #expect(JournalMode.suited(toDevice: "8:1", mounts: mounts) == .wal)
        #expect(JournalMode.suited(toDevice: "0:45", mounts: mounts) == .delete)
        #expect(JournalMode.suited(toDevice: "0:46", mounts: mounts) == .delete)
        #expect(JournalMode.suited(toDevice: "0:47", mounts: mounts) == .delete)
        #expect(JournalMode.suited(toDevice: "9:9", mounts: mounts) == .wal)
        // /proc is no network's.
        #expect(JournalMode.suited(to: "/proc") == .wal)
    }
}
