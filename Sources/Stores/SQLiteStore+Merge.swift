import GRDB
import Runs

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
    /// - Throws: `StoreError`, before anything is taken in: for a file that is no store, too new or not sound, and for results of another
    ///   origin unless this store was opened for mixed ones.
    @discardableResult
    public func merge(_ paths: [String]) throws -> Merge {
        try merge(MergeSources(paths, into: path, mixed: origin.mixed))
    }

    /// Takes in the runs of stores that were read already.
    @discardableResult
    public func merge(_ sources: MergeSources) throws -> Merge {
        if !origin.mixed {
            var held = try StoreError.translating(path) { try queue.read { try StoreOrigin.held($0) } }
            for added in sources.origins {
                try StoreOrigin.check(added, held: held, path: path)
                held.formUnion(added)
            }
        }
        var merge = Merge()
        defer { try? reload() }
        for source in sources.paths { try take(source, &merge) }
        return merge
    }

    private func take(_ source: String, _ merge: inout Merge) throws {
        let absolute = try StoreFile.resolve(source)
        try checkFile()
        do {
            try take(attached: absolute, of: source, &merge)
        } catch StoreError.full(_, let reason) {
            // What is full is where it is taken to.
            throw StoreError.full(path: path, reason: reason)
        }
        try checkFile()
    }

    private func take(attached absolute: String, of source: String, _ merge: inout Merge) throws {
        try StoreError.translating(source) {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "ATTACH ? AS source; PRAGMA foreign_keys = ON", arguments: [absolute])
                defer { try? database.execute(sql: "PRAGMA foreign_keys = OFF; DETACH source") }
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
        // Columns that the source's Inflaton knew and the target's did not.
        for table in [StoreTable.provenance, .runs, .scans] {
            let theirs = try StoreSchema.columns(of: table.name, in: "source", database)
            try StoreSchema.add(theirs.map { StoreTable.Column(name: $0.name, kind: $0.kind) }, to: table, database)
        }
        let names = try StoreSchema.columns(of: "runs", in: "source", database).map(\.name)
        columns = names.filter { $0 != "run" && $0 != "provenance" }.map(StoreColumn.quoted).joined(separator: ", ")
        comparison = names.filter { !RunChecksum.ofPlace.contains($0) }.map(StoreColumn.quoted)
            .map { "ours.\($0) IS theirs.\($0)" }.joined(separator: " AND ")
    }

    private func count(_ sql: String, _ table: StoreTable = .runs) throws -> Int { try database.storeInteger(sql, table: table.name) }

    /// Names of columns for SQL, without those that number the rows of a store.
    private func names(_ table: StoreTable, without number: String, in schema: String = "main") throws -> String {
        try StoreSchema.columns(of: table.name, in: schema, database).map(\.name).filter { $0 != number }.map(StoreColumn.quoted)
            .joined(separator: ", ")
    }

    func take(_ merge: inout SQLiteStore.Merge) throws {
        try compare(&merge)
        let before = try count("SELECT count(*) FROM main.runs"), last = try count("SELECT coalesce(max(run), 0) FROM main.runs")
        let added = try count("SELECT count(*) FROM source.runs WHERE digest NOT IN (SELECT digest FROM main.runs)")
        try takeProvenance()
        try database.execute(
            sql: """
                INSERT INTO main.runs (run, provenance, \(columns))
                SELECT \(last) + row_number() OVER (ORDER BY run), sessions.ours, \(columns)
                FROM source.runs AS runs JOIN sessions ON sessions.theirs = runs.provenance
                WHERE digest NOT IN (SELECT digest FROM main.runs) ORDER BY run
                """)
        guard try count("SELECT count(*) FROM main.runs") == before + added else {
            throw StoreDamage(
                place: "table runs", reason: "not all of its \(added) runs that are to be taken can be read with their provenance")
        }
        // All that comes in besides goes with the runs that did come in.
        try database.execute(
            sql: """
                CREATE TEMP TABLE renumbered AS SELECT theirs.run AS source, ours.run AS target
                FROM main.runs AS ours JOIN source.runs AS theirs USING (digest) WHERE ours.run > \(last) ORDER BY target
                """)
        for table in StoreTable.ofRuns {
            let names = table.columns.dropFirst().map { StoreColumn.quoted($0.name) }.joined(separator: ", ")
            try database.execute(
                sql: """
                    INSERT INTO main.\(table.name) (run, \(names)) SELECT target, \(names)
                    FROM renumbered JOIN source.\(table.name) AS theirs ON theirs.run = renumbered.source
                    """)
        }
        try database.execute(sql: "INSERT OR IGNORE INTO main.datasets SELECT * FROM source.datasets")
        try takeScans()
        try checkAdded(from: last + 1, count: added)
        merge.added += added
        try database.execute(sql: "DROP TABLE temp.renumbered; DROP TABLE temp.sessions")
    }

    /// Reads what came in again, before it is kept.
    private func checkAdded(from first: Int, count: Int) throws {
        guard count > 0 else { return }
        var audit = try RunAudit(database)
        for number in first..<(first + count) { _ = try audit.check(number) }
    }

    /// Enters the sessions that computed what comes in; a session has one row for each engine, whichever store it comes from.
    private func takeProvenance() throws {
        let names = try names(.provenance, without: "provenance", in: "source")
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO main.provenance (\(names)) SELECT \(names) FROM source.provenance WHERE session IN (
                    SELECT session FROM source.provenance AS p JOIN source.runs AS r USING (provenance)
                    WHERE r.digest NOT IN (SELECT digest FROM main.runs))
                ORDER BY provenance;
                CREATE TEMP TABLE sessions AS SELECT theirs.provenance AS theirs, ours.provenance AS ours
                FROM source.provenance AS theirs JOIN main.provenance AS ours USING (session, engine, device, driver, "precision")
                """)
    }

    /// Enters the attempts at scans; of one that is there already what was heard of it last.
    private func takeScans() throws {
        let scan = try names(.scans, without: "scan", in: "source")
        let changes = try StoreSchema.columns(of: "scans", in: "source", database).map(\.name)
            .filter { !["scan", "identity"].contains($0) }.map(StoreColumn.quoted).map { "\($0) = excluded.\($0)" }
        try database.execute(
            sql: """
                INSERT INTO main.scans (\(scan)) SELECT \(scan) FROM source.scans WHERE true ORDER BY scan
                ON CONFLICT (identity) DO UPDATE SET \(changes.joined(separator: ", ")) WHERE excluded.updated >= scans.updated
                """)
    }

    /// Counts runs that are in both, by whether they are equal to the last bit.
    private func compare(_ merge: inout SQLiteStore.Merge) throws {
        try database.execute(
            sql: """
                CREATE TEMP TABLE common AS SELECT ours.run AS ours, theirs.run AS theirs, \(comparison) AS same
                FROM source.runs AS theirs JOIN main.runs AS ours USING (digest)
                """)
        for table in StoreTable.ofRuns where table.name != "identities" {
            let names = table.columns.dropFirst().map { StoreColumn.quoted($0.name) }.joined(separator: ", ")
            for (left, right, one, other) in [("main", "source", "ours", "theirs"), ("source", "main", "theirs", "ours")] {
                try database.execute(
                    sql: """
                        UPDATE common SET same = 0 WHERE same AND EXISTS (
                            SELECT \(names) FROM \(left).\(table.name) WHERE run = common.\(one)
                            EXCEPT SELECT \(names) FROM \(right).\(table.name) WHERE run = common.\(other))
                        """)
            }
        }
        merge.repeated += try count("SELECT count(*) FROM common WHERE same")
        merge.conflicting += try count("SELECT count(*) FROM common WHERE NOT same")
        try database.execute(sql: "DROP TABLE temp.common")
    }
}
