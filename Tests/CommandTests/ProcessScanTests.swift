import Arrays
import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// Scans of circulations, and of births and deaths, do all that scans of networks do.
@Suite(.serialized) struct ProcessScanTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        let lines: [String]
        /// A column of results with its standard error, and what it may be drawn over.
        let column: String
        let axis: String
        var testDescription: String { name }
    }

    static let kinds = [
        Kind(
            name: "circulation",
            lines: [
                "process: circulation", "networks: 10000", "learningRate: 0.05", "batch: [1, 2]", "turning: [0, 0.5]", "steps: 300",
                "warmUp: 100",
            ], column: "quanta", axis: "turning"),
        Kind(
            name: "birth-death",
            lines: [
                "process: birth-death", "networks: 16000", "diffusion: [0.15, 0.2]", "stepTime: [0.02, 0.04]", "steps: 200",
                "record: {matrices: true, trajectory: every 50}",
            ], column: "groundEnergy", axis: "diffusion"),
        Kind(
            name: "lattice",
            lines: [
                "process: lattice", "sites: [256]", "noise: [0.01, 0.1]", "recordings: [8, 16]", "learningRate: 0.1", "steps: 1000",
                "record: {matrices: true}",
            ], column: "weightError", axis: "noise"),
    ]

    private func scan(_ kind: Kind, _ folder: TemporaryFolder) -> SmallScan {
        SmallScan(folder: folder, lines: ["name: \(kind.name)"] + kind.lines, seeds: 2, device: ["--device", "reference"])
    }

    /// Killed again and again it ends as if it never was.
    @Test(arguments: kinds) func killedItGoesOn(kind: Kind) throws {
        try TemporaryFolder.with { folder in
            let scan = scan(kind, folder)
            try scan.complete("whole.sqlite")
            #expect(try scan.reader("whole.sqlite").count == 8)
            try scan.kill("killed.sqlite", after: [1, 4], of: 8)
            try scan.complete("killed.sqlite")
            try scan.expectEqual("killed.sqlite", "whole.sqlite")
        }
    }

    /// Shards, merged, are the whole; what the columns say can be verified, exported and plotted.
    @Test(arguments: kinds) func shardsAreTheWhole(kind: Kind) throws {
        try TemporaryFolder.with { folder in
            let scan = scan(kind, folder)
            try scan.complete("whole.sqlite")
            try scan.completeInShards("merged.sqlite")
            #expect(try scan.reader("merged.sqlite").fingerprint == scan.reader("whole.sqlite").fingerprint)
            let store = folder.file("merged.sqlite")
            for words in [
                ["status", store], ["verify", store], ["export", store, "--output", folder.file("runs.csv")],
                ["export", store, "--trajectories", "--output", folder.file("runs.npz")],
                ["plot", store, "--x", kind.axis, "--y", kind.column, "--output", folder.file("plot.svg")],
                ["report", store, "--output", folder.file("report")],
                ["slurm", try scan.file(), "--shards", "3", "--store", folder.file("c.sqlite"), "--output", folder.file("job.sh")],
                ["scan", try scan.file(), "--explain"],
            ] {
                let run = try Command.run(words)
                #expect(run.status == 0, "\(words) \(run.errors)")
            }
            let table = try CSVTable(text: folder.text("runs.csv"))
            let values = try #require(table.numbers(kind.column))
            // Of a lattice one number is measured, with nothing to scatter.
            let errors = kind.name == "lattice" ? values : try #require(table.numbers(kind.column + "Error"))
            #expect(values.count == 8 && zip(values, errors).allSatisfy { $0.isFinite && $1 > 0 })
            #expect(table[column: "process"]?.allSatisfy { $0 == .text(kind.name) } == true)
            for column in [kind.axis, "steps", "seed"] + (kind.name == "lattice" ? ["sites"] : ["networks", "warmUp"]) {
                #expect(try #require(table.numbers(column)).allSatisfy(\.isFinite), "\(column)")
            }
        }
    }

    /// What cannot be ends with 65, and nothing is written.
    @Test func refusesAndWritesNothing() throws {
        try TemporaryFolder.with { folder in
            var scan = scan(Self.kinds[0], folder)
            scan.lines.append("diffusion: 0.1")
            let run = try Command.run(try scan.words())
            #expect(run.status == 65 && run.errors.contains("diffusion is given, but process is circulation"), "\(run.errors)")
            #expect(folder.contents == ["scan.yaml"])
        }
    }

    /// An experiment finds in a store what another attempt left there, and keeps there what others can draw.
    @Test(arguments: [("circulation", 7, "2000"), ("schrodinger", 1, "16000")]) func experimentsGoOn(
        name: String, count: Int, networks: String
    ) throws {
        try TemporaryFolder.with { folder in
            let words = ["learning", name, "--quick", "--networks", networks, "--device", "reference"]
            let store = ["--store", folder.file("s.sqlite")]
            for output in ["first", "again"] {
                let run = try Command.run(words + store + ["-o", folder.file(output)])
                #expect(run.status == 0, "\(run.errors)")
                #expect(try StoreReader(path: folder.file("s.sqlite")).count == count)
            }
            let alone = try Command.run(words + ["-o", folder.file("alone")])
            #expect(alone.status == 0, "\(alone.errors)")
            for file in ["claims.csv", "\(name).csv"] {
                #expect(try folder.text("again/\(file)") == folder.text("alone/\(file)"), "\(file)")
                #expect(try folder.text("again/\(file)") == folder.text("first/\(file)"), "\(file)")
            }
        }
    }
}
