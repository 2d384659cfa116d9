import GRDB

/// The tables of a store, and how stores of earlier versions come to have them.
enum StoreSchema {
    /// The version that this program reads and writes: `PRAGMA user_version`.
    static let version = 1
    /// `PRAGMA application_id`: "INFL".
    static let applicationIdentifier = 0x494E_464C

    /// Makes or renews the tables; each step is all or nothing.
    static func migrate(_ queue: DatabaseQueue) throws {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: tables)
            try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier); PRAGMA user_version = 1")
        }
        try migrator.migrate(queue)
    }

    /// Adds the columns of quantities that are newer than the store; runs that are there have no value in them.
    static func addMissingColumns(_ database: Database) throws {
        let present = Set(try database.columns(in: "runs").map { $0.name.lowercased() })
        for column in StoreColumn.all where !present.contains(column.name.lowercased()) {
            try database.execute(sql: "ALTER TABLE runs ADD COLUMN \(column.definition)")
        }
    }

    /// Tables by run, of which each row belongs to one run and is found by it.
    static let tablesOfRuns = ["identities", "states", "losses", "negativeZeros", "spectra", "modes", "kernels"]

    /// Rows lie in the order of their keys, so that a run's are side by side and no index is needed beside them.
    private static var tables: String {
        """
        CREATE TABLE provenance (
            provenance INTEGER PRIMARY KEY, session TEXT NOT NULL, version TEXT NOT NULL, revision TEXT NOT NULL,
            engine TEXT NOT NULL, device TEXT NOT NULL, driver TEXT NOT NULL, "precision" TEXT NOT NULL, weightStream INTEGER NOT NULL,
            host TEXT NOT NULL, operatingSystem TEXT NOT NULL, command TEXT NOT NULL, date TEXT NOT NULL, parameters TEXT NOT NULL,
            UNIQUE (session, engine, device, driver, "precision"));
        CREATE TABLE runs (
            run INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,
            provenance INTEGER NOT NULL REFERENCES provenance, status TEXT NOT NULL, lastFinite INTEGER,
            \(StoreColumn.all.map(\.definition).joined(separator: ", ")));
        CREATE TABLE identities (run INTEGER PRIMARY KEY REFERENCES runs, parameters TEXT NOT NULL);
        CREATE TABLE states (
            run INTEGER NOT NULL REFERENCES runs, step INTEGER NOT NULL, point INTEGER NOT NULL, output INTEGER NOT NULL, value REAL,
            PRIMARY KEY (run, step, point, output)) WITHOUT ROWID;
        CREATE TABLE losses (
            run INTEGER NOT NULL REFERENCES runs, step INTEGER NOT NULL, loss REAL, PRIMARY KEY (run, step)) WITHOUT ROWID;
        CREATE TABLE negativeZeros (
            run INTEGER NOT NULL REFERENCES runs, step INTEGER NOT NULL, field INTEGER NOT NULL,
            PRIMARY KEY (run, step, field)) WITHOUT ROWID;
        CREATE TABLE spectra (
            run INTEGER NOT NULL REFERENCES runs, step INTEGER NOT NULL, mode INTEGER NOT NULL, eigenvalue REAL,
            PRIMARY KEY (run, step, mode)) WITHOUT ROWID;
        CREATE TABLE modes (
            run INTEGER NOT NULL REFERENCES runs, step INTEGER NOT NULL, mode INTEGER NOT NULL, value REAL,
            PRIMARY KEY (run, step, mode)) WITHOUT ROWID;
        CREATE TABLE kernels (
            run INTEGER NOT NULL REFERENCES runs, step INTEGER NOT NULL, matrix BLOB NOT NULL, PRIMARY KEY (run, step));
        CREATE TABLE datasets (digest TEXT PRIMARY KEY, "values" BLOB NOT NULL);
        CREATE TABLE scans (
            scan INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, name TEXT NOT NULL, file TEXT NOT NULL, total INTEGER NOT NULL,
            excluded INTEGER NOT NULL, done INTEGER NOT NULL, diverged INTEGER NOT NULL, rate REAL NOT NULL, started TEXT NOT NULL,
            updated TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL, state TEXT NOT NULL);
        """
    }
}
