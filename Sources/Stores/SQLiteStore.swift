import Engines
import Foundation
import GRDB
import Runs
import Synchronization

/// A store in one SQLite file: see Documentation/Store.md for its tables.
///
/// A batch is written in one transaction that is on the disk when `insert` returns (`synchronous=FULL`). One process at a time writes,
/// any number may read (``StoreReader``).
public final class SQLiteStore: Store {
    public let path: String
    let queue: DatabaseQueue
    let origin: Origin
    private let lock: StoreLock
    /// The file and, where there is one, its log.
    private let files: [StoreFile.Identity]
    private let known: Mutex<Set<Digest>>
    private let writing: Mutex<Writing>

    /// Who writes.
    struct Origin: Sendable {
        let provenance: Provenance
        let engines: [EngineDescription]
        let mixed: Bool
        /// Names this opening of the store, among all stores.
        let session = UUID().uuidString
    }

    /// What is true of the file as it stands.
    private struct Writing: Sendable {
        var nextRun: Int
        var provenance: [EngineDescription: Origin.Row] = [:]
        var datasets: Set<String>
        var scan: ScanStatus?

        init(_ contents: Contents) { (nextRun, datasets) = (contents.nextRun, contents.datasets) }
    }

    /// How a store is kept.
    public struct Options: Sendable, Hashable {
        /// How batches are made all or nothing. Default nil: ``JournalMode/suited(to:)`` the file's folder.
        public var journal: JournalMode?
        /// Bytes that the file may take at the most. Default nil: as many as the disk has.
        public var byteLimit: Int?

        public init(journal: JournalMode? = nil, byteLimit: Int? = nil) {
            self.journal = journal
            self.byteLimit = byteLimit
        }
    }

