import Arrays
import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// Scans of ensembles do all that scans of networks do.
@Suite(.serialized) struct EnsembleScanTests {
    private func scan(_ folder: TemporaryFolder) -> SmallScan {
        SmallScan(
            folder: folder,
            lines: [
                "name: ensembles", "networks: 40000", "starts: {points: [[-0.9, 0.18], [0.7, 0.15]]}", "batch: [1, 2]",
                "learningRate: [0.02, 0.01]", "steps: round(0.4/learningRate)", "record: {matrices: true}",
            ], seeds: 2, device: ["--device", "opencl"])
    }

    /// Killed again and again it ends as if it never was.
    @Test func killedItGoesOn() throws {
        try TemporaryFolder.with { folder in
            let scan = scan(folder)
            try scan.complete("whole.sqlite")
            #expect(try scan.reader("whole.sqlite").count == 8)
            try scan.kill("killed.sqlite", after: [1, 3, 6], of: 8)
            try scan.complete("killed.sqlite")
            try scan.expectEqual("killed.sqlite", "whole.sqlite")
        }
    }

    /// Shards, merged, are the whole; what the columns say can be verified, exported and plotted.
    @Test func shardsAreTheWhole() throws {
        try TemporaryFolder.with { folder in
            let scan = scan(folder)
            try scan.complete("whole.sqlite")
            try scan.completeInShards("merged.sqlite")
            #expect(try scan.reader("merged.sqlite").fingerprint == scan.reader("whole.sqlite").fingerprint)
            let store = folder.file("merged.sqlite")
            #expect(try Command.run(["verify", store]).status == 0)
            let table = try scan.reader("merged.sqlite").table()
            let slopes = try #require(table.numbers("driftSlope")), errors = try #require(table.numbers("driftSlopeError"))
            // The drift is −∂F/∂w: 1 within five standard errors.
            #expect(slopes.count == 8 && zip(slopes, errors).allSatisfy { abs($0 - 1) < 5 * $1 })
            #expect(table[column: "chi"]?.allSatisfy { $0 == .empty } == true)
            for words in [
                ["export", store, "--output", folder.file("runs.csv")],
                ["export", store, "--trajectories", "--output", folder.file("runs.npz")],
                ["plot", store, "--x", "learningRate", "--y", "totalVariation", "--colour", "batch", "--output", folder.file("plot.svg")],
                ["report", store, "--output", folder.file("report")],
            ] {
                let run = try Command.run(words)
                #expect(run.status == 0, "\(words) \(run.errors)")
            }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let line: String
        let message: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Refusal(
            line: "networks: 1000",
            message: "1000 networks are too few for a density in 320 bins told to 2 %, which needs 40000; raise networks"),
        Refusal(line: "learningRate: 9\nsteps: 20", message: "the learning rate 9.0 is unstable"),
        Refusal(line: "weightDecay: -1", message: "the partition function does not converge"),
        Refusal(line: "inverseTemperature: 0", message: "the partition function does not converge"),
        Refusal(line: "noise: .nan", message: "noise"), Refusal(line: "diffusion: -1", message: "the diffusion is -1.0"),
        Refusal(line: "starts: {points: [1, 2]}", message: "starts must be points of two numbers"),
        Refusal(line: "width: 64", message: "width is given, but a run of networks is an ensemble"),
        Refusal(line: "learningRate: null", message: "learningRate"),
        Refusal(line: "record: {predictions: [paper]}", message: "record.predictions is given, but ensembles have none"),
        Refusal(line: "networks: null", message: "networks is not"),
        Refusal(line: "steps: 1000000\nrecord: {trajectory: all}", message: "record"),
    ]) func refusesAndWritesNothing(_ refusal: Refusal) throws {
        try TemporaryFolder.with { folder in
            var scan = scan(folder)
            for line in refusal.line.split(separator: "\n").map(String.init) {
                let key = line.prefix { $0 != ":" }
                scan.lines.removeAll { $0.hasPrefix(key + ":") }
                if !line.hasSuffix("null") { scan.lines.append(line) }
            }
            scan.lines.removeAll { refusal.line.hasPrefix("noise") && $0.hasPrefix("diffusion") }
            let run = try Command.run(try scan.words())
            #expect(run.status == 65 && run.errors.contains(refusal.message), "\(run.status) \(run.errors)")
            #expect(folder.contents == ["scan.yaml"])
        }
    }

    /// An experiment finds in a store what another attempt left there.
    @Test func experimentsGoOn() throws {
        try TemporaryFolder.with { folder in
            let words = ["learning", "fokker-planck", "--quick", "--networks", "40000", "--learning-rate", "0.04", "--device", "opencl"]
            let store = ["--store", folder.file("s.sqlite")]
            let process = try Command.start(words + store + ["-o", folder.file("killed")], log: folder)
            while process.isRunning, ((try? StoreReader(path: folder.file("s.sqlite")).count) ?? 0) < 1 { usleep(1000) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let count = try StoreReader(path: folder.file("s.sqlite")).count
            #expect(count >= 1)
            let again = try Command.run(words + store + ["-o", folder.file("again")]),
                alone = try Command.run(words + ["-o", folder.file("alone")])
            #expect(again.status == 0 && alone.status == 0, "\(again.errors) \(alone.errors)")
            #expect(try StoreReader(path: folder.file("s.sqlite")).count == 2)
            for file in ["claims.csv", "fokker-planck.csv"] {
                #expect(try folder.text("again/\(file)") == folder.text("alone/\(file)"), "\(file)")
            }
        }
    }
}
