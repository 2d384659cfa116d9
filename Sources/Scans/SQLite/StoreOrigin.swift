import Engines
import GRDB

/// What numbers depend on besides a run's parameters: the engine, its device and driver, and the program. The precision is among the
/// parameters.
struct StoreOrigin: Hashable, Comparable, CustomStringConvertible {
    let engine: String
    let device: String
    let driver: String
    let version: String
    let revision: String

    init(_ engine: EngineDescription, _ provenance: Provenance) {
        self.engine = engine.name
        device = engine.device
        driver = engine.driver
        version = provenance.version
        revision = provenance.revision
    }

    private init(row: Row) {
        engine = row["engine"]
        device = row["device"]
        driver = row["driver"]
        version = row["version"]
        revision = row["revision"]
    }

    /// Where the results of a store come from; all engines of a session are entered with its first result.
    static func held(_ database: Database, schema: String = "main") throws -> Set<StoreOrigin> {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT DISTINCT engine, device, driver, version, revision FROM \(schema).provenance")
        return Set(rows.map { StoreOrigin(row: $0) })
    }

    /// Refuses what would bring results of another origin into a store.
    static func check(_ added: Set<StoreOrigin>, held: Set<StoreOrigin>, path: String) throws(StoreError) {
        guard held.isEmpty || added.isSubset(of: held) else {
            throw .mixed(path: path, held: held.sorted().map(\.description), added: added.subtracting(held).sorted().map(\.description))
        }
    }

    var description: String { "\(engine) · \(device) · \(driver) · Inflaton \(version), revision \(revision)" }

    static func < (left: StoreOrigin, right: StoreOrigin) -> Bool { left.description < right.description }
}