    /// Opens a store for writing, or makes one.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must be there.
    ///   - provenance: what writes, and how it was called.
    ///   - engines: what computes the results that will be inserted; none to merge.
    ///   - mixed: whether results of other devices, drivers or revisions of the program may lie beside those that are there.
    /// - Throws: `StoreError`.
    public init(
        path: String, provenance: Provenance, engines: [EngineDescription], mixed: Bool = false, options: Options = Options()
    ) throws {
        self.path = path
        origin = Origin(provenance: provenance, engines: engines, mixed: mixed)
        let absolute = try StoreFile.checkWritable(path)
        lock = try StoreLock(store: absolute, path: path, host: provenance.host)
        let isNew = access(absolute, F_OK) != 0
        let queue = try StoreFile.openForWriting(absolute, path: path)
        self.queue = queue
        let added = Set(engines.map { StoreOrigin($0, provenance) })
        do {
            // Nothing is changed in a file that is not sound.
            let contents = try StoreError.translating(path) {
                try queue.read { database in
                    guard try !StoreFile.isEmpty(database) else { return Contents() }
                    try StoreFile.check(database, path: path)
                    if !mixed { try StoreOrigin.check(added, held: StoreOrigin.held(database), path: path) }
                    return try Contents(database)
                }
            }
            try StoreFile.prepare(queue, in: absolute, path: path, options: options)
            files = try [StoreFile.Identity(absolute, path: path)] + StoreFile.Identity.log(of: absolute, path: path)
            writing = Mutex(Writing(contents))
            known = Mutex(contents.digests)
        } catch {
            try? queue.close()
            // Half a store is none.
            if isNew { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(absolute + suffix) } }
            throw error
        }
    }

    /// What a file holds, as far as it is kept in memory.
    private struct Contents {
        let digests: Set<Digest>
        let nextRun: Int
        let datasets: Set<String>

        init() { (digests, nextRun, datasets) = ([], 1, []) }

        /// - Throws: `StoreDamage`, `DatabaseError` for a store that is not sound: what is added to it would be lost with it.
        init(_ database: Database) throws {
            digests = try StoreAudit.check(database)
            nextRun = try database.storeInteger("SELECT coalesce(max(run), 0) + 1 FROM runs", table: "runs")
            var datasets: Set<String> = []
            let rows = try StoreRows(database, "SELECT digest FROM datasets", table: "datasets")
            while try rows.next() { datasets.insert(try rows.text(0)) }
            self.datasets = datasets
        }
    }

    public var reader: StoreReader { StoreReader(self) }

    /// How many runs are stored.
    public var count: Int { known.withLock { $0.count } }

    /// Whether the results of that run are there.
    public func contains(_ digest: Digest) -> Bool { known.withLock { $0.contains(digest) } }

    /// The results of that run, bit for bit as far as its recording keeps them, or nil. All NaN are one NaN.
    /// - Throws: `StoreError`.
    public func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        guard contains(digest) else { return nil }
        guard let result = try reader.result(for: run, digest) else {
            throw StoreError.damaged(path: path, place: "run with digest \(digest)", reason: "it was there and is there no more")
        }
        return result
    }

    /// Keeps the results of a batch: all of them or, if it throws, none. Runs that are there already stay as they are.
    /// - Throws: `StoreError`.
    public func insert(_ results: [(digest: Digest, result: RunResult)]) throws {
        var seen: Set<Digest> = []
        let rows = try StoredRun.rows(
            known.withLock { known in results.filter { !known.contains($0.digest) && seen.insert($0.digest).inserted } })
        try writing.withLock { writing in
            writing = try transaction { database in
                var next = writing
                try register(rows, &next, database)
                let writer = try RunWriter(database)
                for row in rows where !contains(row.digest) { try write(row, writer, &next) }
                if var scan = next.scan {
                    scan.done += rows.count
                    scan.diverged += rows.count { $0.status == "diverged" }
                    scan.updated = ScanStatus.now()
                    try scan.save(database)
                    next.scan = scan
                }
                return next
            }
            known.withLock { $0.formUnion(rows.lazy.map(\.digest)) }
        }
    }

    private func write(_ row: StoredRun, _ writer: RunWriter, _ next: inout Writing) throws {
        guard let provenance = next.provenance[row.result.engine] else { return }
        try writer.write(row, number: next.nextRun, provenance: provenance)
        next.nextRun += 1
        for list in row.longLists {
            let name = CanonicalJSON.name(of: list)
            if next.datasets.insert(name).inserted { try writer.write(list, named: name) }
        }
    }

    /// Enters all engines of this session with its first results, so that it can be resumed with all of them.
    private func register(_ rows: [StoredRun], _ next: inout Writing, _ database: Database) throws {
        var seen: Set<EngineDescription> = [], engines: [EngineDescription] = []
        for engine in origin.engines + rows.map(\.result.engine) where seen.insert(engine).inserted { engines.append(engine) }
        guard !rows.isEmpty, engines.contains(where: { next.provenance[$0] == nil }) else { return }
        if !origin.mixed {
            try StoreOrigin.check(
                Set(engines.map { StoreOrigin($0, origin.provenance) }), held: StoreOrigin.held(database), path: path)
        }
        for engine in engines where next.provenance[engine] == nil { next.provenance[engine] = try origin.save(engine, database) }
    }

    /// Refuses to go on where the file was removed or replaced.
    func checkFile() throws { for file in files { try file.check() } }

    /// Writes all or nothing, into the file that was opened and no other.
    func transaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try checkFile()
        let value = try StoreError.translating(path) { try queue.write(body) }
        try checkFile()
        return value
    }

    /// Has the store tell how far a scan is: from now on with every batch.
    /// - Throws: `StoreError`.
    public func begin(_ scan: ScanStatus) throws { try update { $0 = scan } }

    /// Notes how far the scan is; it is written with the next batch.
    /// - Parameter rate: networks·steps a second.
    public func note(_ progress: Scheduler.Progress, rate: Double) {
        writing.withLock { writing in
            writing.scan?.total = progress.total
            writing.scan?.excluded = progress.excluded
            writing.scan?.done = progress.done
            writing.scan?.diverged = progress.diverged
            writing.scan?.rate = rate
        }
    }

    /// Writes what became of the scan.
    /// - Throws: `StoreError`.
    public func end(_ state: ScanStatus.State) throws { try update { $0?.state = state } }

    private func update(_ change: (inout ScanStatus?) -> Void) throws {
        try writing.withLock { writing in
            change(&writing.scan)
            writing.scan?.updated = ScanStatus.now()
            if let scan = writing.scan { try transaction { try scan.save($0) } }
        }
    }

    /// Reads again what the file holds, after runs came in another way.
    func reload() throws {
        try writing.withLock { writing in
            let contents = try StoreError.translating(path) { try queue.read { try Contents($0) } }
            (writing.nextRun, writing.datasets) = (contents.nextRun, contents.datasets)
            known.withLock { $0 = contents.digests }
        }
    }

    deinit {
        // A finished store is one file that opens in folders that cannot be written to; where others read it now, the log stays.
        if (try? checkFile()) != nil { try? queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") } }
        try? queue.close()
        // SQLite leaves the log of a file that is not there any more. Another file must not be taken for what it belongs to.
        if files[0].isReplaced { for log in files.dropFirst() where (try? log.check()) != nil { log.removeLog() } }
    }
}
