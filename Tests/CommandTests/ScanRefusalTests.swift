import Arrays
import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// What a scan cannot do: the message, the exit code, and that nothing is lost.
@Suite struct ScanRefusalTests {
    /// A way to call a small scan badly.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int32
        let messages: [String]
        /// Added to the scan file.
        var line: String?
        var options: [String] = []
        var testDescription: String { name }
    }

    @Test(arguments: [
        Refusal(
            name: "unknown key", status: 65, messages: ["scan.yaml:7: unknown key 'momentun'; did you mean 'momentum'?"],
            line: "momentun: 0.5"),
        Refusal(name: "impossible value", status: 65, messages: ["scan.yaml:7: sigmaB is -1, but must be 0 or more"], line: "sigmaB: -1"),
        Refusal(name: "bad filter", status: 65, messages: ["scan.yaml:7: where"], line: "where: \")(\""),
        Refusal(name: "no YAML", status: 65, messages: ["not YAML"], line: "inputs: {points: [1"),
        Refusal(name: "a key twice", status: 65, messages: ["width is given twice"], line: "width: 3"),
        Refusal(
            name: "shard beyond the last", status: 64, messages: ["'4/4' is invalid", "I from 0 to N - 1"], options: ["--shard", "4/4"]),
        Refusal(name: "no shard", status: 64, messages: ["'half' is invalid", "such as 0/4"], options: ["--shard", "half"]),
        Refusal(name: "override without value", status: 64, messages: ["must be key=value"], options: ["--set", "width"]),
        Refusal(name: "override of no key", status: 64, messages: ["unknown key 'widht'", "'width'"], options: ["--set", "widht=3"]),
        Refusal(name: "override to nonsense", status: 64, messages: ["width is -3"], options: ["--set", "width=-3"]),
        Refusal(name: "empty batch", status: 64, messages: ["--batch is 0, but must be at least 1"], options: ["--batch", "0"]),
        Refusal(name: "unknown device", status: 69, messages: ["no OpenCL device 'abacus'"], options: ["--device", "abacus"]),
        Refusal(
            name: "missing folder", status: 73, messages: ["there is no folder"],
            options: ["--store", TemporaryFolder.absent + "/s.sqlite"]),
    ]) func refuses(_ refusal: Refusal) throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            if let line = refusal.line { scan.lines.append(line) }
            var words = ["scan", try scan.file()] + refusal.options
            if !refusal.options.contains("--store") { words += ["--store", folder.file("s.sqlite")] }
            if !refusal.options.contains("--device") { words += scan.device }
            for json in [[], ["--json"]] {
                let run = try Command.run(words + json)
                #expect(run.status == refusal.status, "\(run.errors)")
                for message in refusal.messages { #expect(run.errors.contains(message), "\(run.errors)") }
                let error = try run.jsonLines().last?["error"] as? [String: Any]
                #expect(json.isEmpty ? run.output.isEmpty : error?["code"] as? Int == Int(refusal.status), "\(run.output)")
            }
            #expect(folder.contents == ["scan.yaml"])
        }
    }

    @Test func refusesAMissingFile() throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("missing.yaml"), run = try Command.run(["scan", path])
            #expect(run.status == 65 && run.errors.contains("\(path): the scan file cannot be read"), "\(run.errors)")
        }
    }

    /// A fault of each kind in each place, each through the command as it is built: release builds crashed where debug ones threw.
    @Test(arguments: ["sigma", "1 +", "relu", "true", "travel", "1e400", "sigmaW"]) func refusesAFaultWhereverItStands(_ value: String)
        throws
    {
        let lines = [
            "sigmaW: \"\(value)\"", "sigmaW: [1, \"\(value)\"]", "together: [[{sigmaW: 1}, {sigmaW: \"\(value)\"}]]",
            "inputs: {interval: {count: 3, from: 0, to: \"\(value == "sigmaW" ? "sigma" : value)\"}}",
        ]
        try TemporaryFolder.with { folder in
            let path = folder.file("scan.yaml")
            for line in lines {
                try Data("width: 4\n\(line)\n".utf8).write(to: URL(filePath: path))
                let run = try Command.run(["scan", path, "--explain", "--dry-run", "--device", "reference"])
                #expect(
                    run.status == 65 && run.errors.contains("scan.yaml:2: ") && run.output.isEmpty, "\(line): \(run.status) \(run.errors)")
            }
        }
    }

    /// Bytes that are no scan file.
    @Test(arguments: [
        ("", "the scan file is empty"), ("# nothing\n", "the scan file is empty"), ("---\n", "a scan is a map of keys"),
        ("\twidth: 3\n", "not YAML"), ("width: 3\n\twidth: 4\n", "not YAML"), ("1: 2\n", "unknown key '1'"),
        ("width: \u{0}\n", "not YAML"), ("\u{1B}[31m: 1\n", "not YAML"), ("\"\\e[31m\": 1\n", "unknown key '\\u{1B}[31m'"),
        ("x: &x [*x]\n", "stands for nothing"),
    ]) func refusesWhatIsNoScan(_ text: String, _ message: String) throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("scan.yaml")
            try Data(text.utf8).write(to: URL(filePath: path))
            let run = try Command.run(["scan", path, "--dry-run", "--device", "reference"])
            #expect(run.status == 65 && run.errors.contains(message), "\(run.status) \(run.errors)")
            #expect(!run.errors.contains("\u{1B}") && run.errors.count < 600)
        }
    }

    @Test func refusesFoldersOtherEncodingsAndWhatNeverEnds() throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("scan.yaml")
            try Data([0x6E, 0x3A, 0x20, 0xE9, 0x0A]).write(to: URL(filePath: path))
            for (file, message) in [
                (path, "is not UTF-8 text"), (folder.path, "is a folder"), ("/dev/zero", "has more than 16777216 bytes"),
            ] {
                let run = try Command.run(["scan", file, "--dry-run", "--device", "reference"])
                #expect(run.status == 65 && run.errors.contains(message), "\(run.status) \(run.errors)")
            }
            // A byte order mark is none of the text.
            try Data("\u{FEFF}width: 3\n".utf8).write(to: URL(filePath: path))
            #expect(try Command.run(["scan", path, "--dry-run", "--device", "reference"]).status == 0)
        }
    }

    /// A look at a scan whose kernel takes gigabytes takes none of them.
    @Test func aLargeKernelIsExplainedAndNotTried() throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("scan.yaml")
            try Data("width: 8\nlearningRate: 0.01\nsteps: 100\ninputs: {circle: {count: 20000}}\n".utf8).write(to: URL(filePath: path))
            let run = try MeasuredRun.run(["scan", path, "--explain", "--device", "reference"], in: folder)
            #expect(run.status == 0 && run.processorSeconds < 10 && run.peakBytes < 1 << 29, "\(run)")
        }
    }

    /// More candidates than can be planned: explained in part, and refused without a store.
    @Test func aBillionRunsAreExplainedAndNotBegun() throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("scan.yaml")
            try Data("width: 4\nseed: {count: 2147483647}\n".utf8).write(to: URL(filePath: path))
            let words = ["scan", path, "--store", folder.file("s.sqlite"), "--device", "reference"]
            let explained = try Command.run(words + ["--dry-run"])
            #expect(explained.status == 0 && explained.output.contains("of 2147483647 candidates, evenly spread"), "\(explained)")
            let values = try Command.run(words + ["--dry-run", "--json"]).json()
            let examined = try #require(values["examined"] as? Int), host = try #require(values["host"] as? [String: Any])
            // 4 GiB of numbers alone; 2³¹ − 1 candidates of 192 bytes.
            #expect(examined < 2_147_483_647 && (host["bytes"] as? Int ?? 0) >= 2_147_483_647 * 192)
            if let available = values["hostAvailableBytes"] as? Int, available < 2_147_483_647 * 192 {
                let run = try Command.run(words)
                #expect(
                    run.status == 65 && run.errors.contains("--shard I/N") && run.errors.contains("bytes are available"), "\(run.errors)")
                #expect(folder.contents == ["scan.yaml"])
            }
        }
    }

    @Test func candidatesThatCannotBeLeaveTheOthersAlone() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            scan.lines += ["let shift: [0, -5]", "sigmaB: 1 + shift"]
            let run = try scan.complete("s.sqlite", ["--json"])
            #expect(
                run.errors.contains("no run for a candidate") && run.errors.contains("sigmaB is -4, but must be 0 or more"), "\(run.errors)"
            )
            let last = try #require(try run.jsonLines().last)
            #expect(last["refused"] as? Int == 40 && last["runs"] as? Int == 40)
            scan.lines[scan.lines.count - 2] = "let shift: [0]"
            try scan.complete("alone.sqlite")
            try scan.expectEqual("s.sqlite", "alone.sqlite")
        }
    }

    /// s (f − 1)⁴ with η = 10⁶: f grows as its cube at every step, so that it overflows within a dozen steps.
    @Test func divergenceIsAResult() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            scan.lines = ["width: [4, 6]", "sigmaW: 3", "degree: 4", "learningRate: 1e6", "steps: 20", "record: {trajectory: all}"]
            let last = try #require(try scan.complete("s.sqlite", ["--json"]).jsonLines().last)
            #expect(last["diverged"] as? Int == 20 && last["runs"] as? Int == 20)
            let table = try scan.reader().table(["run", "status", "divergedAt", "lastStep", "lastLoss"])
            #expect(table[column: "status"] == Array(repeating: "diverged", count: 20))
            for row in table.rows {
                guard case .integer(let number) = row[0] else { Issue.record("\(row)"); continue }
                let at = try #require(table.numbers("divergedAt")?[number - 1]), step = try #require(table.numbers("lastStep")?[number - 1])
                #expect(step >= 0 && step == at - 1 && at <= 20)
                // The loss of the last finite state is the one that the trajectory has there.
                let states = try scan.reader().trajectory(ofRun: number)
                let index = try #require(states.numbers("step")?.firstIndex(of: step))
                let loss = try #require(states.numbers("loss")?[index])
                #expect(loss.isFinite && loss == table.numbers("lastLoss")?[number - 1])
            }
        }
    }

    // MARK: Stores

    /// Runs as a user without rights, where the test has them.
    private func setPermissions(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test(arguments: [(0o555, 0o644), (0o777, 0o444), (0o555, nil)]) func refusesWhatMayNotBeWritten(folderMode: Int, storeMode: Int?)
        throws
    {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            let words = try scan.words()
            if let storeMode {
                try scan.complete()
                try setPermissions(storeMode, folder.file("s.sqlite"))
            }
            let before = folder.contents, old = try? Data(contentsOf: URL(filePath: folder.file("s.sqlite")))
            try setPermissions(folderMode, folder.path)
            defer { try? setPermissions(0o755, folder.path) }
            let run = try Command.run(words + ["--set", "seed=[77]"], through: Command.asOrdinaryUser)
            #expect(
                run.status == 73 && run.errors.contains("cannot write to the store") && run.errors.contains("permissions"), "\(run.errors)")
            #expect(folder.contents == before)
            #expect((try? Data(contentsOf: URL(filePath: folder.file("s.sqlite")))) == old)
            // Looking is allowed.
            if storeMode != nil {
                let status = try Command.run(["status", folder.file("s.sqlite"), "--json"], through: Command.asOrdinaryUser)
                #expect(try status.json()["runs"] as? Int == 40, "\(status.errors)")
            }
        }
    }

    @Test func aLimitOnFileSizesKeepsWhatIsStored() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder, seeds: 400)
            scan.device += ["--batch", "16"]
            // Units of 512 or 1024 bytes; the signal as it is for a user who has set nothing.
            let limit = ["env", "--default-signal=XFSZ", "sh", "-c", "ulimit -f 1500; exec \"$@\"", "sh"]
            let run = try Command.run(try scan.words(), through: limit)
            #expect(run.status == 1 || run.status == 73, "\(run.status): \(run.errors)")
            #expect(
                run.errors.contains("nothing that was stored is lost") && run.errors.contains("the same command goes on"), "\(run.errors)")
            try expectResumable(scan)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a small disk needs root")) func aFullDiskKeepsWhatIsStored() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder, seeds: 400)
            scan.device += ["--batch", "16"]
            let disk = folder.file("disk")
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
            let mount = try Process.run(
                URL(filePath: "/usr/bin/env"), arguments: ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])
            mount.waitUntilExit()
            try #require(mount.terminationStatus == 0, "a small disk cannot be mounted here, though this is root")
            defer { try? Process.run(URL(filePath: "/usr/bin/env"), arguments: ["umount", disk]).waitUntilExit() }
            let run = try Command.run(try scan.words("disk/s.sqlite"))
            #expect(run.status == 73, "\(run.status): \(run.errors)")
            #expect(run.errors.contains("make room") && run.errors.contains("the same command goes on"), "\(run.errors)")
            for name in try FileManager.default.contentsOfDirectory(atPath: disk) where name.hasPrefix("s.sqlite") {
                try FileManager.default.copyItem(atPath: disk + "/" + name, toPath: folder.file(name))
            }
            try expectResumable(scan)
        }
    }

    /// Whole batches are there, and with the others they are what an untroubled scan stores.
    private func expectResumable(_ scan: SmallScan) throws {
        let kept = try scan.reader().count
        #expect(kept > 0 && kept < 1600 && kept % 8 == 0)
        let last = try scan.complete("s.sqlite", ["--json"]).jsonLines().last
        #expect(last?["computed"] as? Int == 1600 - kept)
        try scan.complete("whole.sqlite")
        try scan.expectEqual("s.sqlite", "whole.sqlite")
    }

    @Test func refusesANewerStoreAndWhatIsNone() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            try scan.complete()
            // The version is a big-endian number at byte 60 of an SQLite file.
            var bytes = try Data(contentsOf: URL(filePath: folder.file("s.sqlite")))
            bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
            try bytes.write(to: URL(filePath: folder.file("newer.sqlite")))
            try Data("my diary\n".utf8).write(to: URL(filePath: folder.file("diary.sqlite")))
            for (store, message) in [("newer.sqlite", "has version 99"), ("diary.sqlite", "no store of Inflaton")] {
                let old = try Data(contentsOf: URL(filePath: folder.file(store)))
                for words in [
                    try scan.words(store), ["status", folder.file(store)],
                    ["merge", folder.file("s.sqlite"), "--into", folder.file(store)],
                ] {
                    let run = try Command.run(words)
                    #expect(run.status == 65 && run.errors.contains(message), "\(words): \(run.errors)")
                }
                #expect(try Data(contentsOf: URL(filePath: folder.file(store))) == old)
            }
        }
    }

    @Test func refusesAStoreInUseAndLeavesItsScanAlone() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder, seeds: 300)
            scan.lines[5] = "steps: 400"
            scan.device += ["--batch", "4"]
            let first = try Command.start(try scan.words(), log: folder)
            try wait(for: "the first batch") { ((try? scan.reader().count) ?? 0) > 0 }
            let second = try Command.run(try scan.words())
            #expect(first.isRunning)
            #expect(
                second.status == 73 && second.errors.contains("is written by process \(first.processIdentifier) on "), "\(second.errors)")
            let status = try Command.run(["status", folder.file("s.sqlite"), "--json"]).json()
            #expect(((status["scans"] as? [[String: Any]])?.last)?["state"] as? String == "running")
            first.waitUntilExit()
            #expect(first.terminationStatus == 0)
            try scan.complete("whole.sqlite")
            try scan.expectEqual("s.sqlite", "whole.sqlite")
        }
    }

    @Test func withoutDriverTheReferenceEngineComputesAndIsNotMixedUnasked() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            scan.device = []
            let none = Command.withoutDrivers
            let run = try scan.complete(environment: none)
            #expect(
                run.errors.contains("warning: the reference engine computes, slowly, because no OpenCL driver was found"), "\(run.errors)")
            let more = try scan.words() + ["--device", "opencl", "--set", "seed=[77]"]
            let refused = try Command.run(more)
            #expect(refused.status == 64 && refused.errors.contains("--mixed") && refused.errors.contains("reference"), "\(refused.errors)")
            #expect(try scan.reader().count == 40)
            #expect(try Command.run(more + ["--mixed"]).status == 0)
            #expect(try scan.reader().count == 44)
            let asked = try Command.run(try scan.words("o.sqlite") + ["--device", "opencl"], environment: none)
            #expect(asked.status == 69 && asked.errors.contains("pocl-opencl-icd"), "\(asked.errors)")
        }
    }
}
