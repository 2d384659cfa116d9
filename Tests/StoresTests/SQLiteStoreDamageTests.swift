import Arrays
import Engines
import Foundation
import Networks
import Runs
import Stores
import TestSupport
import Testing

/// Stores are input: whatever is in them, it is told and not believed, and nothing ends the process.
@Suite struct SQLiteStoreDamageTests {
    /// Everything that a program does with a store, of which each says what is wrong with it.
    private static func expectRefused(
        _ damaged: DamagedStore, _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try Data(contentsOf: URL(filePath: damaged.path))
        let merged = damaged.folder.file("merged.sqlite")
        for body in [
            { _ = try StoreReader(path: damaged.path).table() },
            { _ = try StoredRuns(damaged.path) },
            { _ = try SQLiteStore(damaged.path, damaged.engine, mixed: true) },
            { _ = try MergeSources([damaged.path], into: merged) },
        ] as [() throws -> Void] {
            let error = DamagedStore.refusal(body)
            guard case .damaged(let path, _, _) = error else {
                Issue.record("\(what): \(String(describing: error))", sourceLocation: sourceLocation)
                continue
            }
            #expect(path == damaged.path, what, sourceLocation: sourceLocation)
        }
        #expect(try Data(contentsOf: URL(filePath: damaged.path)) == before, what, sourceLocation: sourceLocation)
        #expect(!FileManager.default.fileExists(atPath: merged), what, sourceLocation: sourceLocation)
    }

    @Test func aSoundStoreIsSaidToBe() throws {
        let damaged = try DamagedStore(), verification = try StoreReader(path: damaged.path).verify()
        #expect(verification.sound == 4 && verification.withoutChecksum == 0 && verification.problems.isEmpty)
    }

    /// Every value of a run that is stored anywhere is covered by its checksum: each is changed, one at a time, into another of its
    /// kind, and that run and no other is found unsound.
    @Test(arguments: ["runs", "identities", "states", "losses", "negativeZeros", "spectra", "modes", "kernels"])
    func everyValueIsCovered(table: String) throws {
        let damaged = try DamagedStore(), sound = try Data(contentsOf: URL(filePath: damaged.path))
        let run = 2
        var changed = 0
        for column in try damaged.rows("SELECT name, type FROM pragma_table_info('\(table)')") {
            let name = column[0].trimmingCharacters(in: ["\""]), kind = column[1].trimmingCharacters(in: ["\""])
            guard name != "run", !(table == "runs" && name == "provenance") else { continue }
            let quoted = "\"\(name)\""
            let value = ["INTEGER": "\(quoted) + 1", "REAL": "\(quoted) * 2 + 1", "TEXT": "\(quoted) || ' '"][kind]
            let bytes = "CAST(substr(\(quoted), 1, length(\(quoted)) - 1) || x'7f' AS BLOB)"
            let place = table == "runs" || table == "identities" || table == "kernels" ? "rowid" : "run"
            let first =
                table == "runs" || table == "identities"
                ? "\(run)"
                : table == "kernels"
                    ? "(SELECT max(rowid) FROM kernels WHERE run = \(run))"
                    : "\(run) AND step = (SELECT max(step) FROM \(table) WHERE run = \(run))"
            try damaged.execute(
                "UPDATE OR REPLACE \(table) SET \(quoted) = \(value ?? bytes) WHERE \(place) = \(first) AND \(quoted) IS NOT NULL")
            let isSame = try Data(contentsOf: URL(filePath: damaged.path)) == sound
            if !isSame {
                changed += 1
                let verification = try StoreReader(path: damaged.path).verify()
                #expect(Set(verification.problems.map(\.run)) == [run], "\(table).\(name): \(verification.problems)")
                #expect(verification.sound == 3, "\(table).\(name)")
            }
            try sound.write(to: URL(filePath: damaged.path))
        }
        #expect(changed > (table == "runs" ? 40 : 0))
    }

    @Test(arguments: ["states", "losses", "negativeZeros", "spectra", "modes", "kernels", "identities", "provenance", "datasets"])
    func rowsThatAreMissingAreNoticed(table: String) throws {
        let damaged = try DamagedStore()
        try damaged.execute(
            ["provenance", "datasets"].contains(table) ? "DELETE FROM \(table)" : "DELETE FROM \(table) WHERE run = 2")
        try Self.expectRefused(damaged, "\(table)")
        let verification = try StoreReader(path: damaged.path).verify()
        if table != "provenance", table != "datasets" {
            #expect(verification.problems.map(\.run) == [2] && verification.sound == 3, "\(verification.problems)")
        }
        // An Inflaton that knew no checksums knew what its runs have.
        guard table != "negativeZeros", table != "datasets" else { return }
        try damaged.execute("UPDATE runs SET checksum = NULL")
        try Self.expectRefused(damaged, "\(table) without checksums")
    }

