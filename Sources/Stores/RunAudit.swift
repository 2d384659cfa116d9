import Foundation
import GRDB
import Runs

/// Reads runs of a store again and says which are as they were stored: by their checksums or, for those of earlier programs, which have
/// none, by what their parameters say that there must be.
struct RunAudit {
    /// What vouches for a run that is sound.
    enum Evidence: Sendable { case checksum, parameters }

    /// A run that is sound.
    struct Finding: Sendable {
        let digest: Digest
        let evidence: Evidence
        /// Long lists that its parameters only name.
        let datasets: [String]
    }

    private let database: Database
    /// Columns of `runs` by name, as the checksum takes them.
    private let columns: [(name: [UInt8], kind: StoreColumn.Kind)]
    private let runs: StoreRows
    private let identities: StoreRows
    /// Tables beside `runs`, with their columns from the second on.
    private let tables: [(table: StoreTable, rows: StoreRows)]
    private var provenance: ProvenanceDigests

    init(_ database: Database) throws {
        self.database = database
        let present = try StoreSchema.columns(of: "runs", database)
        let columns = present.filter { !RunChecksum.ofPlace.contains($0.name) }.sorted { $0.name < $1.name }
        self.columns = columns.map { (Array($0.name.utf8), $0.kind) }
        let checksum = present.contains { $0.name == "checksum" } ? "checksum" : "NULL AS checksum"
        let list = columns.map { StoreColumn.quoted($0.name) }.joined(separator: ", ")
        runs = try StoreRows(
            database, "SELECT run, provenance, digest, status, lastFinite, \(checksum), \(list) FROM runs WHERE run = ?", table: "runs")
        identities = try StoreRows(database, "SELECT run, parameters FROM identities WHERE run = ?", table: "identities")
        // In the order in which they are written.
        tables = try [StoreTable.states, .losses, .negativeZeros, .spectra, .modes, .kernels].map { table in
            let names = table.columns.map { StoreColumn.quoted($0.name) }
            let keys = table.columns.count(where: { $0.kind == .integer })
            let order = (2...keys).map { "\($0)" }.joined(separator: ", ")
            return (
                table,
                try StoreRows(
                    database, "SELECT \(names.joined(separator: ", ")) FROM \(table.name) WHERE run = ? ORDER BY \(order)",
                    table: table.name, keys: keys)
            )
        }
        provenance = try ProvenanceDigests(database)
    }

    /// Checks a run.
    /// - Throws: `StoreDamage` for a run that is not sound.
    mutating func check(_ number: Int) throws -> Finding {
        runs.start(number)
        guard try runs.next() else { throw StoreDamage(place: "table runs", reason: "run \(number) cannot be found by its number") }
        let digest = try runs.digest(2), status = try runs.text(3), lastFinite = try runs.optionalInteger(4)
        guard ["finished", "diverged", "untrained"].contains(status) else {
            throw runs.damage("status is '\(status)', which is none of finished, diverged, untrained")
        }
        let origin = try runs.integer(1), source: Digest
        do { source = try provenance.digest(origin) } catch let damage as StoreDamage {
            throw runs.damage("its provenance: \(damage.place): \(damage.reason)")
        }
        var stored: Digest?
        if case .null = runs[5] {} else { stored = try runs.digest(5) }
        var checksum = RunChecksum()
        for (index, column) in columns.enumerated() { try append(index + 6, column, to: &checksum) }
        identities.start(number)
        guard try identities.next() else {
            throw StoreDamage(place: "run \(number)", reason: "its row in the table identities is missing")
        }
        let parameters = try identities.textBytes(1)
        guard Digest(of: parameters) == digest else {
            throw identities.damage("parameters are not those that the run's digest is of")
        }
        guard let stored else {
            try checkComplete(number, parameters, lastFinite)
            return Finding(digest: digest, evidence: .parameters, datasets: Self.datasets(parameters))
        }
        checksum.table(.identities)
        checksum.append(text: parameters)
        for (table, rows) in tables {
            checksum.table(table)
            rows.start(number)
            while try rows.next() { for index in 1..<rows.count { checksum.append(rows[index]) } }
        }
        guard RunChecksum.of(rows: checksum.digest, provenance: source) == stored else {
            // What is missing or too much says more than that something is not as it was.
            try checkComplete(number, parameters, lastFinite)
            throw StoreDamage(place: "run \(number)", reason: "its values are not those that were stored: its checksum does not fit them")
        }
        return Finding(digest: digest, evidence: .checksum, datasets: Self.datasets(parameters))
    }

    private func append(_ index: Int, _ column: (name: [UInt8], kind: StoreColumn.Kind), to checksum: inout RunChecksum) throws {
        let cell = runs[index]
        switch (cell, column.kind) {
        case (.null, _): return
        case (.text, .text): _ = try runs.text(index)
        case (.real, .real), (.integer, .integer), (.blob, .blob): break
        // A seed beyond 64 bits with a sign.
        case (.real(let value), .integer) where value >= 0x1p63 && value <= 0x1p64: break
        case (_, .real): _ = try runs.optionalReal(index)
        case (_, .integer): _ = try runs.integer(index)
        case (_, .text): _ = try runs.text(index)
        case (_, .blob): _ = try runs.blob(index)
        }
        checksum.append(column.name) { $0.append(cell) }
    }

    /// Names as ``CanonicalJSON`` writes them.
    private static func datasets(_ parameters: UnsafeRawBufferPointer) -> [String] {
        let sign = Array("\"sha256:".utf8), length = sign.count + 64
        var names: [String] = [], place = 0
        while place + length <= parameters.count {
            if parameters[place] == sign[0], memcmp(parameters.baseAddress! + place, sign, sign.count) == 0 {
                names.append(String(decoding: parameters[(place + 1)..<(place + length)], as: UTF8.self))
                place += length
            } else {
                place += 1
            }
        }
        return names
    }

    private func checkComplete(_ number: Int, _ parameters: UnsafeRawBufferPointer, _ lastFinite: Int?) throws {
        guard let expected = RunExpectation(identity: parameters) else {
            throw identities.damage("parameters are not those of a run, as this Inflaton writes them")
        }
        _ = try RunRows(number, expected, lastFinite: lastFinite, database)
    }
}
