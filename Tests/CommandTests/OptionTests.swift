import Arrays
import Foundation
import TestSupport
import Testing

/// Values of options that cannot be meant, and options that have nothing to decide.
@Suite struct OptionTests {
    @Test(arguments: [
        "doctor --dry-run", "evolve -o o --dry-run", "ntk w.npz x.npy -o o.npz", "reproduce -o o --dry-run", "scan scan.yaml",
        "bench --dry-run", "tune --dry-run",
    ]) func refusesNoDeviceAndNoThreads(words: String) throws {
        try TemporaryFolder.with { folder in
            _ = try SmallNetwork().command(in: folder)
            _ = try SmallScan(folder: folder).file()
            let before = folder.contents
            for (option, value, message) in [
                ("--device", "", "--device is empty"), ("--threads", "-1", "--threads is -1, but must be from 1 to 4096"),
                ("--threads", "0", "--threads is 0"), ("--threads", "99999999999999999999", "'99999999999999999999' is invalid"),
            ] {
                let run = try Command.run(
                    words.split(separator: " ").map(String.init) + [option, value], environment: ["INFLATON_DEVICE": "reference"],
                    in: folder)
                #expect(run.status == 64 && run.errors.contains(message), "\(run.errors)")
            }
            #expect(folder.contents == before)
        }
    }

    private static let values: [([String], Int32, String)] = [
        (
            ["ntk", "w.npz", "x.npy", "--activaton", "gelu", "-o", "o.npz"], 64,
            "Unknown option '--activaton'; did you mean '--activation'?"
        ),
        (["predict", "a", "b", "c", "d", "--sigmaw=2", "-o", "o.npz"], 64, "Unknown option '--sigmaw'; did you mean '--sigma-w'?"),
        (["evolve", "--widht", "3"], 64, "Unknown option '--widht'; did you mean '--width'?"),
        // Initials and beginnings of an option's words.
        (["evolve", "--lr", "0.1", "-o", "o"], 64, "Unknown option '--lr'; did you mean '--learning-rate'?"),
        (["evolve", "--mom", "0.1", "-o", "o"], 64, "Unknown option '--mom'; did you mean '--momentum'?"),
        (["advise", "--lrate=0.1", "-o", "o"], 64, "Unknown option '--lrate'; did you mean '--learning-rate'?"),
        (
            ["advise", "--llr", "0.1", "-o", "o"], 64,
            "Unknown option '--llr'; did you mean '--largest-learning-rate' or '--least-learning-rate'?"
        ),
        (["evolve", "--zzz", "-o", "o"], 64, "Unknown option '--zzz'; see inflaton help evolve"),
        (["evolve", "--kernels", "every", "10", "f.yaml", "-o", "o"], 64, "write a file before it, f.yaml --kernels"),
        (["evolve", "--kernels", "0,7", "--steps", "5", "-o", "o"], 64, "--kernels has the step 7, but no run has more than 5 steps"),
        (["universe", "--until", "1", "--phi", "16", "--stop-at-epsilon", "1"], 1, "Use a larger --until, a smaller --stop-at-epsilon"),
        (["universe", "--title", "T"], 64, "--title is that of the picture"),
        (["plot", "s.sqlite", "--x", "width", "--y-label", "n"], 64, "--y-label is given without --y"),
        (["evolve", "--momentum", "--wdith", "-o", "o"], 64, "--momentum"),
        (["evolve", "-o", "o", "--sigma-w", "nan", "--dry-run"], 64, "σ_w is nan"),
        (["evolve", "-o", "o", "--sigma-b", "1e400", "--dry-run"], 64, "σ_b is inf"),
        (["evolve", "-o", "o", "--scale", "nan"], 64, "--scale"),
        (["evolve", "-o", "o", "--minimum", "1,inf"], 64, "--minimum"),
        (["evolve", "-o", "o", "--planck-mass", "nan", "--dry-run"], 64, "Planck"),
        (["evolve", "-o", "o", "--seed", "-1"], 64, "a whole number from 0 to 18446744073709551615"),
        (["universe", "--fluid", "1/3"], 64, "two numbers w,rho"), (["universe", "--mode", "1"], 64, "two numbers r,k"),
        (["scan", "empty.sqlite"], 64, "give the scan file"), (["slurm", "empty.sqlite"], 64, "give the scan file"),
        (["evolve", "-o", "o", "--width", "-1"], 64, "width is -1"),
        (["evolve", "-o", ""], 73, "''"), (["reproduce", "-o", ""], 73, "''"), (["universe", "-o", ""], 73, "''"),
        (["report", "s.sqlite", "-o", ""], 73, "''"), (["ntk", "w.npz", "x.npy", "-o", ""], 73, "''"),
        (["merge", "s.sqlite", "--into", ""], 73, "does not name a file"),
        (["scan", "scan.yaml", "--store", ""], 64, "--store is empty"), (["scan", "scan.yaml", "--batch", "-1"], 64, "--batch is -1"),
        (["scan", "scan.yaml", "--shard", "0/9223372036854775807"], 64, "from 1 to 4000001"),
        (["scan", "scan.yaml", "--shard", "-9223372036854775808/1"], 64, "shard"),
        (["slurm", "scan.yaml", "--shards", "9223372036854775807"], 64, "--shards is 9223372036854775807, but must be from 1 to 4000001"),
        (["slurm", "scan.yaml", "--shards", "-1"], 64, "--shards is -1"), (["slurm", "scan.yaml", "--minutes", "0"], 64, "--minutes is 0"),
        (["slurm", "scan.yaml", "--gpus", "-1"], 64, "--gpus is -1"), (["slurm", "scan.yaml", "--store", ""], 64, "--store is empty"),
        (["slurm", "scan.yaml", "--store", "a\nb.sqlite"], 64, "'a\\nb.sqlite' has a line break"),
        (["slurm", "scan.yaml", "--folder", "a\u{1B}b"], 64, "has a line break or"),
        (["bench", "--width", "-1", "--dry-run"], 64, "--width is -1"), (["bench", "--repeats", "0", "--dry-run"], 64, "--repeats is 0"),
        (["tune", "--seconds", "nan", "--dry-run"], 64, "--seconds is nan"), (["plot", "s.sqlite", "--y", "width"], 64, "--x is missing"),
        (["universe", "--samples", "-1"], 64, "samples"), (["universe", "--degree", "9223372036854775807"], 64, "degree"),
    ]

