/// Keeps processes of the theory of learning, which take up to minutes each, in one store, and networks in another.
public struct DividedStore: Store {
    private let processes: any Store
    private let networks: any Store

    public init(processes: any Store, networks: any Store) {
        self.processes = processes
        self.networks = networks
    }

    /// Whether the results of that run are in either.
    public func contains(_ digest: Digest) -> Bool { networks.contains(digest) || processes.contains(digest) }

    /// The results of that run, or nil.
    public func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        try (run.process == nil ? networks : processes).result(for: run, digest)
    }

    /// Keeps the results of a batch, whose runs are all of one kind.
    public func insert(_ results: [(digest: Digest, result: RunResult)]) throws {
        try processes.insert(results.filter { $0.result.run.process != nil })
        try networks.insert(results.filter { $0.result.run.process == nil })
    }
}
