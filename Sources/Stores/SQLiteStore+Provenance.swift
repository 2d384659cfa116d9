import Compute
import Engines
import Foundation
import GRDB
import Runs

extension SQLiteStore.Origin {
    /// A row of the table `provenance`.
    struct Row: Sendable {
        let number: Int
        /// Of what it says.
        let digest: Digest
    }

    /// Enters who computes with that engine.
    func save(_ engine: EngineDescription, _ database: Database) throws -> Row {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let parameters = String(decoding: try encoder.encode(provenance.parameters), as: UTF8.self)
        try database.execute(
            sql: """
                INSERT INTO provenance (session, version, revision, engine, device, driver, "precision", weightStream, host,
                    operatingSystem, command, date, parameters) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                session, provenance.version, provenance.revision, engine.name, engine.device, engine.driver, engine.precision.rawValue,
                provenance.weightStream, provenance.host, provenance.operatingSystem, provenance.command.joined(separator: " "),
                provenance.date, parameters,
            ])
        let number = Int(database.lastInsertedRowID)
        var digests = try ProvenanceDigests(database)
        return Row(number: number, digest: try digests.digest(number))
    }
}
