import Engines
import Foundation
import Runs
import Stores

/// A store in a folder of its own that is gone with it: where runs are stored to see how long that takes.
final class ScratchStore {
    let store: any Store
    private let folder: URL

    /// Where no store can be made, memory takes its place: a time is only guessed.
    init(_ provenance: Provenance, _ engines: [EngineDescription]) {
        folder = FileManager.default.temporaryDirectory.appending(path: "inflaton-trial-\(UUID().uuidString)")
        let path = folder.appending(path: "trial.sqlite").path(percentEncoded: false)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            store = try SQLiteStore(path: path, provenance: provenance, engines: engines)
        } catch {
            store = MemoryStore()
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}
