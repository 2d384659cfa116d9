import Foundation
import TestSupport
import Testing

/// Commands that write several files onto a disk that takes some of them.
@Suite struct FullDiskTests {
    /// Mounts a disk of 48 kB in the place of a folder for the while; false where that is not allowed, as in most containers.
    @discardableResult
    private static func withSmallDisk(_ body: (_ disk: String) throws -> Void) throws -> Bool {
        func succeeds(_ words: [String]) -> Bool {
            let process = Process()
            (process.executableURL, process.arguments) = (URL(filePath: "/usr/bin/env"), words)
            (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        return try TemporaryFolder.with { folder in
            let disk = folder.file("disk")
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
            guard succeeds(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk]) else { return false }
            defer { _ = succeeds(["umount", disk]) }
            try body(disk)
            return true
        }
    }

    static let mayMount = (try? withSmallDisk { _ in }) == true

    @Test(
        .enabled(if: mayMount, "a small disk cannot be mounted here"),
        arguments: [
            ["evolve", "--width", "8", "--steps", "200"], ["evolve", "--width", "8", "--steps", "20"],
            ["advise", "--width", "8", "--steps", "20"], ["reproduce", "--figure", "1", "--quick"], ["learning", "einstein", "--quick"],
        ])
    func leavesNothing(_ words: [String]) throws {
        try Self.withSmallDisk { disk in
            let run = try Command.run(words + ["--device", "reference", "-o", disk + "/out"])
            #expect(run.status == 73 && run.errors.contains("No space left on device"), "\(run.status): \(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk).isEmpty)
        }
    }
}
