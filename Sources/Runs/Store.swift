import Synchronization

/// Where results are kept, one for each different run.
public protocol Store: Sendable {
    /// Whether the results of that run are there.
    func contains(_ digest: Digest) -> Bool
    /// The results of that run, or nil. What its recording leaves out is missing from them.
    func result(for run: Run, _ digest: Digest) throws -> RunResult?
    /// Keeps the results of a batch: all of them or, if it throws, none. Runs that are there already stay as they are.
    func insert(_ results: [(digest: Digest, result: RunResult)]) throws
}

/// A store that lives as long as the process.
public final class MemoryStore: Store {
    private let results = Mutex<[Digest: RunResult]>([:])

    /// An empty store.
    public init() {}

    /// Whether the results of that run are there.
    public func contains(_ digest: Digest) -> Bool { results.withLock { $0[digest] != nil } }

    /// The results of that run, or nil.
    public func result(for run: Run, _ digest: Digest) -> RunResult? { results.withLock { $0[digest] } }

    public func insert(_ new: [(digest: Digest, result: RunResult)]) {
        results.withLock { results in
            for (digest, result) in new where results[digest] == nil { results[digest] = result }
        }
    }

    public var count: Int { results.withLock { $0.count } }
}
