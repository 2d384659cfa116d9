import GRDB

extension ScanStatus {
    private static let columns = [
        "identity", "name", "file", "total", "excluded", "done", "diverged", "rate", "started", "updated", "pid", "host", "state",
    ]

    /// Writes it into the place of what was there of this attempt.
    func save(_ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO scans (\(Self.columns.joined(separator: ", "))) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (identity) DO UPDATE SET \(Self.columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                """)
        try statement.execute(arguments: [
            identity, name, file, total, excluded, done, diverged, rate, started, updated, processIdentifier, host, state.rawValue,
        ])
    }

    /// All scans of a store, the oldest first.
    static func all(_ database: Database) throws -> [ScanStatus] {
        try Row.fetchAll(database, sql: "SELECT * FROM scans ORDER BY scan").map { ScanStatus(row: $0) }
    }

    private init(row: Row) {
        identity = row["identity"]
        name = row["name"]
        file = row["file"]
        total = row["total"]
        excluded = row["excluded"]
        done = row["done"]
        diverged = row["diverged"]
        rate = row["rate"]
        started = row["started"]
        updated = row["updated"]
        processIdentifier = row["pid"]
        host = row["host"]
        state = State(rawValue: row["state"]) ?? .failed
    }
}
