import Engines
import GRDB
import Runs
import Synchronization

/// Reads a store, also while a scan writes to it.
public struct StoreReader: Sendable {
    public let path: String
    let queue: DatabaseQueue
    /// Whose queue it is: it closes the file when it goes.
    private let owner: SQLiteStore?
    private let checked: Checked

    /// Which state of the file was found sound.
    private final class Checked: Sendable {
        let state = Mutex<[Int]?>(nil)
    }

    /// Opens a store that is there.
    /// - Throws: `StoreError`.
    public init(path: String) throws {
        queue = try StoreFile.openForReading(path)
        self.path = path
        owner = nil
        checked = Checked()
    }

    init(_ owner: SQLiteStore) {
        queue = owner.queue
        path = owner.path
        self.owner = owner
        checked = Checked()
    }

    /// Reads what is there at one moment.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try StoreError.translating(path) { try queue.read(body) }
    }

    /// Reads what is there at one moment, of a file that may be so damaged that SQLite cannot even end a transaction that only read.
    func readDamaged<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try StoreError.translating(path) {
            try queue.unsafeRead { database in
                try database.execute(sql: "BEGIN")
                defer { try? database.execute(sql: "ROLLBACK") }
                return try body(database)
            }
        }
    }

    /// Reads rows that never change. Faster: to read at one moment, GRDB has SQLite prepare all statements anew.
    func readRun<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try StoreError.translating(path) { try queue.unsafeRead(body) }
    }

    /// Refuses a store of which anything is not as it was stored; the same state of a file is read once.
    /// - Throws: `StoreDamage`, `DatabaseError`.
    func checkSound(_ database: Database) throws {
        let state = [try database.storeInteger("PRAGMA data_version", table: "sqlite_schema"), database.totalChangesCount]
        if checked.state.withLock({ $0 == state }) { return }
        try StoreAudit.checkSound(database)
        checked.state.withLock { $0 = state }
    }

    /// How many runs are stored.
    /// - Throws: `StoreError`.
    public var count: Int { get throws { try read { try $0.storeInteger("SELECT count(*) FROM runs", table: "runs") } } }

    /// The identities of all runs, of a store that is sound.
    /// - Throws: `StoreError`.
    var digests: Set<Digest> { get throws { try read { try StoreAudit.check($0) } } }

    /// The scans that wrote to it, the oldest first.
    /// - Throws: `StoreError`.
    public var scans: [ScanStatus] { get throws { try read { try ScanStatus.all($0) } } }

    /// The canonical JSON of every run, in the order in which they were stored.
    /// - Throws: `StoreError`.
    public var parameters: [String] {
        get throws {
            try read { database in
                let rows = try StoreRows(database, "SELECT run, parameters FROM identities ORDER BY run", table: "identities")
                var parameters: [String] = []
                while try rows.next() { parameters.append(try rows.text(1)) }
                return parameters
            }
        }
    }

    /// A long list of numbers by the name that stands for it in the canonical JSON, or nil.
    /// - Throws: `StoreError`.
    public func dataset(_ name: String) throws -> [Double]? {
        try read { database in
            let rows = try StoreRows(database, "SELECT digest, \"values\" FROM datasets WHERE digest = ?", table: "datasets")
            rows.start(name)
            return try rows.next() ? [Double](littleEndianBytes: rows.blob(1)) : nil
        }
    }
}
