import Engines
import GRDB
import Runs

extension StoreReader {
    /// The SHA-256 of everything that is stored of the runs, which engine, device, driver and program they come from among it, in the
    /// order of their digests. Two stores with equal fingerprints hold the same rows, bit for bit; in which order, in which sessions
    /// and when the runs came in does not matter, nor do columns without a value, which a later program may have added.
    /// - Throws: `StoreError`.
    public var fingerprint: Digest {
        get throws {
            try read { database in
                let columns = try StoreSchema.columns(of: "runs", database).map(\.name).filter { !RunChecksum.ofPlace.contains($0) }
                    .sorted()
                let runs = try StoreRows(
                    database,
                    """
                    SELECT run, version, revision, engine, device, driver, weightStream,
                        \(columns.map { "runs.\(StoreColumn.quoted($0))" }.joined(separator: ", "))
                    FROM runs JOIN provenance USING (provenance) ORDER BY digest
                    """, table: "runs")
                let children = try StoreTable.ofRuns.map { table in
                    let names = table.columns.dropFirst().map { StoreColumn.quoted($0.name) }.joined(separator: ", ")
                    return try StoreRows(
                        database,
                        "SELECT \(names) FROM \(table.name) WHERE run = ? ORDER BY \(table.name == "identities" ? "run" : names)",
                        table: table.name)
                }
                var all = RunChecksum()
                while try runs.next() {
                    var own = RunChecksum()
                    let first = runs.count - columns.count
                    for index in 1..<first { own.append(runs[index]) }
                    for (index, name) in columns.enumerated() {
                        let cell = runs[first + index]
                        if case .null = cell { continue }
                        own.append(Array(name.utf8)) { $0.append(cell) }
                    }
                    for rows in children {
                        own.append(bytes: "/".utf8)
                        rows.start(try runs.integer(0))
                        while try rows.next() { for index in 0..<rows.count { own.append(rows[index]) } }
                    }
                    all.append(bytes: own.digest.bytes)
                }
                let datasets = try StoreRows(database, "SELECT digest, \"values\" FROM datasets ORDER BY digest", table: "datasets")
                while try datasets.next() { for index in 0..<datasets.count { all.append(datasets[index]) } }
                return all.digest
            }
        }
    }
}
