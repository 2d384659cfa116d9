import Engines
import Foundation
import GRDB

extension StoreReader {
    /// The SHA-256 of everything that is stored of the runs, which engine, device, driver and program they come from among it, in the
    /// order of their digests. Two stores with equal fingerprints hold the same rows, bit for bit; in which order, in which sessions
    /// and when the runs came in does not matter.
    /// - Throws: `StoreError`.
    public var fingerprint: Digest {
        get throws {
            try read { database in
                let columns = try database.columns(in: "runs").map(\.name).filter { $0 != "run" && $0 != "provenance" }.sorted()
                let runs = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT run, version, revision, engine, device, driver, weightStream,
                            \(columns.map { "runs.\(StoreColumn.quoted($0))" }.joined(separator: ", "))
                        FROM runs JOIN provenance USING (provenance) ORDER BY digest
                        """)
                let children = try StoreSchema.tablesOfRuns.map { table in
                    let names = try database.columns(in: table).map(\.name).filter { $0 != "run" }.joined(separator: ", ")
                    return try database.makeStatement(
                        sql: "SELECT \(names) FROM \(table) WHERE run = ? ORDER BY \(table == "identities" ? "run" : names)")
                }
                var digests = columns.joined(separator: "\n").utf8.map { $0 }
                while let run = try runs.next() {
                    var bytes: [UInt8] = []
                    run.append(to: &bytes, from: 1)
                    for statement in children {
                        bytes.append(UInt8(ascii: "/"))
                        let rows = try Row.fetchCursor(statement, arguments: [run[0] as Int])
                        while let row = try rows.next() { row.append(to: &bytes, from: 0) }
                    }
                    digests += Digest(of: bytes).bytes
                }
                let datasets = try Row.fetchCursor(database, sql: "SELECT * FROM datasets ORDER BY digest")
                while let row = try datasets.next() { row.append(to: &digests, from: 0) }
                return Digest(of: digests)
            }
        }
    }
}

extension Row {
    /// Every value with its type, and texts and blobs with their length, so that different rows give different bytes.
    fileprivate func append(to bytes: inout [UInt8], from start: Int) {
        func append(_ tag: Unicode.Scalar, _ word: UInt64) {
            bytes.append(UInt8(ascii: tag))
            Swift.withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        for index in start..<count {
            let value: DatabaseValue = self[index]
            switch value.storage {
            case .null: bytes.append(UInt8(ascii: "n"))
            case .int64(let number): append("i", UInt64(bitPattern: number))
            case .double(let number): append("d", number.bitPattern)
            case .string(let text):
                append("s", UInt64(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            case .blob(let data):
                append("b", UInt64(data.count))
                bytes.append(contentsOf: data)
            }
        }
    }
}
