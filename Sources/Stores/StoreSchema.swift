import GRDB
import Runs

/// The tables of a store, and how stores of earlier programs come to have them.
enum StoreSchema {
    /// The version that this program reads and writes: `PRAGMA user_version`.
    static let version = 1
    /// `PRAGMA application_id`: "INFL".
    static let applicationIdentifier = 0x494E_464C

    /// Makes the tables in an empty file, within the transaction of the caller.
    static func create(_ database: Database) throws {
        for table in StoreTable.all { try database.execute(sql: table.creation) }
        try addMissingColumns(database)
        try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier); PRAGMA user_version = \(version)")
    }

    /// A column of a table that is there.
    struct Present: Sendable, Hashable {
        let name: String
        let kind: StoreColumn.Kind
    }

    /// The columns of a table that is there; none where there is no such table.
    /// - Throws: `StoreDamage` for a column of a type that no table of Inflaton has.
    static func columns(of table: String, in schema: String = "main", _ database: Database) throws -> [Present] {
        let rows = try StoreRows(
            database, "SELECT name, type, hidden FROM pragma_table_xinfo('\(table)', '\(schema)')", table: table, keys: 0)
        var columns: [Present] = []
        while try rows.next() {
            let name = try rows.text(0), type = try rows.text(1)
            guard let kind = StoreColumn.Kind(rawValue: type.uppercased()), try rows.integer(2) == 0 else {
                throw StoreDamage(
                    place: "table \(table)", reason: "its column \(name) has the type '\(type)', which no column of Inflaton has")
            }
            columns.append(Present(name: name, kind: kind))
        }
        return columns
    }

    /// Refuses a file whose tables are not those of a store.
    static func check(_ database: Database) throws {
        let rows = try StoreRows(
            database, "SELECT lower(tbl_name), type, upper(substr(sql, 1, 12)), name FROM sqlite_schema", table: "sqlite_schema", keys: 0)
        let expected = Dictionary(uniqueKeysWithValues: StoreTable.all.map { ($0.name.lowercased(), $0) })
        while try rows.next() {
            guard let table = expected[try rows.text(0)]?.name else { continue }
            switch try rows.text(1) {
            case "index": break
            case "table":
                guard try rows.text(2) == "CREATE TABLE" else {
                    throw StoreDamage(place: "table \(table)", reason: "it is a virtual table")
                }
            case let type:
                throw StoreDamage(place: "table \(table)", reason: "it is or has a \(type), which Inflaton makes none of")
            }
        }
        for table in StoreTable.all { try check(table, database) }
    }

    private static func check(_ table: StoreTable, _ database: Database) throws {
        let present = try columns(of: table.name, database)
        guard !present.isEmpty else { throw StoreDamage(place: "table \(table.name)", reason: "there is no such table") }
        let kinds = Dictionary(present.map { ($0.name.lowercased(), $0.kind) }) { first, _ in first }
        let quantities = table.name == StoreTable.runs.name ? StoreColumn.all.map(\.ofRuns) : []
        for column in table.columns + quantities {
            guard let kind = kinds[column.name.lowercased()] else {
                if column.isOptional { continue }
                throw StoreDamage(place: "table \(table.name)", reason: "its column \(column.name) is missing")
            }
            guard kind == column.kind else {
                throw StoreDamage(
                    place: "table \(table.name)",
                    reason: "its column \(column.name) has the type \(kind.rawValue), but must have \(column.kind.rawValue)")
            }
        }
    }

    /// Adds the columns that are newer than the store; rows that are there have no value in them.
    static func addMissingColumns(_ database: Database) throws {
        for table in StoreTable.all {
            let quantities = table.name == StoreTable.runs.name ? StoreColumn.all.map(\.ofRuns) : []
            try add(table.columns.filter(\.isOptional) + quantities, to: table, database)
        }
    }

    /// Adds those of the columns that a table lacks.
    static func add(_ columns: [StoreTable.Column], to table: StoreTable, _ database: Database) throws {
        let present = Set(try self.columns(of: table.name, database).map { $0.name.lowercased() })
        for column in columns where !present.contains(column.name.lowercased()) {
            try database.execute(sql: "ALTER TABLE main.\(table.name) ADD COLUMN \(column.definition)")
        }
    }
}
