/// Keeps ensembles, which take up to minutes each, in one store, and networks in another.
public struct DividedStore: Store {
    private let ensembles: any Store
    private let networks: any Store

    public init(ensembles: any Store, networks: any Store) {
        self.ensembles = ensembles
        self.networks = networks
    }

    /// Whether the results of that run are in either.
    public func contains(_ digest: Digest) -> Bool { networks.contains(digest) || ensembles.contains(digest) }

    /// The results of that run, or nil.
    public func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        try (run.ensemble == nil ? networks : ensembles).result(for: run, digest)
    }

    /// Keeps the results of a batch, whose runs are all of one kind.
    public func insert(_ results: [(digest: Digest, result: RunResult)]) throws {
        try ensembles.insert(results.filter { $0.result.run.ensemble != nil })
        try networks.insert(results.filter { $0.result.run.ensemble == nil })
    }
}
