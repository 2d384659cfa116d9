import Foundation
import TestSupport
import Testing

/// Files that somebody damaged or invented: whatever they hold, the command ends by itself, soon, in little memory, with a message.
///
/// Cases come from seeds 0, 1, 2, … until the time is over, 20 s for each sort of file or what `INFLATON_FUZZ_SECONDS` says.
/// `INFLATON_FUZZ_SEED` begins elsewhere: a failure names its seed, and with that and 0 seconds it is made again, alone.
@Suite(.serialized) struct FuzzTests {
    private static func number(_ variable: String) -> Double? { ProcessInfo.processInfo.environment[variable].flatMap { Double($0) } }

    /// Makes and runs cases; `arguments` prepares a case of a seed in the folder and gives the words of the command.
    private func fuzz(
        _ sort: String, in folder: TemporaryFolder, codes: Set<Int32> = [0, 65], _ arguments: (inout SeededGenerator) throws -> [String]
    ) throws {
        let first = UInt64(Self.number("INFLATON_FUZZ_SEED") ?? 0)
        let deadline = Date().addingTimeInterval(Self.number("INFLATON_FUZZ_SECONDS") ?? 20)
        var seed = first, refused = 0
        repeat {
            var random = SeededGenerator(seed: seed)
            let words = try arguments(&random)
            let run = try MeasuredRun.run(words, in: folder)
            let what = "\(sort) of seed \(seed): inflaton \(words.joined(separator: " ")): \(run.errors.suffix(500))"
            #expect(run.signal == 0, "signal \(run.signal), \(what)")
            #expect(run.status.map(codes.contains) ?? true, "exit code \(run.status ?? -1), \(what)")
            #expect(run.processorSeconds < 10, "\(run.processorSeconds) s, \(what)")
            // No file of these needs more than a few MB.
            #expect(run.peakBytes < 1 << 30, "\(run.peakBytes >> 20) MiB, \(what)")
            if run.status != 0 {
                refused += 1
                // What `verify` finds is its result.
                #expect(run.errors.contains("inflaton: error: ") || words.first == "verify" && run.errors.isEmpty, "\(what)")
                // A message echoes what it refuses, not all of it.
                #expect(run.errors.utf8.count < 4000, "\(run.errors.utf8.count) bytes, \(what)")
            }
            seed += 1
        } while Date() < deadline
        print("fuzz: \(sort): \(seed - first) cases from seed \(first), \(refused) refused")
    }

    @Test func archives() throws {
        try TemporaryFolder.with { folder in
            let network = Array(try SmallNetwork().command(in: folder)), weights = folder.file("w.npz"), points = folder.file("x.npy")
            let good = [UInt8](try Data(contentsOf: URL(filePath: weights))), plain = [UInt8](try Data(contentsOf: URL(filePath: points)))
            // Archives of other writers: deflated, of several versions and types. They are no networks, but have to be read to say so.
            let others = try FileManager.default.contentsOfDirectory(atPath: fixture("numpy")).filter { $0.hasSuffix(".npz") }.sorted()
                .map { [UInt8](try Data(contentsOf: URL(filePath: fixture("numpy/\($0)")))) }
            try fuzz("archive", in: folder) { random in
                let choice = Int.random(in: 0..<4, using: &random)
                let archive = choice == 0 ? others.randomElement(using: &random)! : good
                try Data(choice == 1 ? good : Mutation.bytes(archive, &random)).write(to: URL(filePath: weights))
                try Data(choice == 1 ? Mutation.bytes(plain, &random) : plain).write(to: URL(filePath: points))
                return network + ["--force"]
            }
        }
    }

    @Test func scanFiles() throws {
        let examples = fixture("../../Examples")
        let texts = try FileManager.default.contentsOfDirectory(atPath: examples).filter { $0.hasSuffix(".yaml") }.sorted()
            .map { try String(contentsOfFile: examples + "/" + $0, encoding: .utf8) }
        try TemporaryFolder.with { folder in
            let file = folder.file("scan.yaml")
            try fuzz("scan file", in: folder) { random in
                let text = Mutation.text(texts.randomElement(using: &random)!, &random)
                let damaged = Int.random(in: 0..<8, using: &random) == 0
                try Data(damaged ? Mutation.bytes(Array(text.utf8), &random) : Array(text.utf8)).write(to: URL(filePath: file))
                return ["scan", file, "--explain", "--dry-run", "--device", "reference"]
            }
        }
    }

    @Test func stores() throws {
        try TemporaryFolder.with { folder in
            var scan = SmallScan(folder: folder)
            scan.lines += ["record: {trajectory: every 10, spectra: true, modes: true, matrices: true}"]
            scan.seeds = 2
            try scan.complete("good.sqlite")
            let good = [UInt8](try Data(contentsOf: URL(filePath: folder.file("good.sqlite")))), words = try scan.words("s.sqlite")
            let store = folder.file("s.sqlite"), target = folder.file("target.sqlite")
            let commands: [[String]] = [
                ["status", store], ["verify", store], ["report", store, "-o", folder.file("report"), "--force"],
                ["export", store, "-o", folder.file("t.csv"), "--force"],
                ["export", store, "-o", folder.file("t.npz"), "--trajectories", "--force"],
                ["plot", store, "--x", "width", "--y", "finalLoss", "-o", folder.file("p.svg"), "--force"],
                ["merge", store, "--into", target], words,
            ]
            // A store that cannot be written to any more, or that comes from elsewhere, is refused with other codes.
            try fuzz("store", in: folder, codes: [0, 64, 65, 73]) { random in
                for name in folder.contents where name.hasPrefix("s.sqlite") || name.hasPrefix("target.sqlite") {
                    try FileManager.default.removeItem(atPath: folder.file(name))
                }
                let damaged = Int.random(in: 0..<3, using: &random) == 0
                try Data(damaged ? Mutation.bytes(good, &random) : good).write(to: URL(filePath: store))
                if !damaged { try StoreMutation.apply(to: store, &random) }
                return commands.randomElement(using: &random)!
            }
        }
    }
}