    @Test(arguments: values) func refusesValues(words: [String], status: Int32, message: String) throws {
        try TemporaryFolder.with { folder in
            _ = try SmallNetwork().command(in: folder)
            try SmallScan(folder: folder, seeds: 1).complete()
            let before = folder.contents
            let run = try Command.run(words, environment: ["INFLATON_DEVICE": "reference"], in: folder)
            #expect(run.status == status && run.errors.contains(message), "\(run.status) \(run.errors)")
            #expect(folder.contents == before)
        }
    }

    /// Bad data, whichever command reads.
    @Test(arguments: [
        ["ntk", "absent.npz", "x.npy", "-o", "o"], ["ntk", "w.npz", "absent.npy", "-o", "o"],
        ["ntk", "--infinite", "--depth", "1", "absent.npy", "-o", "o"], ["evolve", "--weights", "absent.npz", "-o", "o"],
        ["evolve", "--inputs", "absent.npy", "-o", "o"], ["evolve", "--loss", "squared", "--targets", "absent.npy", "-o", "o"],
        ["scan", "absent.yaml"], ["slurm", "absent.yaml"], ["status", "absent.sqlite"], ["export", "absent.sqlite", "-o", "o.csv"],
        ["plot", "absent.sqlite", "--x", "width"], ["report", "absent.sqlite"], ["merge", "absent.sqlite", "--into", "m.sqlite"],
    ]) func aMissingInputIsBadData(words: [String]) throws {
        try TemporaryFolder.with { folder in
            _ = try SmallNetwork().command(in: folder)
            let before = folder.contents
            let run = try Command.run(words, environment: ["INFLATON_DEVICE": "reference"], in: folder)
            #expect(run.status == 65 && run.errors.contains("absent"), "\(run.status) \(run.errors)")
            #expect(folder.contents == before)
        }
    }

    private static let evolve = "evolve -o o --dry-run --steps 2 "

    /// Words, and what is said of them.
    private static let uses: [(String, String)] = [
        (evolve + "--weights w.npz --inputs x.npy --width=3 --depth 2 --seed 0", "--width, --depth, --seed are ignored"),
        (evolve + "--weights w.npz --inputs x.npy --parameterisation standard --sigma-w 1", "--sigma-w is ignored"),
        (evolve + "--weights w.npz --inputs x.npy", ""), (evolve + "--width 3 --depth 2 --seed 4", ""),
        (evolve + "--loss double-well --degree 2", "--degree is ignored"),
        (evolve + "--weights w.npz --inputs x.npy --loss squared --targets y.npy --minimum 2", "--minimum is ignored"),
        ("ntk w.npz x.npy -o o.npz --parameterisation standard --sigma-b 1", "--sigma-b is ignored"),
        ("ntk --infinite --depth 1 x.npy -o o.npz --method gram", "--method is ignored"),
        ("universe --potential double-well --degree 4", "--degree is ignored"),
        ("universe --hubble 1 --planck-mass 1", "--planck-mass is ignored"), ("universe --hubble 1", ""),
        ("cite --force", "--force is ignored"),
    ]

    /// What is given and ignored is said; what is not given is not.
    @Test(arguments: uses) func saysWhatIsIgnored(words: String, message: String) throws {
        try TemporaryFolder.with { folder in
            _ = try SmallNetwork().command(in: folder)
            try NumericArray([1, 2, 3]).writeNPY(to: folder.file("y.npy"))
            let run = try Command.run(
                words.split(separator: " ").map(String.init), environment: ["INFLATON_DEVICE": "reference"], in: folder)
            #expect(run.status == 0 && (message.isEmpty || run.errors.contains(message)), "\(run.errors)")
            #expect(run.errors.contains("ignored") == !message.isEmpty, "\(run.errors)")
        }
    }
}
