import Arrays
import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// A scan of tiny networks, its file and stores in a folder of the test.
struct SmallScan {
    let folder: TemporaryFolder
    var lines = ["name: tiny", "width: [4, 6]", "sigmaW: [0.5, 1]", "learningRate: 0.01", "momentum: 0.9", "steps: 20"]
    var seeds = 10
    /// What computes. The reference engine starts at once.
    var device = ["--device", "reference"]

    /// The file's path; it is written anew.
    func file(_ name: String = "scan.yaml") throws -> String {
        let text = (lines + ["seed: {first: 1, count: \(seeds)}"]).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
        return folder.file(name)
    }

    /// The words that compute it into a store of the folder.
    func words(_ store: String = "s.sqlite") throws -> [String] { ["scan", try file(), "--store", folder.file(store)] + device }

    /// Computes it to its end.
    @discardableResult
    func complete(_ store: String = "s.sqlite", _ options: [String] = [], environment: [String: String] = [:]) throws -> Command {
        let run = try Command.run(try words(store) + options, environment: environment)
        try #require(run.status == 0, "\(run.errors)")
        return run
    }

    func reader(_ store: String = "s.sqlite") throws -> StoreReader { try StoreReader(path: folder.file(store)) }

    /// Stores with the same bits of the same runs in the same order.
    func expectEqual(_ store: String, _ other: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (left, right) = (try reader(store), try reader(other))
        #expect(try left.fingerprint == right.fingerprint, sourceLocation: sourceLocation)
        let (ours, theirs) = (try left.table(), try right.table())
        #expect(ours.columns == theirs.columns && ours.text == theirs.text && !ours.rows.isEmpty, sourceLocation: sourceLocation)
        #expect(try left.parameters == right.parameters, sourceLocation: sourceLocation)
    }
}

/// Waits for something that another process brings about.
/// - Throws: a failed requirement after a minute.
func wait(upTo seconds: Double = 60, for what: String, until holds: () throws -> Bool) throws {
    let deadline = Date().addingTimeInterval(seconds)
    while !(try holds()) {
        try #require(Date() < deadline, "waited \(seconds) s for \(what)")
        usleep(5000)
    }
}
