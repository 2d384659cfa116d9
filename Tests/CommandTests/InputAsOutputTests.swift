import Arrays
import Foundation
import TestSupport
import Testing

/// An output that is an input would destroy it: no command writes there, `--force` or not.
@Suite struct InputAsOutputTests {
    /// A command whose words name files of the folder, and the input that one of its outputs is.
    struct Case: Sendable, CustomTestStringConvertible {
        let words: String
        let input: String
        var testDescription: String { words }
        init(_ words: String, _ input: String) { (self.words, self.input) = (words, input) }
    }

    /// Weights, points, targets, a scan file and its store, and other names of them.
    private func fill(_ folder: TemporaryFolder) throws {
        _ = try SmallNetwork().command(in: folder)
        try SmallScan(folder: folder, seeds: 1).complete()
        let files = FileManager.default
        for name in ["out", "report"] { try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false) }
        for (link, target) in [("symbolic.npz", "w.npz"), ("plot.svg", "s.sqlite"), ("e.csv.provenance.json", "s.sqlite")] {
            try files.createSymbolicLink(atPath: folder.file(link), withDestinationPath: target)
        }
        for (link, target) in [
            ("hard.npz", "w.npz"), ("store.csv", "s.sqlite"), ("out/summary.json", "x.npy"), ("out/trajectory.npz", "w.npz"),
            ("report/table.csv", "s.sqlite"),
        ] { try files.linkItem(atPath: folder.file(target), toPath: folder.file(link)) }
        try Data("inputs: {file: x.npy}\nwidth: 4\nlearningRate: 0.01\nsteps: 1\n".utf8).write(to: URL(filePath: folder.file("files.yaml")))
    }

    @Test(arguments: [
        Case("ntk w.npz x.npy -o w.npz --force", "w.npz"), Case("ntk w.npz x.npy -o ./w.npz --force", "w.npz"),
        Case("ntk w.npz x.npy -o out/../w.npz --force", "w.npz"), Case("ntk w.npz x.npy -o symbolic.npz --force", "w.npz"),
        Case("ntk symbolic.npz x.npy -o w.npz --force", "w.npz"), Case("ntk w.npz x.npy -o hard.npz --force", "w.npz"),
        Case("ntk w.npz x.npy -o x.npy --force --dry-run", "x.npy"), Case("ntk --infinite --depth 1 x.npy -o x.npy --force", "x.npy"),
        Case("ntk w.npz x.npy -o w.npz", "w.npz"),
        Case("evolve --inputs x.npy --steps 1 --width 2 -o out --force", "x.npy"),
        Case("evolve --weights w.npz --inputs x.npy --steps 1 -o out --force", "w.npz"),
        Case("evolve --loss squared --targets out/summary.json --steps 1 --width 2 -o out --force", "x.npy"),
        Case("export s.sqlite -o store.csv --force", "s.sqlite"), Case("export s.sqlite -o e.csv --force", "s.sqlite"),
        Case("plot s.sqlite --x width -o plot.svg --force", "s.sqlite"), Case("report s.sqlite -o report --force", "s.sqlite"),
        Case("scan scan.yaml --store scan.yaml", "scan.yaml"), Case("scan files.yaml --store x.npy", "x.npy"),
        Case("scan files.yaml --store x.npy --explain", "x.npy"), Case("slurm scan.yaml -o scan.yaml --force", "scan.yaml"),
        Case("slurm scan.yaml --store ./scan.yaml", "scan.yaml"), Case("slurm files.yaml -o x.npy --force", "x.npy"),
    ]) func refuses(_ example: Case) throws {
        try TemporaryFolder.with { folder in
            try fill(folder)
            let before = folder.contents, old = try Data(contentsOf: URL(filePath: folder.file(example.input)))
            let run = try Command.run(
                example.words.split(separator: " ").map(String.init), environment: ["INFLATON_DEVICE": "reference"], in: folder)
            #expect(run.status == 73 && run.output.isEmpty, "\(run.status) \(run.output)")
            #expect(run.errors.contains("is an output and") && run.errors.contains("choose another path"), "\(run.errors)")
            #expect(try Data(contentsOf: URL(filePath: folder.file(example.input))) == old)
            #expect(folder.contents == before)
        }
    }

    /// An archive in a .txt, or a table in a .png, is found out by others; a name without an ending says nothing wrong.
    @Test(arguments: [
        ("ntk w.npz x.npy -o o.txt", ".npz"), ("ntk --infinite --depth 1 x.npy -o o.csv", ".npz"),
        ("predict --infinite --depth 1 x.npy t.npy x.npy -o P.txt", ".npz"), ("universe -o u.png --samples 3", ".csv"),
        ("universe --fields 12,6 -o u.txt --plot", ".csv"), ("export s.sqlite -o e.txt", ".csv or .npz"),
        ("export s.sqlite -o e", ".csv or .npz"),
        ("plot s.sqlite --x width -o p.jpg", ".svg, .png or .pdf"),
    ])
    func refusesAWrongEnding(words: String, endings: String) throws {
        try TemporaryFolder.with { folder in
            try fill(folder)
            try Data(contentsOf: URL(filePath: folder.file("x.npy"))).write(to: URL(filePath: folder.file("t.npy")))
            let before = folder.contents
            let run = try Command.run(
                words.split(separator: " ").map(String.init), environment: ["INFLATON_DEVICE": "reference"], in: folder)
            #expect(run.status == 64 && run.errors.contains("must end in \(endings)."), "\(run.status) \(run.errors)")
            #expect(folder.contents == before)
            let plain = try Command.run(["universe", "--samples", "3", "-o", "universe"], in: folder)
            #expect(plain.status == 0, "\(plain.errors)")
        }
    }

    @Test(arguments: ["ntk w.npz x.npy -o o.npz", "ntk w.npz x.npy -o o.npz --json"]) func refusesAStandardOutputThatIsAnInput(
        words: String
    )
        throws
    {
        try TemporaryFolder.with { folder in
            try fill(folder)
            let old = try Data(contentsOf: URL(filePath: folder.file("w.npz")))
            let shell = ["sh", "-c", "exec \"$0\" \(words) --device reference >> w.npz"]
            let run = try Command.run([], through: shell, in: folder)
            #expect(run.status == 73 && run.errors.contains("standard output is an output and the input w.npz"), "\(run.errors)")
            #expect(try Data(contentsOf: URL(filePath: folder.file("w.npz"))) == old)
        }
    }

    /// The store may lie where the page is written, and an output beside an input of another name is none.
    @Test func takesNeighbours() throws {
        try TemporaryFolder.with { folder in
            try fill(folder)
            #expect(try Command.run(["export", "s.sqlite", "-o", "x.csv"], in: folder).status == 0)
            #expect(try Command.run(["ntk", "w.npz", "x.npy", "-o", "o.npz", "--device", "reference"], in: folder).status == 0)
        }
    }
}
