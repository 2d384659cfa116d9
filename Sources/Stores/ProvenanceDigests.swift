import Compute
import Engines
import GRDB
import Runs

/// The digests of the rows of `provenance`, which the checksums of runs contain; each is made once.
struct ProvenanceDigests {
    private let rows: StoreRows
    private let columns: [(name: [UInt8], kind: StoreColumn.Kind)]
    private var known: [Int: Digest] = [:]

    init(_ database: Database) throws {
        let columns = try StoreSchema.columns(of: "provenance", database).filter { $0.name != "provenance" }.sorted { $0.name < $1.name }
        self.columns = columns.map { (Array($0.name.utf8), $0.kind) }
        // The precision comes twice, to be checked by itself.
        let list = columns.map { StoreColumn.quoted($0.name) }.joined(separator: ", ")
        rows = try StoreRows(
            database, "SELECT provenance, \"precision\", \(list) FROM provenance WHERE provenance = ?", table: "provenance")
    }

    /// The digest of what a row says.
    /// - Throws: `StoreDamage` for a row that is missing, and for one that holds something else than texts and numbers.
    mutating func digest(_ number: Int) throws -> Digest {
        if let digest = known[number] { return digest }
        rows.start(number)
        guard try rows.next() else {
            throw StoreDamage(place: "table provenance", reason: "row \(number), which runs point to, is missing")
        }
        let word = try rows.text(1)
        guard Precision(rawValue: word) != nil else {
            throw rows.damage("its precision is '\(word)', which is none of \(Precision.names)")
        }
        var checksum = RunChecksum()
        for (index, column) in columns.enumerated() {
            if case .null = rows[index + 2] { continue }
            switch column.kind {
            case .text: _ = try rows.text(index + 2)
            case .integer: _ = try rows.integer(index + 2)
            case .real: _ = try rows.real(index + 2)
            case .blob: _ = try rows.blob(index + 2)
            }
            checksum.append(column.name) { $0.append(rows[index + 2]) }
        }
        known[number] = checksum.digest
        return checksum.digest
    }
}
