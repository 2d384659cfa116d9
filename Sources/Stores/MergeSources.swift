import GRDB
import Runs

/// Stores to be taken into another, read and found sound before anything is written.
public struct MergeSources: Sendable {
    /// The files, without the target.
    public let paths: [String]
    /// Those among the given ones that are the target itself, by whatever links.
    public let skipped: [String]
    /// Where their results come from, store by store.
    let origins: [Set<StoreOrigin>]

    /// Reads the stores.
    /// - Parameters:
    ///   - paths: the stores.
    ///   - target: what they are to be taken into, which may not be there yet.
    ///   - mixed: whether they may hold results of different origins.
    /// - Throws: `StoreError` for the first that is no store, too new, or not sound; `StoreError.mixed`.
    public init(_ paths: [String], into target: String, mixed: Bool = false) throws {
        skipped = paths.filter { StoreFile.Identity.areEqual($0, target) }
        self.paths = paths.filter { !StoreFile.Identity.areEqual($0, target) }
        var held: Set<StoreOrigin> = [], origins: [Set<StoreOrigin>] = []
        for path in self.paths {
            let added = try StoreReader(path: path).read { database in
                try StoreAudit.checkFile(database)
                _ = try StoreAudit.check(database)
                return try StoreOrigin.held(database)
            }
            if !mixed { try StoreOrigin.check(added, held: held, path: target) }
            held.formUnion(added)
            origins.append(added)
        }
        self.origins = origins
    }
}
