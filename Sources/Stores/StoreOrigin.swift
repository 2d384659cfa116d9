import Engines
import GRDB
import Runs

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

    private init(_ row: StoreRows) throws {
        engine = try row.text(1)
        device = try row.text(2)
        driver = try row.text(3)
        version = try row.text(4)
        revision = try row.text(5)
    }

    /// Where the results of a store come from; all engines of a session are entered with its first result.
    static func held(_ database: Database) throws -> Set<StoreOrigin> {
        let rows = try StoreRows(
            database, "SELECT min(provenance), engine, device, driver, version, revision FROM provenance GROUP BY 2, 3, 4, 5, 6",
            table: "provenance")
        var held: Set<StoreOrigin> = []
        while try rows.next() { held.insert(try StoreOrigin(rows)) }
        return held
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
