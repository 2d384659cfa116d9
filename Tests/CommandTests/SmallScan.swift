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

    /// Kills the scan as soon as so many runs are stored, and begins it again, for each of these numbers: nothing stored is lost.
    /// - Parameter runs: of the whole scan, which is not to end before.
    func kill(_ store: String, after goals: [Int], of runs: Int) throws {
        var stored = 0, kills = 0
        for goal in goals {
            let process = try Command.start(try words(store), log: folder)
            while process.isRunning, ((try? reader(store).count) ?? 0) < goal { usleep(1000) }
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { kills += 1 }
            let count = try reader(store).count
            #expect(count >= max(goal, stored))
            stored = count
        }
        #expect(kills == goals.count && stored < runs)
    }

    /// Computes it in three shards, and merges these.
    func completeInShards(_ store: String) throws {
        let shards = (0..<3).map { "shard\($0).sqlite" }
        for (number, shard) in shards.enumerated() { try complete(shard, ["--shard", "\(number)/3"]) }
        let merge = try Command.run(["merge", "--into", folder.file(store)] + shards.map(folder.file))
        #expect(merge.status == 0, "\(merge.errors)")
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
