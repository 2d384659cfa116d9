import Foundation
import GRDB
import Runs

/// Opens the files of stores, and refuses what is none.
enum StoreFile {
    /// Refuses a path that cannot be written, before anything is made there.
    /// - Returns: the path from the root, which SQLite never takes for a URI.
    static func checkWritable(_ path: String) throws(StoreError) -> String {
        let absolute = try resolve(path), folder = URL(fileURLWithPath: absolute).deletingLastPathComponent().path
        var information = stat()
        guard stat(folder, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
            throw .cannotOpen(path: path, reason: "there is no folder \(folder)", remedy: "make it, or choose another")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw .readOnly(path: path, reason: "the folder \(folder): \(String(cString: strerror(errno)))")
        }
        guard stat(absolute, &information) == 0 else { return absolute }
        try checkContent(absolute, path: path)
        guard information.st_nlink == 1 else {
            throw .cannotOpen(
                path: path, reason: "the file has \(information.st_nlink) names (hard links), and SQLite's log and lock go by the name",
                remedy: "copy it, and write to the copy")
        }
        guard access(absolute, W_OK) == 0 else { throw .readOnly(path: path, reason: String(cString: strerror(errno))) }
        return absolute
    }

    /// Opens a file that this process alone writes, or makes an empty one; changes nothing in it.
    static func openForWriting(_ absolute: String, path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "store"
        // Readers hold a store that has no log for as long as they read.
        configuration.busyMode = .timeout(60)
        // References are checked by a merge and by the tests: a look-up for every row would double the cost of storing.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY")
        }
        return try StoreError.translating(path) { try DatabaseQueue(path: absolute, configuration: configuration) }
    }

    /// Whether a file holds nothing: it has no byte, or SQLite's own header alone, as programs leave it that end before they make a table.
    static func isEmpty(_ database: Database) throws -> Bool {
        try ["SELECT count(*) FROM sqlite_schema", "PRAGMA application_id", "PRAGMA user_version"].allSatisfy {
            try database.storeInteger($0, table: "sqlite_schema") == 0
        }
    }

    /// Makes a file that was opened ready to be written: its journal, its limits, and the tables and columns that it lacks.
    static func prepare(_ queue: DatabaseQueue, in absolute: String, path: String, options: SQLiteStore.Options) throws {
        let journal = options.journal ?? .suited(to: URL(fileURLWithPath: absolute).deletingLastPathComponent().path)
        try StoreError.translating(path) {
            // Rows of a kilobyte: a log of large pages is shorter. A file that is there keeps its size.
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA page_size = 16384") }
            if let limit = options.byteLimit {
                try queue.writeWithoutTransaction { database in
                    let page = try database.storeInteger("PRAGMA page_size", table: "sqlite_schema")
                    try database.execute(sql: "PRAGMA max_page_count = \(max(1, limit / max(1, page)))")
                }
            }
            // A log begins with a header of its own in the file, so that a program killed before it made the tables would leave a file that
            // seems another's: the tables come first, all or none, in SQLite's rollback journal.
            try queue.write { try isEmpty($0) ? StoreSchema.create($0) : StoreSchema.addMissingColumns($0) }
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA journal_mode = \(journal.rawValue); PRAGMA wal_autocheckpoint = 4096")
            }
        }
    }

    /// Opens a store that others may be writing.
    static func openForReading(_ path: String) throws -> DatabaseQueue {
        let absolute = try resolve(path)
        guard access(absolute, F_OK) == 0 else {
            throw StoreError.cannotRead(path: path, reason: String(cString: strerror(errno)), remedy: "give the file of a scan")
        }
        guard access(absolute, R_OK) == 0 else {
            throw StoreError.cannotRead(path: path, reason: String(cString: strerror(errno)), remedy: "change its permissions")
        }
        try checkContent(absolute, path: path)
        var configuration = Configuration()
        configuration.readonly = true
        // A writer holds a store for as long as a batch takes to reach the disk.
        configuration.busyMode = .timeout(8)
        return try StoreError.translating(path) {
            func open() throws -> DatabaseQueue {
                let queue = try DatabaseQueue(path: absolute, configuration: configuration)
                try queue.read { try check($0, path: path) }
                return queue
            }
            do { return try open() } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
                try undo(absolute, path: path)
                return try open()
            }
        }
    }

    /// Takes back what a program had begun to write in a rollback journal when it was killed, as every writer does that opens the file.
    private static func undo(_ absolute: String, path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(8)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
        do { _ = try DatabaseQueue(path: absolute, configuration: configuration).read { try isEmpty($0) } } catch let error as DatabaseError
            where error.resultCode == .SQLITE_READONLY || error.resultCode == .SQLITE_CANTOPEN
        {
            throw StoreError.readOnly(
                path: path,
                reason: "a program was killed as it wrote, and what it had begun must first be undone from the -journal beside it")
        }
    }

    /// Refuses other programs' databases, stores of versions that are not known, and tables that are not those of a store.
    static func check(_ database: Database, path: String) throws {
        guard try !isEmpty(database) else { throw StoreError.notAStore(path: path, reason: "it is empty") }
        guard try database.storeInteger("PRAGMA application_id", table: "sqlite_schema") == StoreSchema.applicationIdentifier else {
            throw StoreError.notAStore(path: path, reason: "it is an SQLite database of another program")
        }
        let version = try database.storeInteger("PRAGMA user_version", table: "sqlite_schema")
        guard version <= StoreSchema.version else {
            throw StoreError.newerVersion(path: path, found: version, known: StoreSchema.version, writer: writer(database))
        }
        guard version > 0 else { throw StoreDamage(place: "the file", reason: "its version is \(version), but must be at least 1") }
        try StoreSchema.check(database)
    }

    /// The version of the Inflaton that wrote last, if it can be found in a store whose tables are not known.
    private static func writer(_ database: Database) -> String? {
        guard
            let rows = try? StoreRows(
                database, "SELECT version FROM provenance ORDER BY provenance DESC LIMIT 1", table: "provenance"),
            (try? rows.next()) == true
        else { return nil }
        return try? rows.text(0)
    }

    /// Which file a path led to when it was opened.
    struct Identity: Sendable {
        private let absolute: String
        private let path: String
        private let device: UInt64
        private let number: UInt64

        init(_ absolute: String, path: String) throws(StoreError) {
            var information = stat()
            guard stat(absolute, &information) == 0 else { throw .gone(path: path, reason: "was removed") }
            self.absolute = absolute
            self.path = path
            device = UInt64(information.st_dev)
            number = UInt64(information.st_ino)
        }

        /// That of the log of a store, where it has one.
        static func log(of absolute: String, path: String) -> [Identity] {
            (try? Identity(absolute + "-wal", path: path + "-wal")).map { [$0] } ?? []
        }

        /// Whether another file lies there now.
        var isReplaced: Bool {
            guard let now = try? Identity(absolute, path: path) else { return false }
            return now.device != device || now.number != number
        }

        /// Removes it, a log, with its index.
        func removeLog() {
            unlink(absolute)
            unlink(absolute.replacing(/-wal$/, with: "-shm"))
        }

        /// Whether two paths lead to one file, by whatever links; not where there is none.
        static func areEqual(_ path: String, _ other: String) -> Bool {
            guard let one = try? Identity(StoreFile.resolve(path), path: path),
                let two = try? Identity(StoreFile.resolve(other), path: other)
            else { return false }
            return one.device == two.device && one.number == two.number
        }

        /// Refuses to go on where the path leads to another file by now, or to none.
        func check() throws(StoreError) {
            _ = try Identity(absolute, path: path)
            if isReplaced { throw .gone(path: path, reason: "was replaced by another file") }
        }
    }

    /// SQLite would take some files that are none of its databases for damaged ones.
    private static func checkContent(_ absolute: String, path: String) throws(StoreError) {
        var information = stat()
        guard stat(absolute, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw .notAStore(path: path, reason: "it is not a regular file")
        }
        guard information.st_size > 0, let handle = FileHandle(forReadingAtPath: absolute) else { return }
        let start = (try? handle.read(upToCount: 16)) ?? Data()
        guard start == Data("SQLite format 3\0".utf8) else { throw .notAStore(path: path, reason: "it is no SQLite database") }
    }

    /// The path from the root, links followed as far as it is there: a lock must have one name.
    static func resolve(_ path: String) throws(StoreError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .cannotOpen(path: path, reason: "it does not name a file", remedy: "give a path such as scan.sqlite")
        }
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        return URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
