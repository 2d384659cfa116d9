import Foundation
import GRDB
import GRDBSQLite
import Runs

/// What is wrong with the contents of a store, and where; ``StoreError/translating(_:_:)`` adds the file.
struct StoreDamage: Error {
    /// Table and row, or the run.
    let place: String
    let reason: String
}

/// The rows of a query of a store, cell by cell. The cells of a file may hold anything, in any column: what is not what it should be is
/// an error that names table, row and column. GRDB's own conversions trap.
final class StoreRows {
    private let database: Database
    private let statement: Statement
    private let table: String
    /// How many of the first columns name a row.
    private let keys: Int32

    /// A query that is about to be run.
    /// - Parameters:
    ///   - table: which table its cells are of, for messages.
    ///   - keys: how many of its first columns name a row.
    init(_ database: Database, _ sql: String, table: String, keys: Int = 1) throws {
        self.database = database
        self.table = table
        self.keys = Int32(keys)  // bounded: columns of a statement that the program wrote
        statement = try database.cachedStatement(sql: sql)
        sqlite3_reset(statement.sqliteStatement)
    }

    deinit { sqlite3_reset(statement.sqliteStatement) }

    /// Begins anew, with that number in the place of the only parameter.
    func start(_ number: Int) {
        sqlite3_reset(statement.sqliteStatement)
        statement.bind(number, at: 1)
    }

    /// Begins anew, with that text in the place of the only parameter.
    func start(_ text: String) {
        sqlite3_reset(statement.sqliteStatement)
        statement.bind(text, at: 1)
    }

    /// Begins anew, with that digest in the place of the only parameter.
    func start(_ digest: Digest) {
        sqlite3_reset(statement.sqliteStatement)
        digest.withBytes { statement.bind(blob: $0, at: 1) }
    }

    /// Goes to the next row, if there is one.
    func next() throws -> Bool {
        let code = sqlite3_step(statement.sqliteStatement)
        if code == SQLITE_ROW { return true }
        let message = database.lastErrorMessage
        sqlite3_reset(statement.sqliteStatement)
        guard code & 0xFF != SQLITE_CORRUPT else {
            throw StoreDamage(place: "table \(table)", reason: "it cannot be read: \(message ?? "its pages are damaged")")
        }
        guard code == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
        }
        return false
    }

    /// The number of columns.
    var count: Int { Int(sqlite3_column_count(statement.sqliteStatement)) }

    /// A cell as SQLite keeps it, texts and blobs by their bytes, which are there until the next row.
    enum Cell {
        case null
        case integer(Int)
        case real(Double)
        case text(UnsafeRawBufferPointer)
        case blob(UnsafeRawBufferPointer)

        fileprivate var kind: String {
            switch self {
            case .null: "NULL"
            case .integer(let value): "the integer \(value)"
            case .real(let value): "the number \(value)"
            case .text: "a text"
            case .blob: "a BLOB"
            }
        }
    }

    subscript(_ index: Int) -> Cell {
        // bounded: columns of a statement that the program wrote
        let handle = statement.sqliteStatement, column = Int32(index)
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(Int(sqlite3_column_int64(handle, column)))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(handle, column)
            return .text(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, column)
            return .blob(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
        default: return .null
        }
    }

    /// An integer within limits.
    func integer(_ index: Int, in range: ClosedRange<Int> = Int.min...Int.max) throws -> Int {
        guard case .integer(let value) = self[index] else { throw mismatch(index, "an integer") }
        guard range ~= value else {
            let limits = range.upperBound == Int.max ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw damage("\(name(of: index)) is \(value), but must be \(limits)")
        }
        return value
    }

    /// An integer within limits, or nil for NULL.
    func optionalInteger(_ index: Int, in range: ClosedRange<Int> = Int.min...Int.max) throws -> Int? {
        if case .null = self[index] { nil } else { try integer(index, in: range) }
    }

    /// A number, or nil for NULL.
    func optionalReal(_ index: Int) throws -> Double? {
        switch self[index] {
        case .null: nil
        case .integer(let value): Double(value)
        case .real(let value): value
        case .text, .blob: throw mismatch(index, "a number")
        }
    }

    /// A number.
    func real(_ index: Int) throws -> Double {
        guard let value = try optionalReal(index) else { throw mismatch(index, "a number") }
        return value
    }

    func text(_ index: Int) throws -> String {
        guard case .text(let bytes) = self[index] else { throw mismatch(index, "a text") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw damage("\(name(of: index)) is a text that is not UTF-8") }
        return text
    }

    /// The bytes of a text, which may be any.
    func textBytes(_ index: Int) throws -> UnsafeRawBufferPointer {
        guard case .text(let bytes) = self[index] else { throw mismatch(index, "a text") }
        return bytes
    }

    /// The bytes of a BLOB.
    /// - Parameter count: how many it must have. Default: any number.
    func blob(_ index: Int, count: Int? = nil) throws -> UnsafeRawBufferPointer {
        guard case .blob(let bytes) = self[index] else { throw mismatch(index, "a BLOB") }
        if let count, bytes.count != count { throw damage("\(name(of: index)) has \(bytes.count) bytes, but must have \(count)") }
        return bytes
    }

    func digest(_ index: Int) throws -> Digest {
        guard let digest = Digest(bytes: try blob(index, count: 32)) else { throw mismatch(index, "a digest of 32 bytes") }
        return digest
    }

    /// An error that names the present row.
    func damage(_ reason: String) -> StoreDamage {
        var names: [String] = []
        for index in 0..<Int(keys) {
            let value =
                switch self[index] {
                case .integer(let value): "\(value)"
                case .text(let bytes): String(decoding: bytes.prefix(40), as: UTF8.self)
                default: self[index].kind
                }
            names.append("\(name(of: index)) \(value)")
        }
        return StoreDamage(place: "table \(table), \(names.joined(separator: ", "))", reason: reason)
    }

    private func mismatch(_ index: Int, _ expected: String) -> StoreDamage {
        damage("\(name(of: index)) is \(self[index].kind), but must be \(expected)")
    }

    private func name(of index: Int) -> String {
        // bounded: columns of a statement that the program wrote
        sqlite3_column_name(statement.sqliteStatement, Int32(index)).map { String(cString: $0) } ?? "column \(index)"
    }
}

extension Database {
    /// The one integer that a query gives.
    func storeInteger(_ sql: String, table: String) throws -> Int {
        let rows = try StoreRows(self, sql, table: table, keys: 0)
        guard try rows.next() else { throw StoreDamage(place: "table \(table)", reason: "nothing can be read") }
        return try rows.integer(0)
    }
}
