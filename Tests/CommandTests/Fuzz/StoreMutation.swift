import Foundation
import GRDB

/// Changes that SQLite carries out without complaint: values of other types and sizes, rows and columns that are gone.
enum StoreMutation {
    private static let values = [
        "NULL", "0", "-1", "1", "2147483648", "-2147483649", "9223372036854775807", "-9223372036854775808", "1e308", "9e999", "-0.0", "0.5",
        "''", "'relu'", "'float16'", "'[1, 2'", "'finished'", "char(27) || '[31m'", "x''", "x'00'", "zeroblob(8)", "zeroblob(100000)",
        "cast(x'ff' AS TEXT)", "replace(hex(zeroblob(20000)), '0', 'x')",
    ]

    static func apply(to path: String, _ random: inout SeededGenerator) throws {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let tables = try queue.read {
                try String.fetchAll(
                    $0, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
            }
            guard let table = tables.randomElement(using: &random) else { return }
            let columns = try queue.read { try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('\(table)') ORDER BY cid") }
            let column = "\"\(columns.randomElement(using: &random) ?? "run")\"", value = values.randomElement(using: &random)!
            let row = "rowid = (SELECT rowid FROM \"\(table)\" LIMIT 1 OFFSET \(Int.random(in: 0..<20, using: &random)))"
            let statement: String
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1, 2, 3, 4: statement = "UPDATE \"\(table)\" SET \(column) = \(value) WHERE \(row)"
            case 5: statement = "UPDATE \"\(table)\" SET \(column) = \(value)"
            case 6: statement = "DELETE FROM \"\(table)\" WHERE \(row)"
            case 7: statement = "DELETE FROM \"\(table)\""
            case 8: statement = "ALTER TABLE \"\(table)\" DROP COLUMN \(column)"
            default:
                statement = [
                    "DROP TABLE \"\(table)\"", "PRAGMA user_version = 7", "PRAGMA application_id = 1", "DROP INDEX IF EXISTS runsByDigest",
                ]
                .randomElement(using: &random)!
            }
            // What the tables' own rules refuse leaves the store as it was, which is a case as well.
            try? queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
                try database.execute(sql: statement)
            }
        }
    }
}
