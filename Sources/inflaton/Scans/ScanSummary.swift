import Arrays
import Runs
import Synchronization

/// What a scan says at its end.
struct ScanSummary: Encodable {
    let event = "finished"
    let store: String
    /// Runs in the store, those of other scans among them.
    let stored: Int
    let runs: Int
    let computed: Int
    let diverged: Int
    let excluded: Int
    let refused: Int
    let refusals: [String]

    init(store: String, stored: Int, _ progress: Scheduler.Progress) {
        self.store = store
        self.stored = stored
        runs = progress.total
        computed = progress.computed
        diverged = progress.diverged
        excluded = progress.excluded
        refused = progress.refusals.count
        refusals = progress.refusals.reasons
    }

    var text: String {
        var listing = Listing()
        listing.add("runs", "\(runs) of this scan, \(computed) of them computed now")
        if diverged > 0 { listing.add("diverged", "\(diverged) of those computed now") }
        if excluded > 0 { listing.add("left out", "\(excluded.number(of: "candidate")) by filters") }
        if refused > 0 { listing.add("refused", "\(refused.number(of: "candidate")) that \(refused == 1 ? "makes" : "make") no run") }
        listing.add("store", "\(store), \(stored.number(of: "run"))")
        return listing.text
    }
}

/// The latest news, for when there are no further.
final class LastProgress: Sendable {
    private let progress = Mutex(Scheduler.Progress())
    func set(_ new: Scheduler.Progress) { progress.withLock { $0 = new } }
    var value: Scheduler.Progress { progress.withLock { $0 } }
}

extension Scheduler.Progress {
    /// What is kept of a scan that ends early, and how it goes on.
    func resumption(_ store: String) -> String { "\(done) of \(total) runs are in \(store); the same command goes on with the others" }
}
