import Engines
import Foundation
import GRDB

extension SQLiteStore.Origin {
    /// Enters who computes with that engine, and gives the row's number.
    func save(_ engine: EngineDescription, _ database: Database) throws -> Int {
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
        return Int(database.lastInsertedRowID)
    }
}
