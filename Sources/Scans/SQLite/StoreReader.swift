import Engines
import GRDB

/// Reads a store, also while a scan writes to it.
public struct StoreReader: Sendable {
    /// The file.
    public let path: String
    let queue: DatabaseQueue
    /// Whose queue it is: it closes the file when it goes.
    private let owner: SQLiteStore?

    /// Opens a store that is there.
    /// - Throws: `StoreError`.
    public init(path: String) throws {
        queue = try StoreFile.openForReading(path)
        self.path = path
        owner = nil
    }

    init(_ owner: SQLiteStore) {
        queue = owner.queue
        path = owner.path
        self.owner = owner
    }

    /// Reads what is there at one moment.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try StoreError.translating(path) { try queue.read(body) }
    }

    /// Reads rows that never change. Ten times as fast: to read at one moment, GRDB has SQLite prepare all statements anew.
    func readRun<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try StoreError.translating(path) { try queue.unsafeRead(body) }
    }

    /// How many runs are stored.
    /// - Throws: `StoreError`.
    public var count: Int { get throws { try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs") ?? 0 } } }

    /// The identities of all runs that are stored.
    /// - Throws: `StoreError`.
    var digests: Set<Digest> { get throws { try read { try SQLiteStore.digests($0) } } }

    /// The scans that wrote to it, the oldest first.
    /// - Throws: `StoreError`.
    public var scans: [ScanStatus] { get throws { try read { try ScanStatus.all($0) } } }

    /// The canonical JSON of every run, in the order in which they were stored.
    /// - Throws: `StoreError`.
    public var parameters: [String] {
        get throws { try read { try String.fetchAll($0, sql: "SELECT parameters FROM identities ORDER BY run") } }
    }

    /// A long list of numbers by the name that stands for it in the canonical JSON, or nil.
    /// - Throws: `StoreError`.
    public func dataset(_ name: String) throws -> [Double]? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT \"values\" FROM datasets WHERE digest = ?", arguments: [name]).flatMap {
                try $0.doubles(at: 0)
            }
        }
    }
}

extension Row {
    /// Little-endian doubles.
    func doubles(at index: Int) throws -> [Double]? {
        try withUnsafeData(atIndex: index) { data in data?.withUnsafeBytes { [Double](littleEndianBytes: $0) } }
    }
}
