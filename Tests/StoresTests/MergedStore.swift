import Engines
import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// Runs in two stores and in one: these, merged, have the bits of the one, and what both have is no conflict.
/// - Parameter first: how many of the runs are in the first of the two.
func expectMergedIsWhole(_ runs: [Run], first: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let folder = try TemporaryFolder(), engine = ReferenceEngine()
    for (name, part) in [("a", Array(runs.prefix(first))), ("b", Array(runs.dropFirst(first))), ("whole", runs)] {
        try Scheduler(engine: engine, store: try SQLiteStore(folder.file(name), engine)).execute(part)
    }
    let merged = try SQLiteStore(folder.file("merged"), engine)
    let merge = try merged.merge([folder.file("b"), folder.file("a"), folder.file("whole")])
    #expect(merge.added == runs.count && merge.repeated == runs.count && merge.conflicting == 0, sourceLocation: sourceLocation)
    #expect(try merged.reader.fingerprint == StoreReader(path: folder.file("whole")).fingerprint, sourceLocation: sourceLocation)
    #expect(try merged.reader.verify().sound == runs.count, sourceLocation: sourceLocation)
}