    @Test(arguments: [
        "UPDATE runs SET finalLoss = 'word' WHERE run = 3", "UPDATE runs SET finalLoss = x'00ff' WHERE run = 3",
        "UPDATE runs SET status = 'over' WHERE run = 3", "UPDATE runs SET lastFinite = 9 WHERE run = 3",
        "UPDATE runs SET digest = x'00' WHERE run = 3", "UPDATE runs SET digest = 'word' WHERE run = 3",
        "UPDATE runs SET widths = CAST(x'fffe80' AS TEXT) WHERE run = 3", "UPDATE runs SET provenance = 7 WHERE run = 3",
        "UPDATE runs SET run = -5 WHERE run = 3", "UPDATE runs SET run = 9223372036854775807 WHERE run = 3",
        #"UPDATE provenance SET "precision" = 'float16'"#, "UPDATE provenance SET device = CAST(x'fffe80' AS TEXT)",
        "UPDATE states SET point = -1 WHERE run = 3 AND point = 1",
        "UPDATE states SET step = 9223372036854775807 WHERE run = 3 AND step = 4",
        "UPDATE negativeZeros SET field = 2000000000 WHERE run = 3", "UPDATE negativeZeros SET step = -4 WHERE run = 3",
        "UPDATE kernels SET matrix = x'0011' WHERE run = 3", "UPDATE kernels SET matrix = zeroblob(1000000) WHERE run = 3",
        "UPDATE identities SET parameters = '{}' WHERE run = 3", #"UPDATE datasets SET "values" = x'00'"#,
        "INSERT INTO losses VALUES (99, 0, 1)", "INSERT INTO losses VALUES (0, 0, 1)", "INSERT INTO losses VALUES (3, 5, 1)",
        "UPDATE scans SET pid = 3000000000", "UPDATE scans SET pid = -1", "UPDATE scans SET state = 'begun'",
        "UPDATE scans SET total = -1", "UPDATE scans SET shards = 0, shard = 0", "UPDATE scans SET shards = 2, shard = 2",
        "DROP TABLE modes", "ALTER TABLE states DROP COLUMN value", "ALTER TABLE scans DROP COLUMN host",
        "ALTER TABLE runs DROP COLUMN finalLoss", "ALTER TABLE losses RENAME TO l; CREATE VIEW losses AS SELECT * FROM l",
        "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM losses; END",
        #"UPDATE sqlite_schema SET sql = replace(sql, '"value" REAL', '"value" "REAL; DROP TABLE runs"') WHERE name = 'states'"#,
    ])
    func whatIsNoStoreIsRefused(sql: String) throws {
        let damaged = try DamagedStore()
        try damaged.execute(sql)
        // What the scans' rows say is wrong with no run.
        if sql.contains("UPDATE scans") {
            let error = DamagedStore.refusal { _ = try StoreReader(path: damaged.path).scans }
            guard case .damaged(_, let place, _) = error else {
                Issue.record("\(sql): \(String(describing: error))")
                return
            }
            #expect(place.hasPrefix("table scans, scan 1"))
        }
        try Self.expectRefused(damaged, "\(sql)")
    }

    /// Text of any kind in a table without types: as earlier programs made them.
    @Test(arguments: ["x'00'", "'word'", "''", "9e999", "-1", "9223372036854775807", "NULL"])
    func cellsOfAnyKindWhereverTheyAre(value: String) throws {
        let damaged = try DamagedStore()
        try damaged.execute(
            "UPDATE sqlite_schema SET sql = replace(replace(replace(sql, 'STRICT, WITHOUT', 'WITHOUT'), 'STRICT', ''), 'NOT NULL', '')")
        let loose = try Data(contentsOf: URL(filePath: damaged.path))
        #expect(try StoreReader(path: damaged.path).verify().sound == 4)
        for table in ["provenance", "runs", "identities", "states", "losses", "negativeZeros", "spectra", "modes", "kernels", "scans"] {
            for name in try damaged.rows("SELECT name FROM pragma_table_info('\(table)')").map({ $0[0].trimmingCharacters(in: ["\""]) }) {
                try loose.write(to: URL(filePath: damaged.path))
                // SQLite itself may refuse some.
                guard (try? damaged.execute("UPDATE OR REPLACE \(table) SET \"\(name)\" = \(value)")) != nil else { continue }
                // Whatever comes of it comes as one of our errors, or as a value that may be there.
                for body in [
                    { _ = try StoreReader(path: damaged.path).verify() }, { _ = try StoreReader(path: damaged.path).table() },
                    { _ = try StoreReader(path: damaged.path).scans }, { _ = try StoreReader(path: damaged.path).trajectory(ofRun: 2) },
                    { _ = try SQLiteStore(damaged.path, damaged.engine, mixed: true) },
                ] as [() throws -> Void] {
                    do { try body() } catch { #expect(error is StoreError, "\(table).\(name) = \(value): \(error)") }
                }
            }
        }
    }

    /// Every page of the file is part of something, so none can be lost unnoticed.
    @Test func pagesOfZeros() throws {
        let damaged = try DamagedStore()
        try damaged.execute("PRAGMA page_size = 1024; VACUUM")
        let sound = try Data(contentsOf: URL(filePath: damaged.path)), page = 1024
        #expect(sound.count % page == 0 && sound.count / page > 30)
        for start in stride(from: 0, to: sound.count, by: page) {
            var bytes = sound
            bytes.replaceSubrange(start..<(start + page), with: [UInt8](repeating: 0, count: page))
            // The end of a long list of zeros is one already.
            guard bytes != sound else { continue }
            try bytes.write(to: URL(filePath: damaged.path))
            do {
                let verification = try StoreReader(path: damaged.path).verify()
                #expect(!verification.problems.isEmpty, "page \(start / page + 1)")
            } catch { #expect(error is StoreError, "page \(start / page + 1): \(error)") }
        }
    }
}
