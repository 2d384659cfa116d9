import Foundation
import GRDB
import Runs

extension ScanStatus {
    private static let columns = [
        "identity", "name", "file", "total", "excluded", "done", "diverged", "rate", "started", "updated", "pid", "host", "state", "shard",
        "shards",
    ]

    /// Writes it into the place of what was there of this attempt.
    func save(_ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO scans (\(Self.columns.joined(separator: ", "))) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (identity) DO UPDATE SET \(Self.columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                """)
        try statement.execute(arguments: [
            identity, name, file, total, excluded, done, diverged, rate, started, updated, processIdentifier, host, state.rawValue,
            shard?.index, shard?.count,
        ])
    }

    /// All scans of a store, the oldest first.
    static func all(_ database: Database) throws -> [ScanStatus] {
        // Stores of earlier programs have no columns of shards until they are written to.
        let present = Set(try StoreSchema.columns(of: "scans", database).map(\.name))
        let names = columns.map { present.contains($0) ? $0 : "NULL AS \($0)" }.joined(separator: ", ")
        let rows = try StoreRows(database, "SELECT scan, \(names) FROM scans ORDER BY scan", table: "scans")
        var scans: [ScanStatus] = []
        while try rows.next() { scans.append(try ScanStatus(rows)) }
        return scans
    }

    private init(_ row: StoreRows) throws {
        identity = try row.text(1)
        name = try row.text(2)
        file = try row.text(3)
        total = try row.integer(4, in: 0...Int.max)
        excluded = try row.integer(5, in: 0...Int.max)
        done = try row.integer(6, in: 0...Int.max)
        diverged = try row.integer(7, in: 0...Int.max)
        rate = try row.real(8)
        started = try row.text(9)
        updated = try row.text(10)
        processIdentifier = try row.integer(11, in: 1...Int(pid_t.max))
        host = try row.text(12)
        let word = try row.text(13)
        guard let state = State(rawValue: word) else {
            throw row.damage("state is '\(word)', which is none of \(State.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.state = state
        if let count = try row.optionalInteger(15, in: 1...Int.max) {
            shard = ScanShard(index: try row.integer(14, in: 0...(count - 1)), count: count)
        } else {
            shard = ScanShard(ofName: name)
        }
    }
}
