import ArgumentParser
import Engines
import Runs
import Stores

/// `--store` of commands whose ensembles are runs.
struct EnsembleStoreOptions: ParsableArguments {
    @Option(
        help: """
            A store (SQLite) that keeps the ensembles of experiments on learning: what was stopped goes on there, and scan, plot, export and \
            verify know it. Default: none.
            """)
    var store: String?

    func validate() throws {
        if store == "" { throw ValidationError("--store is empty; name a file, or leave the option out.") }
    }

    /// What may be written.
    var files: [String] { store.map(CommandFiles.store) ?? [] }

    /// Where results go.
    /// - Throws: `StoreError`.
    func open(_ provenance: Provenance, _ engine: EngineDescription) throws -> any Store {
        let memory = MemoryStore()
        guard let store else { return memory }
        return DividedStore(processes: try SQLiteStore(path: store, provenance: provenance, engines: [engine]), networks: memory)
    }

    /// For the provenance.
    var parameters: [String: String] { ["store": store ?? "none"] }
}
