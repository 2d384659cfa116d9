import GRDB
import GRDBSQLite
import Runs

/// Values bound one by one to a statement that runs many times: GRDB's lists of arguments cost more than what SQLite does with them.
extension Statement {
    /// Has SQLite copy what is bound.
    private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    func bind(_ value: Int, at index: Int32) { sqlite3_bind_int64(sqliteStatement, index, Int64(value)) }

    /// NaN as NULL, as SQLite does by itself.
    func bind(_ value: Double, at index: Int32) { sqlite3_bind_double(sqliteStatement, index, value) }

    func bind(_ value: Double?, at index: Int32) {
        if let value { bind(value, at: index) } else { bindNull(at: index) }
    }

    func bindNull(at index: Int32) { sqlite3_bind_null(sqliteStatement, index) }

    func bind(_ text: String?, at index: Int32) {
        guard var text else { return bindNull(at: index) }
        _ = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(sqliteStatement, index, $0.baseAddress, Int32(clamping: $0.count), Self.transient)
            }
        }
    }

    func bind(text bytes: [UInt8], at index: Int32) {
        _ = bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(sqliteStatement, index, $0.baseAddress, Int32(clamping: $0.count), Self.transient)
            }
        }
    }

    func bind(blob bytes: UnsafeRawBufferPointer, at index: Int32) {
        // A null pointer would be NULL, and no bytes.
        if let base = bytes.baseAddress {
            sqlite3_bind_blob64(sqliteStatement, index, base, UInt64(bytes.count), Self.transient)
        } else {
            sqlite3_bind_zeroblob(sqliteStatement, index, 0)
        }
    }

    /// Runs a statement that gives no rows, with what is bound.
    func run(_ database: Database) throws {
        let code = sqlite3_step(sqliteStatement)
        guard code == SQLITE_DONE else {
            let message = database.lastErrorMessage
            sqlite3_reset(sqliteStatement)
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
        }
        sqlite3_reset(sqliteStatement)
    }
}
