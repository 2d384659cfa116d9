import Runs

/// What a store file holds, to be looked at only: plans what a scan would do without opening the file for writing.
public struct StoredRuns: Store {
    private let reader: StoreReader
    private let digests: Set<Digest>

    /// Reads which runs are there.
    /// - Throws: `StoreError`.
    public init(_ path: String) throws {
        reader = try StoreReader(path: path)
        digests = try reader.digests
    }

    /// Whether the results of that run are there.
    public func contains(_ digest: Digest) -> Bool { digests.contains(digest) }

    /// The results of that run, or nil.
    public func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        guard contains(digest) else { return nil }
        guard let result = try reader.result(for: run, digest) else {
            throw StoreError.damaged(path: reader.path, place: "run with digest \(digest)", reason: "it was there and is there no more")
        }
        return result
    }

    /// Refused: the store is only looked at.
    public func insert(_ results: [(digest: Digest, result: RunResult)]) throws {
        throw StoreError.readOnly(path: reader.path, reason: "it was opened to be looked at")
    }
}
