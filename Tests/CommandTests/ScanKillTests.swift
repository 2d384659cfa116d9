import Arrays
import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// A scan that is stopped in any way loses the batch in flight and nothing else.
@Suite(.serialized) struct ScanKillTests {
    /// Steele, Lea and Flood's SplitMix64: the same moments in every run of the tests.
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let kills = 16

    /// Fresh scans are killed and restarted until they are complete, as many as it takes for 16 kills. However fast the machine is, one
    /// kill in four falls into the start of the program, the others between two batches or into one.
    @Test func killedAtRandomMomentsItEndsAsIfItNeverWas() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(
                folder: folder,
                lines: [
                    "name: killed", "width: [8, 12, 16, 24]", "sigmaW: [0.5, 1, 1.5, 2]", "scale: 0.05", "learningRate: 0.01",
                    "momentum: 0.9", "steps: 100", "record: {trajectory: every 50}",
                ], seeds: 200, device: ["--device", "opencl", "--batch", "16", "--quiet"])
            try scan.complete("whole.sqlite")
            let whole = try scan.reader("whole.sqlite").table().rows
            #expect(whole.count == 3200)
            var random = Random(state: 20_220_221), kills = 0, left: Set<Int> = [], stores = 0
            while kills < Self.kills {
                stores += 1
                let store = "killed-\(stores).sqlite"
                var stored = 0
                while true {
                    let process = try Command.start(try scan.words(store), log: folder)
                    if Int.random(in: 0..<4, using: &random) == 0 {
                        usleep(UInt32.random(in: 0..<300_000, using: &random))
                    } else {
                        let goal = stored + Int.random(in: 1...200, using: &random)
                        while process.isRunning, ((try? scan.reader(store).count) ?? 0) < goal { usleep(1000) }
                        usleep(UInt32.random(in: 0..<20_000, using: &random))
                    }
                    kill(process.processIdentifier, SIGKILL)
                    process.waitUntilExit()
                    guard process.terminationReason == .uncaughtSignal else {
                        let errors = try folder.text("errors")
                        #expect(process.terminationStatus == 0, "\(errors)")
                        break
                    }
                    kills += 1
                    guard let reader = try? scan.reader(store) else { continue }
                    let rows = try reader.table().rows
                    #expect(rows == Array(whole.prefix(rows.count)), "what is kept is how the whole begins, to its \(rows.count)th run")
                    #expect(rows.count >= stored)
                    stored = rows.count
                    left.insert(stored)
                }
                try scan.expectEqual(store, "whole.sqlite")
                #expect(try scan.reader(store).scans.last?.state == .finished)
            }
            // The moments were such that something was there to lose and to keep.
            #expect(left.count { $0 > 0 && $0 < whole.count } > Self.kills / 5, "\(left.sorted())")
        }
    }

    /// The tests' own: how long a batch takes is up to the number of steps.
    private func slow(_ folder: TemporaryFolder, steps: Int) -> SmallScan {
        SmallScan(
            folder: folder, lines: ["width: [8, 9, 10]", "learningRate: 0.01", "steps: \(steps)"], seeds: 400,
            device: ["--device", "reference", "--batch", "4"])
    }

    @Test func oneCtrlCFinishesTheBatchAndSaysHowToGoOn() throws {
        try TemporaryFolder.with { folder in
            let scan = slow(folder, steps: 500)
            let process = try Command.start(try scan.words(), log: folder)
            try wait(for: "the first batch") { ((try? scan.reader().count) ?? 0) > 0 }
            process.interrupt()
            process.waitUntilExit()
            let run = try Command.result(of: process, log: folder)
            #expect(process.terminationReason == .exit && run.status == 130, "\(run.errors)")
            let kept = try scan.reader().count
            #expect(kept > 0 && kept < 1200 && kept % 4 == 0)
            #expect(
                run.errors.contains("error: interrupted: \(kept) of 1200 runs are in \(folder.file("s.sqlite")); the same command goes on"),
                "\(run.errors)")
            #expect(try scan.reader().scans.last?.state == .interrupted)
            let resumed = try scan.complete("s.sqlite", ["--json"]).jsonLines()
            #expect(resumed.last?["computed"] as? Int == 1200 - kept)
            try scan.complete("whole.sqlite")
            try scan.expectEqual("s.sqlite", "whole.sqlite")
        }
    }

    /// A batch of about a minute is not waited for.
    @Test func theSecondCtrlCEndsAtOnce() throws {
        try TemporaryFolder.with { folder in
            let process = try Command.start(try slow(folder, steps: 5_000_000).words(), log: folder)
            try wait(for: "the start") { try folder.text("errors").contains("0/1200 runs") }
            process.interrupt()
            try wait(for: "the answer") { try folder.text("errors").contains("press Ctrl-C again") }
            #expect(process.isRunning)
            // Two signals at once are one request; a person takes longer.
            usleep(100_000)
            process.interrupt()
            let start = ContinuousClock.now
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 130)
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }
}
