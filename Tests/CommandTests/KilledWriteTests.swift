import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// A scan that is killed at any one of its calls that change a file: at each in turn, not at random moments.
@Suite(.serialized) struct KilledWriteTests {
    private static let library = Result { try compilePreload("kill_at_write") }

    /// Two batches into a new store. Of every other call that writes, half reaches the file, as where a process is killed within it.
    @Test func killedAtEveryWriteAScanGoesOn() throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(
                folder: folder, lines: ["width: 4", "learningRate: 0.01", "steps: 10"], seeds: 4,
                device: ["--device", "reference", "--batch", "2", "--quiet"])
            let library = try Self.library.get(), counted = folder.file("calls")
            let variables = ["LD_PRELOAD": library, "KILL_FOLDER": folder.path]
            try scan.complete("whole.sqlite", environment: variables.merging(["KILL_COUNT": counted]) { $1 })
            let calls = try #require(Int(try folder.text("calls").trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(calls > 50, "as few calls as that are not those of a store")
            var kept: Set<Int> = [], unreadable = 0
            for call in 0..<calls {
                var killing = variables.merging(["KILL_AT": "\(call)"]) { $1 }
                if call % 2 == 1 { killing["KILL_TORN"] = "1" }
                let killed = try Command.run(try scan.words("killed.sqlite"), environment: killing)
                #expect(killed.status == SIGKILL, "call \(call)")
                if try isRefusedToReaders(folder) { unreadable += 1 }
                let status = try Command.run(["status", folder.file("killed.sqlite")])
                #expect(
                    status.status == 0 || status.errors.contains("it is empty") || status.errors.contains("No such file"),
                    "call \(call): \(status.errors)")
                if let count = try? scan.reader("killed.sqlite").count { kept.insert(count) }
                try scan.complete("killed.sqlite")
                try scan.expectEqual("killed.sqlite", "whole.sqlite")
                for suffix in ["", "-wal", "-shm", "-journal", ".lock"] { unlink(folder.file("killed.sqlite" + suffix)) }
            }
            #expect(kept == [0, 2, 4] && unreadable > 0)
        }
    }

    /// Whether somebody who may only read is told that what the killed scan had begun must be undone first.
    private func isRefusedToReaders(_ folder: TemporaryFolder) throws -> Bool {
        let store = folder.file("killed.sqlite"), files = FileManager.default
        guard files.fileExists(atPath: store), files.fileExists(atPath: store + "-journal") else { return false }
        try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: store)
        try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        defer {
            try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
            try? files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: store)
        }
        let status = try Command.run(["status", store], through: Command.asOrdinaryUser)
        return status.status != 0 && status.errors.contains("a program was killed as it wrote")
    }
}
