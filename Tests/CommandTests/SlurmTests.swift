import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// A job array on a real Slurm.
@Suite struct SlurmTests {
    /// A Slurm of one node that lives as long as its standard input is open.
    private final class Slurm {
        private let process = Process()
        private let input = Pipe()
        private let folder: TemporaryFolder

        init(_ folder: TemporaryFolder) throws {
            self.folder = folder
            process.executableURL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Slurm/one-node")
            process.arguments = [folder.file("slurm")]
            try FileManager.default.createDirectory(atPath: folder.file("slurm"), withIntermediateDirectories: false)
            for name in ["slurm-output", "slurm-errors"] { try Data().write(to: URL(filePath: folder.file(name))) }
            process.standardInput = input
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: folder.file("slurm-output")))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.file("slurm-errors")))
            try process.run()
            try wait(for: "Slurm to start") { try !process.isRunning || folder.text("slurm-output") == "ready\n" }
            let errors = try folder.text("slurm-errors")
            try #require(process.isRunning, "this test needs a Slurm, which did not start: \(errors)")
        }

        func stop() {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }

        /// Runs one of Slurm's commands and gives what it prints.
        @discardableResult
        func run(_ words: String...) throws -> String {
            let process = Process(), output = Pipe(), name = folder.file("command-errors")
            try Data().write(to: URL(filePath: name))
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = words
            process.currentDirectoryURL = folder.url
            // Jobs see what other commands of the tests see: the revision is part of a run's origin.
            process.environment = Command.variables.merging(["SLURM_CONF": folder.file("slurm/slurm.conf")]) { $1 }
            process.standardOutput = output
            process.standardError = try FileHandle(forWritingTo: URL(filePath: name))
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            let errors = try folder.text("command-errors")
            try #require(process.terminationStatus == 0, "\(words.joined(separator: " ")): \(errors)")
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    @Test func fourShardsOneKilledAndRequeuedMergeIntoTheWhole() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder, seeds: 300)
            scan.lines = ["name: array", "width: [6, 8, 10]", "sigmaW: [0.5, 1]", "learningRate: 0.01", "momentum: 0.9", "steps: 500"]
            try scan.complete("whole.sqlite")
            let slurm = try Slurm(folder)
            defer { slurm.stop() }
            let script = folder.file("job.sh"), shards = folder.file("shards")
            let written = try Command.run(
                ["slurm", try scan.file(), "--shards", "4", "--folder", shards, "--store", folder.file("merged.sqlite"), "-o", script])
            try #require(written.status == 0 && written.output.contains("sbatch \(script)"), "\(written.errors)")
            // As a user edits it: small batches on the engine that starts at once, so that there is a middle to be killed in.
            let text = try String(contentsOfFile: script, encoding: .utf8)
            let edited = text.replacing(" --quiet", with: " --quiet --device reference --batch 4")
            try #require(edited != text)
            try Data(edited.utf8).write(to: URL(filePath: script))
            let job = try slurm.run("sbatch", "--parsable", script)

            let second = shards + "/shard-1.sqlite"
            var killed = 0
            try wait(for: "the second shard to be under way") {
                guard let reader = try? StoreReader(path: second), let count = try? reader.count, count > 0 else { return false }
                killed = try reader.scans.last?.processIdentifier ?? 0
                return killed > 0
            }
            try #require(kill(pid_t(killed), SIGKILL) == 0)
            try wait(for: "Slurm to see that the task failed") {
                try slurm.run("scontrol", "--oneliner", "show", "job", "\(job)_1").contains("JobState=FAILED")
            }
            let left = try StoreReader(path: second).count
            #expect(left > 0 && left < 450)
            try slurm.run("scontrol", "requeue", "\(job)_1")
            try wait(upTo: 120, for: "the array to end") { try slurm.run("squeue", "--noheader").isEmpty }

            let stores = (0..<4).map { "\(shards)/shard-\($0).sqlite" }
            for store in stores { #expect(try StoreReader(path: store).count == 450) }
            let states = try StoreReader(path: second).scans.map(\.state)
            #expect(states == [.running, .finished], "killed, then completed")
            let merge = try Command.run(["merge"] + stores + ["--into", folder.file("merged.sqlite")])
            #expect(merge.status == 0, "\(merge.errors)")
            #expect(try scan.reader("merged.sqlite").count == 1800)
            #expect(try scan.reader("merged.sqlite").fingerprint == scan.reader("whole.sqlite").fingerprint)
        }
    }

    /// The task that failed is submitted alone: Slurm then says that the array has one task, which is still that of three.
    @Test func aFailedTaskSubmittedAloneComputesItsShard() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            try scan.complete("whole.sqlite")
            let slurm = try Slurm(folder)
            defer { slurm.stop() }
            let script = folder.file("job.sh"), shards = folder.file("shards")
            let written = try Command.run(
                ["slurm", try scan.file(), "--shards", "3", "--folder", shards, "--store", folder.file("merged.sqlite"), "-o", script])
            try #require(written.status == 0, "\(written.errors)")
            let text = try String(contentsOfFile: script, encoding: .utf8).replacing(" --quiet", with: " --quiet --device reference")
            try Data(text.utf8).write(to: URL(filePath: script))
            // Where the store of the last shard should be is something else, so that its task fails.
            try FileManager.default.createDirectory(atPath: shards + "/shard-2.sqlite", withIntermediateDirectories: true)
            let job = try slurm.run("sbatch", "--parsable", script)
            try wait(upTo: 120, for: "the array to end") { try slurm.run("squeue", "--noheader").isEmpty }
            #expect(try slurm.run("scontrol", "--oneliner", "show", "job", "\(job)_2").contains("JobState=FAILED"))
            try FileManager.default.removeItem(atPath: shards + "/shard-2.sqlite")

            try slurm.run("sbatch", "--parsable", "--array=2", script)
            try wait(upTo: 120, for: "the task to end") { try slurm.run("squeue", "--noheader").isEmpty }
            // Of 40 runs, numbers 0, 3, …; 1, 4, …; 2, 5, … are 14, 13 and 13.
            let stores = (0..<3).map { "\(shards)/shard-\($0).sqlite" }
            #expect(try stores.map { try StoreReader(path: $0).count } == [14, 13, 13])
            let merge = try Command.run(["merge"] + stores + ["--into", folder.file("merged.sqlite")])
            #expect(merge.status == 0, "\(merge.errors)")
            #expect(try scan.reader("merged.sqlite").fingerprint == scan.reader("whole.sqlite").fingerprint)
        }
    }
}

