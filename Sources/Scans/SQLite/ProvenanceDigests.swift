import Engines
import GRDB

/// The digests of the rows of `provenance`, which the checksums of runs contain; each is made once.
struct ProvenanceDigests {
    private let rows: StoreRows
    private let names: [[UInt8]]
    private var known: [Int: Digest] = [:]

    init(_ database: Database) throws {
        let names = try StoreSchema.columns(of: "provenance", database).map(\.name).filter { $0 != "provenance" }.sorted()
        self.names = names.map { Array($0.utf8) }
        // The precision comes twice, to be checked by itself.
        let list = names.map(StoreColumn.quoted).joined(separator: ", ")
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
        for (index, name) in names.enumerated() {
            switch rows[index + 2] {
            case .null: continue
            case .blob: throw rows.damage("\(String(decoding: name, as: UTF8.self)) is a BLOB")
            case .text: _ = try rows.text(index + 2)
            case .integer, .real: break
            }
            checksum.append(name) { $0.append(rows[index + 2]) }
        }
        known[number] = checksum.digest
        return checksum.digest
    }
}
