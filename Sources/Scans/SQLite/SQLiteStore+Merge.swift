import GRDB

extension SQLiteStore {
    /// What a merge did.
    public struct Merge: Sendable, Hashable {
        /// Runs that came in.
        public internal(set) var added = 0
        /// Runs that were there already, with the same results.
        public internal(set) var repeated = 0
        /// Runs that were there already, with other results, which stay out.
        public internal(set) var conflicting = 0
    }

    /// Takes in the runs of other stores: the same run once, and nothing twice however often they are merged. Each store comes in
    /// whole or not at all.
    ///
    /// - Throws: `StoreError`, before anything is taken in: for a file that is no store or too new, and for results of another origin
    ///   unless this store was opened for mixed ones.
    @discardableResult
    public func merge(_ paths: [String]) throws -> Merge {
        var held = try StoreError.translating(path) { try queue.read { try StoreOrigin.held($0) } }
        for source in paths {
            let added = try StoreReader(path: source).read { try StoreOrigin.held($0) }
            if !origin.mixed { try StoreOrigin.check(added, held: held, path: path) }
            held.formUnion(added)
        }
        var merge = Merge()
        defer { try? reload() }
        for source in paths { try take(source, &merge) }
        try reload()
        return merge
    }

    private func take(_ source: String, _ merge: inout Merge) throws {
        let absolute = try StoreFile.resolve(source)
        try StoreError.translating(source) {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "ATTACH ? AS source", arguments: [absolute])
                defer { try? database.execute(sql: "DETACH source") }
                var result = merge
                try database.inTransaction {
                    try StoreMerging(database).take(&result)
                    return .commit
                }
                merge = result
            }
        }
    }
}

/// Copies what `main` lacks from the attached database `source`, inside of a transaction.
private struct StoreMerging {
    let database: Database
    /// Columns of `runs` that both have, but for its number and its provenance.
    private let columns: String
    private let comparison: String

    init(_ database: Database) throws {
        self.database = database
        // Columns of quantities that the source's Inflaton knew and the target's did not.
        let present = Set(try database.columns(in: "runs", in: "main").map { $0.name.lowercased() })
        let theirs = try database.columns(in: "runs", in: "source")
        for column in theirs where !present.contains(column.name.lowercased()) {
            try database.execute(sql: "ALTER TABLE main.runs ADD COLUMN \(StoreColumn.quoted(column.name)) \(column.type)")
        }
        let names = theirs.map(\.name).filter { $0 != "run" && $0 != "provenance" }.map(StoreColumn.quoted)
        columns = names.joined(separator: ", ")
        comparison = names.map { "ours.\($0) IS theirs.\($0)" }.joined(separator: " AND ")
    }

    func take(_ merge: inout SQLiteStore.Merge) throws {
        try compare(&merge)
        try database.execute(
            sql: """
                CREATE TEMP TABLE renumbered AS SELECT run AS source,
                    (SELECT coalesce(max(run), 0) FROM main.runs) + row_number() OVER (ORDER BY run) AS target
                FROM source.runs WHERE digest NOT IN (SELECT digest FROM main.runs) ORDER BY run
                """)
        merge.added += try Int.fetchOne(database, sql: "SELECT count(*) FROM renumbered") ?? 0
        try takeProvenance()
        try database.execute(
            sql: """
                INSERT INTO main.runs (run, provenance, \(columns))
                SELECT target, sessions.ours, \(columns) FROM renumbered JOIN source.runs AS runs ON runs.run = renumbered.source
                JOIN sessions ON sessions.theirs = runs.provenance ORDER BY target
                """)
        for table in StoreSchema.tablesOfRuns {
            let names = try database.columns(in: table, in: "main").map(\.name).filter { $0 != "run" }.joined(separator: ", ")
            try database.execute(
                sql: """
                    INSERT INTO main.\(table) (run, \(names)) SELECT target, \(names)
                    FROM renumbered JOIN source.\(table) AS theirs ON theirs.run = renumbered.source
                    """)
        }
        try database.execute(sql: "INSERT OR IGNORE INTO main.datasets SELECT * FROM source.datasets")
        let scan = try database.columns(in: "scans", in: "main").map(\.name).filter { $0 != "scan" }.joined(separator: ", ")
        try database.execute(sql: "INSERT OR IGNORE INTO main.scans (\(scan)) SELECT \(scan) FROM source.scans ORDER BY scan")
        try database.execute(sql: "DROP TABLE temp.renumbered; DROP TABLE temp.sessions")
    }

    /// Enters the sessions that computed what comes in; a session has one row for each engine, whichever store it comes from.
    private func takeProvenance() throws {
        let names = try database.columns(in: "provenance", in: "main").map(\.name).filter { $0 != "provenance" }
            .map(StoreColumn.quoted).joined(separator: ", ")
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO main.provenance (\(names)) SELECT \(names) FROM source.provenance WHERE session IN (
                    SELECT session FROM source.provenance AS p JOIN source.runs AS r USING (provenance)
                    JOIN renumbered ON renumbered.source = r.run)
                ORDER BY provenance;
                CREATE TEMP TABLE sessions AS SELECT theirs.provenance AS theirs, ours.provenance AS ours
                FROM source.provenance AS theirs JOIN main.provenance AS ours USING (session, engine, device, driver, "precision")
                """)
    }

    /// Counts runs that are in both, by whether they are equal to the last bit.
    private func compare(_ merge: inout SQLiteStore.Merge) throws {
        try database.execute(
            sql: """
                CREATE TEMP TABLE common AS SELECT ours.run AS ours, theirs.run AS theirs, \(comparison) AS same
                FROM source.runs AS theirs JOIN main.runs AS ours USING (digest)
                """)
        for table in StoreSchema.tablesOfRuns where table != "identities" {
            let names = try database.columns(in: table, in: "main").map(\.name).filter { $0 != "run" }.joined(separator: ", ")
            for (left, right, one, other) in [("main", "source", "ours", "theirs"), ("source", "main", "theirs", "ours")] {
                try database.execute(
                    sql: """
                        UPDATE common SET same = 0 WHERE same AND EXISTS (
                            SELECT \(names) FROM \(left).\(table) WHERE run = common.\(one)
                            EXCEPT SELECT \(names) FROM \(right).\(table) WHERE run = common.\(other))
                        """)
            }
        }
        merge.repeated += try Int.fetchOne(database, sql: "SELECT count(*) FROM common WHERE same") ?? 0
        merge.conflicting += try Int.fetchOne(database, sql: "SELECT count(*) FROM common WHERE NOT same") ?? 0
        try database.execute(sql: "DROP TABLE temp.common")
    }
}
