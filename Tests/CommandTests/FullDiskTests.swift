import Foundation
import TestSupport
import Testing

/// Commands that write several files onto a disk that takes some of them.
@Suite struct FullDiskTests {
    @Test(
        .enabled(if: geteuid() == 0, "mounting a small disk needs root"),
        arguments: [
            ["evolve", "--width", "8", "--steps", "200"], ["evolve", "--width", "8", "--steps", "20"],
            ["advise", "--width", "8", "--steps", "20"],
        ])
    func leavesNothing(_ words: [String]) throws {
        try TemporaryFolder.with { folder in
            let disk = folder.file("disk")
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
            let mount = try Process.run(
                URL(filePath: "/usr/bin/env"), arguments: ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk])
            mount.waitUntilExit()
            try #require(mount.terminationStatus == 0, "a small disk cannot be mounted here, though this is root")
            defer { try? Process.run(URL(filePath: "/usr/bin/env"), arguments: ["umount", disk]).waitUntilExit() }
            let run = try Command.run(words + ["--device", "reference", "-o", disk + "/out"])
            #expect(run.status == 73 && run.errors.contains("No space left on device"), "\(run.status): \(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk).isEmpty)
        }
    }
}
