import Foundation
import TestSupport
import Testing

/// The commands of Documentation/Tutorial.md, as a reader would type them.
@Suite struct TutorialTests {
    @Test func commandsOfTheTutorialDoWhatItSays() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../Documentation/Tutorial.md").standardized
        let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```\n").enumerated().filter {
            $0.offset % 2 == 1
        }
        .map(\.element)
        #expect(blocks.count == 10)
        try TemporaryFolder.with { folder in
            let binary = try Command.binary().deletingLastPathComponent().path
            var environment = Command.variables
            environment["PATH"] = binary + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
            for block in blocks {
                let process = Process()
                process.executableURL = URL(filePath: "/bin/sh")
                process.arguments = ["-ec", block]
                process.environment = environment
                process.currentDirectoryURL = folder.url
                process.standardOutput = FileHandle.nullDevice
                process.standardInput = FileHandle.nullDevice
                try process.run()
                process.waitUntilExit()
                #expect(process.terminationStatus == 0, "\(block)")
            }
            for file in [
                "evolve/evolve.png", "universe/universe.png", "inflation.csv", "widths.sqlite", "widths.png", "report/report.html",
                "widths.csv",
                "paper/report.html",
            ] { #expect(FileManager.default.fileExists(atPath: folder.file(file)), "\(file)") }
            // Inflation of φ²/2 from φ lasts about φ²/4 e-folds: 64 from 16, less half of one that the end at ε = 1 takes (φ_end ≈ 1).
            let last = try #require(try folder.text("inflation.csv").split(separator: "\n").last).split(separator: ",")
            let header = try #require(try folder.text("inflation.csv").split(separator: "\n").first).split(separator: ",")
            let eFolds = try #require(header.firstIndex(of: "eFolds").flatMap { Double(last[$0]) })
            #expect(abs(eFolds - 64) < 2)
            // 5 widths of 10 seeds, and the header.
            let rows = try folder.text("widths.csv").split(separator: "\n").dropFirst().map {
                $0.split(separator: ",").compactMap { Double($0) }
            }
            #expect(rows.count == 50)
            func median(_ width: Double) -> Double { rows.filter { $0[0] == width }.map { $0[2] }.sorted()[5] }
            #expect(median(256) < median(16))
        }
    }
}
