import Arrays
import Foundation
import Stores
import TestSupport
import Testing

/// Scans whose runs start at a file of weights, through the command and its store.
@Suite struct ScanWeightsCommandTests {
    /// neural-tangents' training p03 (Fixtures/golden) and the same at other rates.
    private func scan(_ folder: TemporaryFolder) throws -> (scan: SmallScan, golden: GoldenTraining, rate: Double) {
        let golden = try GoldenTraining("p03")
        let words = try golden.command(in: folder)
        func option(_ name: String) throws -> String {
            if let word = words.first(where: { $0.hasPrefix(name + "=") }) { return String(word.dropFirst(name.count + 1)) }
            return words[try #require(words.firstIndex(of: name)) + 1]
        }
        let rate = try option("--learning-rate")
        let shape = try words.contains("--degree") ? "degree: \(option("--degree"))" : "loss: doubleWell"
        let lines = [
            "name: own", "weights: {file: w.npz}", "inputs: {file: x.npy}", "activation: \(try option("--activation"))",
            "sigmaW: \(try option("--sigma-w"))", "sigmaB: \(try option("--sigma-b"))", "scale: \(try option("--scale"))",
            "minimum: \(try option("--minimum"))", shape, "learningRate: [\(rate), \(rate)/2, \(rate)/4]",
            "momentum: [\(try option("--momentum")), 0]", "steps: \(try option("--steps"))",
        ]
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: folder.file("scan.yaml")))
        return (SmallScan(folder: folder), golden, try #require(Double(rate)))
    }

    private func command(_ folder: TemporaryFolder, _ options: [String] = [], store: String = "s.sqlite") throws -> Command {
        try Command.run(["scan", folder.file("scan.yaml"), "--store", folder.file(store), "--device", "reference"] + options)
    }

    @Test func runsStartAtTheFileAndAreKnownByIt() throws {
        try TemporaryFolder.with { folder in
            let (scan, golden, rate) = try scan(folder)
            let explained = try command(folder, ["--explain"])
            #expect(explained.status == 0 && explained.output.contains("6 different"), "\(explained.errors)")
            let whole = try command(folder)
            #expect(whole.status == 0 && !whole.errors.contains("warning"), "\(whole.errors)")
            // The row of the golden training; float64 on both sides, as for its outputs in EvolveCommandTests.
            let table = try scan.reader().table(["learningRate", "momentum", "finalLoss", "width", "seed"])
            let row = try #require(table.rows.first { $0[0].numericValue == rate && $0[1].numericValue != 0 })
            let losses = try golden.archive.array("loss").elements, last = try #require(losses.last)
            #expect(abs(row[2].numericValue - last) < 1e-10 * losses[0])
            #expect(row[3].numericValue == 20 && row[4] == .empty)
            let again = try command(folder, ["--json"]).jsonLines().last
            #expect(again?["computed"] as? Int == 0 && again?["stored"] as? Int == 6)

            // Other numbers in the file are other runs, and it is said.
            let weights = try NumericArchive(path: folder.file("w.npz"))
            let changed = try weights.names.map { name in
                let array = try weights.array(name)
                return (
                    name: name, array: try NumericArray(shape: array.shape, elements: array.elements.map { $0 * 1.01 }),
                    type: ElementType.float64
                )
            }
            try NumericArchive.write(changed, to: folder.file("w.npz"), overwrite: true)
            for options in [["--explain"], []] {
                let run = try command(folder, options)
                #expect(run.status == 0 && run.errors.contains("w.npz holds other numbers"), "\(run.errors)")
            }
            #expect(try scan.reader().count == 12)
            // Said once: now these are the file's.
            #expect(try !command(folder).errors.contains("other numbers"))
        }
    }

    @Test func shardsAreMergedVerifiedAndExported() throws {
        try TemporaryFolder.with { folder in
            let scan = try scan(folder).scan
            for index in 0..<2 { #expect(try command(folder, ["--shard", "\(index)/2"], store: "\(index).sqlite").status == 0) }
            let merge = try Command.run(["merge", folder.file("0.sqlite"), folder.file("1.sqlite"), "--into", folder.file("all.sqlite")])
            #expect(merge.status == 0, "\(merge.errors)")
            #expect(try command(folder).status == 0)
            #expect(try scan.reader("all.sqlite").count == 6 && scan.reader().count == 6)
            let verified = try Command.run(["verify", folder.file("all.sqlite")])
            #expect(verified.status == 0, "\(verified.errors)")
            let exported = try Command.run(["export", folder.file("all.sqlite"), "-o", folder.file("all.csv")])
            #expect(exported.status == 0, "\(exported.errors)")
            #expect(try CSVTable(text: folder.text("all.csv")).rows.count == 6)
            let script = try Command.run(["slurm", folder.file("scan.yaml"), "--shards", "2", "-o", folder.file("job.sh")])
            #expect(try script.status == 0 && folder.text("job.sh").contains("scan.yaml"), "\(script.errors)")
        }
    }

    /// A store that would be written over the weights is refused, and a file that is no network.
    @Test func refusals() throws {
        try TemporaryFolder.with { folder in
            _ = try scan(folder)
            let over = try command(folder, [], store: "w.npz")
            #expect(try over.status != 0 && NumericArchive(path: folder.file("w.npz")).contains("W1"), "\(over.errors)")
            try Data("no archive".utf8).write(to: URL(filePath: folder.file("w.npz")))
            let broken = try command(folder)
            #expect(broken.status == 65 && broken.errors.contains("w.npz") && !folder.contents.contains("s.sqlite"), "\(broken.errors)")
        }
    }
}