/// The script without a Slurm: what its variables say, and what a shell makes of its words.
@Suite struct SlurmScriptTests {
    private static func task(_ number: Int, of count: Int) -> [String: String] {
        ["INFLATON_DEVICE": "reference", "SLURM_ARRAY_TASK_ID": "\(number)", "SLURM_ARRAY_TASK_COUNT": "\(count)"]
    }

    private func sh(_ words: [String], _ environment: [String: String], in folder: TemporaryFolder) throws -> Command {
        try Command.run([], environment: environment, through: ["sh", "-c", words.joined(separator: " ") + " # \"$0\""], in: folder)
    }

    /// Names that a shell, or the command, would take for something else.
    @Test(arguments: [
        "plain", "two words", "-dash", "$HOME", "`id`", "it's", "a\"b", "a\\b", "~", "*", "a;b", "ünï", "--", "a=b", "#a", "a&b",
    ])
    func wordsSurviveTheShell(name: String) throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder, seeds: 1)
            try FileManager.default.moveItem(atPath: try scan.file(), toPath: folder.file(name + ".yaml"))
            let written = try Command.run(
                ["slurm", "--shards=2", "--folder=\(name)", "--store=\(name).sqlite", "--output=job.sh", "--", name + ".yaml"], in: folder)
            try #require(written.status == 0, "\(written.errors)")
            for number in 0..<2 {
                let run = try sh(["sh", "job.sh"], Self.task(number, of: 2), in: folder)
                #expect(run.status == 0, "\(run.errors)")
            }
            let merge = try #require(try folder.text("job.sh").split(separator: "\n").last)
            try #require(merge.hasPrefix("#   "))
            #expect(try sh([String(merge.dropFirst(4))], [:], in: folder).status == 0)
            #expect(try StoreReader(path: folder.file(name + ".sqlite")).count == 4)
            #expect(Set(folder.contents) == [name, name + ".yaml", name + ".sqlite", "job.sh"])
        }
    }

    @Test func theNumberOfShardsIsThatOfTheScript() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            try scan.complete("whole.sqlite")
            _ = try scan.file()
            #expect(try Command.run(["slurm", "scan.yaml", "--shards", "3", "-o", "job.sh"], in: folder).status == 0)
            for (number, count) in [(1, 3), (0, 2), (2, 2), (2, 1)] {
                #expect(try sh(["sh", "job.sh"], Self.task(number, of: count), in: folder).status == 0)
            }
            let stores = (0..<3).map { folder.file("scan-shards/shard-\($0).sqlite") }
            #expect(try Command.run(["merge"] + stores + ["--into", folder.file("m.sqlite")]).status == 0)
            #expect(try scan.reader("m.sqlite").fingerprint == scan.reader("whole.sqlite").fingerprint)
        }
    }

    /// ID, COUNT, MIN and MAX of arrays that do not tell which share is meant.
    @Test(arguments: [
        ["2", "1", "2", "2"], ["0", "2", "0", "2"], ["7", "3", "5", "7"], ["0", "4", "0", "6"], ["0", "", "0", "0"], ["", "3", "0", "2"],
        ["2", "1", "", ""], ["3", "3", "0", "2"], ["-1", "3", "0", "2"], ["one", "3", "0", "2"], ["0", "3", "zero", "2"],
        ["99999999999999999999", "3", "0", "2"], ["0", "9223372036854775807", "0", "9223372036854775806"],
        ["9223372036854775807", "3", "-9223372036854775808", "2"], ["0", "-1", "0", "-2"], ["0", "3", "0", "-9223372036854775808"],
    ]) func refusesAPartOfAnArray(values: [String]) throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder, seeds: 1)
            let names = ["ID", "COUNT", "MIN", "MAX"].map { "SLURM_ARRAY_TASK_" + $0 }
            let run = try Command.run(try scan.words(), environment: Dictionary(uniqueKeysWithValues: zip(names, values)))
            #expect(run.status == 64 && run.errors.contains("give --shard I/N"), "\(run.errors)")
            #expect(folder.contents == ["scan.yaml"])
            // An explicit share needs no variables.
            let words = try scan.words() + ["--shard", "1/2"]
            #expect(try Command.run(words, environment: Dictionary(uniqueKeysWithValues: zip(names, values))).status == 0)
            #expect(try scan.reader().count == 2)
        }
    }
}
