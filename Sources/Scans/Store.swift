import Synchronization

/// Where results are kept, one for each different run.
public protocol Store: Sendable {
    /// The result of that run, or nil.
    func result(for run: Run) throws -> RunResult?
    /// Keeps the results of a batch: all of them or, if it throws, none.
    func insert(_ results: [RunResult]) throws
}

/// A store that lives as long as the process.
public final class MemoryStore: Store {
    private let results = Mutex<[Run: RunResult]>([:])

    /// An empty store.
    public init() {}

    /// The result of that run, or nil.
    public func result(for run: Run) -> RunResult? { results.withLock { $0[run] } }

    /// Keeps the results.
    public func insert(_ new: [RunResult]) {
        results.withLock { results in
            for result in new { results[result.run] = result }
        }
    }

    /// How many results there are.
    public var count: Int { results.withLock { $0.count } }
}
