import Foundation
import Scans
import Testing

/// A job array on a real Slurm.
@Suite struct SlurmTests {
    /// A Slurm of one node that lives as long as its standard input is open.
    private final class Slurm {
        private let process = Process()
        private let input = Pipe()
        private let folder: Folder

        init(_ folder: Folder) throws {
            self.folder = folder
            process.executableURL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "Slurm/one-node")
            process.arguments = [folder.path("slurm")]
            try FileManager.default.createDirectory(atPath: folder.path("slurm"), withIntermediateDirectories: false)
            for name in ["slurm-output", "slurm-errors"] { try Data().write(to: URL(filePath: folder.path(name))) }
            process.standardInput = input
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: folder.path("slurm-output")))
            process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.path("slurm-errors")))
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
            let process = Process(), output = Pipe(), name = folder.path("command-errors")
            try Data().write(to: URL(filePath: name))
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = words
            process.currentDirectoryURL = folder.url
            // Jobs see what other commands of the tests see: the revision is part of a run's origin.
            process.environment = Command.variables.merging(["SLURM_CONF": folder.path("slurm/slurm.conf")]) { $1 }
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
        try Folder.temporary { folder in
            var scan = SmallScan(folder: folder, seeds: 300)
            scan.lines = ["name: array", "width: [6, 8, 10]", "sigmaW: [0.5, 1]", "learningRate: 0.01", "momentum: 0.9", "steps: 500"]
            try scan.complete("whole.sqlite")
            let slurm = try Slurm(folder)
            defer { slurm.stop() }
            let script = folder.path("job.sh"), shards = folder.path("shards")
            let written = try Command.run(
                ["slurm", try scan.file(), "--shards", "4", "--folder", shards, "--store", folder.path("merged.sqlite"), "-o", script])
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
            let merge = try Command.run(["merge"] + stores + ["--into", folder.path("merged.sqlite")])
            #expect(merge.status == 0, "\(merge.errors)")
            #expect(try scan.reader("merged.sqlite").count == 1800)
            #expect(try scan.reader("merged.sqlite").fingerprint == scan.reader("whole.sqlite").fingerprint)
        }
    }
}
