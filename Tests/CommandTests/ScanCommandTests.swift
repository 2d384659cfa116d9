import Arrays
import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// `scan` and the commands that look at its store.
@Suite struct ScanCommandTests {
    @Test func jsonIsLinesThatEndWithFinished() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            let lines = try scan.complete("s.sqlite", ["--json"]).jsonLines()
            #expect(lines.first?["event"] as? String == "progress" && lines.first?["total"] as? Int == 40)
            #expect(lines.first?["device"] as? String == "host processor")
            #expect(lines.dropLast().allSatisfy { $0["event"] as? String == "progress" })
            let last = try #require(lines.last)
            #expect(last["event"] as? String == "finished" && last["runs"] as? Int == 40 && last["computed"] as? Int == 40)
            #expect(last["stored"] as? Int == 40 && last["store"] as? String == folder.file("s.sqlite"))
        }
    }

    /// Of a mode whose steps change its sign no continuum is the dual: that prediction has no number, and the store says why.
    @Test func aPredictionWithoutNumbersSaysWhy() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            scan.lines = [
                "width: 64", "sigmaW: 1", "sigmaB: 0.1", "activation: identity", "learningRate: [0.1, 1.4]", "momentum: 0", "scale: 0.5",
                "steps: 20", "record: {predictions: [exact, corrected]}",
            ]
            scan.seeds = 1
            try scan.complete()
            let table = try scan.reader().table(["exact.endError", "corrected.endError", "predictionFailures"])
            #expect(table.rows[0][2] == .empty && !table.rows.joined().contains(.number(.nan)))
            guard case .number = table.rows[0][0], table.rows[1][0] == .empty, case .number = table.rows[1][1],
                case .text(let reason) = table.rows[1][2]
            else {
                Issue.record("\(table.rows)")
                return
            }
            #expect(reason.hasPrefix("exact: ") && !reason.contains("corrected: "), "\(reason)")
        }
    }

    @Test func explainComputesNothing() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            let words = try scan.words() + ["--explain"]
            let text = try Command.run(words)
            #expect(text.status == 0 && text.output.contains("tiny: 40 candidates, width 2 × sigmaW 2 × seed 10"), "\(text.output)")
            for word in ["40 different", "batches", "memory", "time", "reference"] { #expect(text.output.contains(word), "\(text.output)") }
            let json = try Command.run(words + ["--json"]).json()
            #expect(json["candidates"] as? Int == 40 && json["runs"] as? Int == 40 && json["stored"] as? Int == 0)
            #expect(json["shapes"] as? Int == 2 && json["dryRun"] as? Bool == true)
            #expect(try #require(json["seconds"] as? Double) > 0 && (try #require(json["deviceBytes"] as? Int)) > 0)
            #expect(folder.contents == ["scan.yaml"])
            try scan.complete()
            #expect(try Command.run(words + ["--json"]).json()["stored"] as? Int == 40)
        }
    }

    @Test func whatIsStoredIsNotComputedAgain() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            func computed(_ options: [String] = []) throws -> Int? {
                try scan.complete("s.sqlite", ["--json"] + options).jsonLines().last?["computed"] as? Int
            }
            #expect(try computed() == 40)
            let once = try scan.reader().fingerprint
            #expect(try computed() == 0)
            #expect(try scan.reader().fingerprint == once)
            scan.lines[1] = "width: [4, 5, 6]"
            #expect(try computed() == 20)
            #expect(try computed(["--set", "sigmaW=[1, 2]"]) == 30)
            #expect(try scan.reader().count == 90)
        }
    }

    @Test func overridesAreAsWrittenInTheFile() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            try scan.complete("set.sqlite", ["--set", "width=[3]", "--set", "record.trajectory=every 5", "--set", "where=seed > 4"])
            scan.lines[1] = "width: [3]"
            scan.lines += ["record: {trajectory: every 5}", "where: seed > 4"]
            try scan.complete("file.sqlite")
            try scan.expectEqual("set.sqlite", "file.sqlite")
            #expect(try scan.reader("set.sqlite").count == 12)
        }
    }

    @Test func shardsMergeIntoTheWhole() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            try scan.complete("whole.sqlite")
            try scan.complete("0.sqlite", ["--shard", "0/3"])
            try scan.complete("1.sqlite", ["--shard", "1/3"])
            // As a task of a job array.
            try scan.complete(
                "2.sqlite",
                environment: [
                    "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "2",
                ])
            let shards = ["0.sqlite", "1.sqlite", "2.sqlite"]
            #expect(try shards.map { try scan.reader($0).count }.reduce(0, +) == 40)
            let words = ["merge"] + shards.map(folder.file) + ["--into", folder.file("merged.sqlite"), "--json"]
            for (added, repeated) in [(40, 0), (0, 40)] {
                let merge = try Command.run(words).json()
                #expect(merge["added"] as? Int == added && merge["repeated"] as? Int == repeated && merge["conflicting"] as? Int == 0)
            }
            #expect(try scan.reader("merged.sqlite").fingerprint == scan.reader("whole.sqlite").fingerprint)
        }
    }

    @Test func statusTellsOfARunningAndAKilledScan() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder, seeds: 300)
            scan.lines[5] = "steps: 2000"
            scan.device += ["--batch", "4"]
            func last() throws -> [String: Any] {
                let status = try Command.run(["status", folder.file("s.sqlite"), "--json"])
                return try #require((try status.json()["scans"] as? [[String: Any]])?.last, "\(status.errors)")
            }
            let process = try Command.start(try scan.words(), log: folder)
            try wait(for: "the first batch") { ((try? scan.reader().count) ?? 0) > 0 }
            let running = try last()
            #expect(process.isRunning && running["state"] as? String == "running" && running["total"] as? Int == 1200)
            #expect(running["processIdentifier"] as? Int == Int(process.processIdentifier))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let killed = try last()
            #expect(killed["state"] as? String == "killed")
            #expect(try killed["done"] as? Int == scan.reader().count)
            #expect(try Command.run(["status", folder.file("s.sqlite")]).output.contains("killed"))
        }
    }

    @Test func tablesAndArchivesHoldTheRuns() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder), store = folder.file("s.sqlite")
            try scan.complete()
            let csv = folder.file("runs.csv"), npz = folder.file("runs.npz")
            let filtered = ["--where", "width == 4", "--where", "seed <= 3"]
            try #require(try Command.run(["export", store, "-o", csv, "--columns", "seed,finalLoss,width * 2"] + filtered).status == 0)
            let rows = try folder.text("runs.csv").split(separator: "\n")
            #expect(
                rows.count == 7 && rows[0] == "seed,finalLoss,width * 2" && rows[1].hasPrefix("1,") && rows[1].hasSuffix(",8.0"), "\(rows)")
            try #require(try Command.run(["export", store, "-o", npz, "--trajectories"] + filtered).status == 0)
            let archive = try NumericArchive(path: npz)
            #expect(try archive.array("seed").elements == [1, 2, 3, 1, 2, 3])
            #expect(
                try archive.array("finalLoss").elements == scan.reader().table().numbers("finalLoss").map { Array($0[0..<3] + $0[10..<13]) }
            )
            let again = try Command.run(["export", store, "-o", csv])
            #expect(again.status == 73 && again.errors.contains("exists already"))
            #expect(try Command.run(["export", store, "-o", folder.file("runs.txt")]).status == 64)
            let unknown = try Command.run(["export", store, "-o", csv, "--force", "--where", "widht > 3"])
            #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'width'?"), "\(unknown.errors)")
        }
    }

    @Test func picturesAndReportsAreWritten() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder), store = folder.file("s.sqlite")
            try scan.complete()
            func plot(_ options: String...) throws -> Command { try Command.run(["plot", store] + options) }
            let listed = try plot().output.split(separator: "\n")
            // No run diverged, and none is an ensemble.
            #expect(
                listed.contains("finalLoss") && listed.contains("width") && !listed.contains("divergedAt") && !listed.contains("networks"))
            let titled = try plot(
                "--x", "kernel", "--y", "finalLoss", "--title", "A title", "--x-label", "below", "--y-label", "beside", "-o",
                folder.file("t.svg"))
            #expect(titled.status == 0)
            for text in ["A title", "below", "beside"] { #expect(try folder.text("t.svg").contains(">\(text)<")) }
            let columns = ["--x", "kernel", "--y", "finalLoss", "--colour", "sigmaW", "--facet", "width"]
            for name in ["a.svg", "a.png"] {
                let run = try Command.run(["plot", store, "-o", folder.file(name)] + columns)
                #expect(run.status == 0 && run.output.contains("40 runs"), "\(run.errors)")
            }
            let svg = try folder.text("a.svg")
            #expect(svg.contains("<svg") && svg.contains(">L(T)<") && svg.contains("</svg>"))
            #expect(
                try Data(contentsOf: URL(filePath: folder.file("a.png"))).starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            let unknown = try plot("--x", "widht", "-o", folder.file("b.svg"))
            #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'width'?"))
            #expect(try plot("--x", "width", "-o", folder.file("a.svg")).status == 73)
            let report = try Command.run(["report", store, "-o", folder.file("report")])
            #expect(report.status == 0, "\(report.errors)")
            let page = try folder.text("report/report.html")
            #expect(page.contains("tiny") && page.contains("finalLoss"))
            #expect(try folder.text("report/table.csv").split(separator: "\n").count == 41)
        }
    }

    // MARK: Several devices

    /// Two devices of PoCL, both on this processor: "basic" works in one thread, "pthread" in several.
    private static let two = ["POCL_DEVICES": "pthread basic"]

    @Test(arguments: [["--device", "all"], ["--device", "0", "--device", "1"]]) func severalDevicesShareTheWork(devices: [String]) throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder, seeds: 200)
            scan.lines[1] = "width: [8, 12, 16, 24]"
            scan.device = ["--batch", "16"]
            let last = try scan.complete("both.sqlite", devices + ["--json"], environment: Self.two).jsonLines().last
            #expect(last?["computed"] as? Int == 1600)
            try scan.complete("0.sqlite", ["--device", "0"], environment: Self.two)
            try scan.complete("1.sqlite", ["--device", "1"], environment: Self.two)
            // Bit for bit what each device computes alone, whichever of them computed a run.
            let alone = try ["0.sqlite", "1.sqlite"].map { try Self.results(scan.reader($0)) }
            let both = try Self.results(scan.reader("both.sqlite"))
            #expect(both.count == 1600 && both.allSatisfy { $0.value == alone[0][$0.key] || $0.value == alone[1][$0.key] })
            // One of them alone may go on with it; another engine may not.
            try scan.complete("both.sqlite", ["--device", "1", "--set", "seed=[1001]"], environment: Self.two)
            let other = try Command.run(try scan.words("both.sqlite") + ["--device", "reference", "--set", "seed=[1002]"])
            #expect(other.status == 64 && other.errors.contains("--mixed"), "\(other.errors)")
        }
    }

    /// The rows by their digests, without the order in which they came.
    private static func results(_ reader: StoreReader) throws -> [String: String] {
        let names = ["digest", "status"] + (try reader.columns.map(\.name))
        return Dictionary(uniqueKeysWithValues: try reader.table(names).rows.map { ("\($0[0])", "\($0)") })
    }
}
