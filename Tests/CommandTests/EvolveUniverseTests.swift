import Arrays
import Foundation
import TestSupport
import Testing

/// The universe that `evolve` states beside a network, and runs that a file describes.
@Suite struct EvolveUniverseTests {
    private static let small = ["evolve", "--width", "16", "--steps", "40", "--device", "reference"]

    private static func summary(_ folder: TemporaryFolder, _ name: String) throws -> [String: Any] {
        let document = try JSONSerialization.jsonObject(with: Data(folder.text("\(name)/summary.json").utf8)) as? [String: Any]
        return try #require(document?["summary"] as? [String: Any])
    }

    private static func table(_ folder: TemporaryFolder, _ name: String) throws -> CSVTable {
        try CSVTable(text: folder.text("\(name)/trajectory.csv"))
    }

    /// Universes whose command line gives the field that was predicted, with what else of the table the line has.
    private static let universes: [[String]] = [
        [], ["--dictionary", "paper"], ["--dictionary", "exact", "--momentum", "0.8"],
        ["--dictionary", "friedmann", "--scale", "2", "--planck-mass", "0.3"],
        ["--degree", "4", "--minimum", "-0.7"], ["--loss", "double-well", "--minimum", "1.5", "--scale", "0.3"],
        ["--optimiser", "friedmann", "--planck-mass", "0.2", "--scale", "0.5", "--cosmological-constant", "0.01"],
        ["--optimiser", "friedmann", "--field-kernel", "0.4", "--planck-mass", "0.2", "--scale", "0.5"],
        ["--optimiser", "de-sitter", "--hubble", "0.3"], ["--momentum", "1"],
        ["--minimum", "1,-1", "--dictionary", "friedmann", "--planck-mass", "0.3"], ["--minimum", "1,0,-0.5", "--degree", "4"],
        ["--minimum", "1,0.5", "--loss", "double-well"],
        ["--minimum", "1,-1", "--loss", "coupled", "--coupling", "u1^2 + u2^2 + 0.8*u1*u2 + 0.1*(u1*u2)^2", "--scale", "0.3"],
    ]

    /// Both integrate to 1e-12 of their numbers in a step, in some hundred steps: 1e-9 of the travel, which is of order 1.
    @Test(arguments: universes) func theLineOfTheUniverseGivesTheField(_ options: [String]) throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(Self.small + options + ["-o", folder.file("out")])
            #expect(run.status == 0 && run.output.contains("\n  inflaton universe --"), "\(run.errors)")
            let arguments = try #require(try Self.summary(folder, "out")["universeArguments"] as? [String])
            let universe = try Command.run(["universe"] + arguments)
            #expect(universe.status == 0 && universe.errors.isEmpty, "\(arguments): \(universe.errors)")
            let table = try Self.table(folder, "out"), field = try CSVTable(text: universe.output)
            #expect(field.rows.count == 41)
            let suffix = options.contains("--optimiser") && options.contains("friedmann") ? "_predicted" : ""
            var pairs = [
                ("eFolds" + suffix, "eFolds"), ("hubble" + suffix, "hubble"), ("scaleFactor" + suffix, "scaleFactor"), ("time", "t"),
            ]
            let fields = field.columns.filter { $0.hasPrefix("phi") }.count
            pairs += fields == 1 ? [("predicted", "phi")] : (0..<fields).map { ("predicted_0_\($0)", "phi\($0 + 1)") }
            for (ours, theirs) in pairs {
                let (a, b) = (try #require(table.numbers(ours), "\(ours)"), try #require(field.numbers(theirs)))
                let error = zip(a, b).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
                #expect(a.count == b.count && error <= 1e-9, "\(options) \(ours): \(error)")
            }
            // What a shell would make of the printed line.
            let line = try #require(run.output.split(separator: "\n").first { $0.contains("inflaton universe --") })
            let words = Process()
            words.executableURL = URL(filePath: "/bin/sh")
            words.arguments = ["-c", "printf '%s\\n' " + line.trimmingPrefix("  inflaton universe ")]
            let pipe = Pipe()
            words.standardOutput = pipe
            try words.run()
            words.waitUntilExit()
            let heard = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(heard.split(separator: "\n").map(String.init) == arguments)
        }
    }

    /// 3H = 2(1 − γ)/((1 + γ)√η) and (1 − γ)/√η at η = 0.01, γ = 0.9: 20/19 and 1; N = Ht to t = 4, a = e^N.
    @Test func statesEFoldsScaleFactorAndHubbleRate() throws {
        try TemporaryFolder.with { folder in
            for (dictionary, friction) in [("corrected", 20 / 19.0), ("paper", 1), ("frozen", 20 / 19.0), ("null", 1)] {
                let run = try Command.run(Self.small + ["--dictionary", dictionary, "-o", folder.file(dictionary)])
                #expect(run.status == 0 && run.output.contains("e-folds N") && run.output.contains("scale factor a"), "\(run.errors)")
                let table = try Self.table(folder, dictionary), hubble = friction / 3
                for step in 0...40 {
                    let folds = hubble * 0.1 * Double(step)
                    #expect(abs((table.numbers("hubble")?[step] ?? .nan) - hubble) <= 1e-14)
                    #expect(abs((table.numbers("eFolds")?[step] ?? .nan) - folds) <= 1e-13)
                    #expect(abs((table.numbers("scaleFactor")?[step] ?? .nan) - exp(folds)) <= 1e-12)
                }
                let expansion = try #require(try Self.summary(folder, dictionary)["expansion"] as? [String: Any])
                #expect(abs((expansion["eFolds"] as? Double ?? .nan) - 4 * hubble) <= 1e-13)
            }
            let archive = try NumericArchive(path: folder.file("paper/trajectory.npz"))
            #expect(try archive.array("eFolds").shape == [41] && archive.array("scaleFactor").shape == [41])
            // Gradient descent is no universe by the exact dictionary.
            let flow = try Command.run(Self.small + ["--momentum", "0", "--dictionary", "exact", "-o", folder.file("flow")])
            #expect(flow.status == 0 && !flow.output.contains("inflaton universe"), "\(flow.errors)")
            #expect(try !Self.table(folder, "flow").columns.contains("hubble"))
        }
    }

    /// H to momentum and back, by each dictionary: γ = 1 − 3H√η, (1 − x)/(1 + x) with x = 3H√η/2, e^{−3H√η}.
    @Test(arguments: [("paper", 1 - 0.06), ("corrected", (1 - 0.03) / (1 + 0.03)), ("exact", exp(-0.06)), ("fourthOrder", exp(-0.06))])
    func takesAHubbleRate(_ dictionary: String, _ momentum: Double) throws {
        try TemporaryFolder.with { folder in
            let options = Self.small + ["--dictionary", dictionary]
            let byHubble = try Command.run(options + ["--hubble", "0.2", "-o", folder.file("hubble")])
            let byMomentum = try Command.run(options + ["--momentum", "\(momentum)", "-o", folder.file("momentum")])
            #expect(byHubble.status == 0 && byMomentum.status == 0, "\(byHubble.errors)")
            let (found, expected) = (try Self.table(folder, "hubble"), try Self.table(folder, "momentum"))
            #expect(zip(found.numbers("output") ?? [], expected.numbers("output") ?? []).allSatisfy { abs($0 - $1) <= 1e-13 })
            #expect(abs((found.numbers("hubble")?.first ?? .nan) - 0.2) <= 1e-13)
        }
    }

    @Test func refusesWhatHasNoHubbleRate() throws {
        try TemporaryFolder.with { folder in
            for (options, message) in [
                (["--hubble", "100"], "from 0 to 6.66"), (["--hubble", "-1"], "Hubble rate"),
                (["--hubble", "1", "--momentum", "0.9"], "not both"), (["--hubble", "1", "--optimiser", "adam"], "--optimiser de-sitter"),
                (["--clock", "moon"], "'moon'"), (["--learning-rate", "1/x"], "'x' is no number"),
                (["--learning-rate", "1/"], "expression"),
                (["--momentum", "1/0"], "finite"), (["--steps", "1/3"], "whole number"), (["--scale", "1 < 2", "--steps", "x"], "'x'"),
            ] {
                let run = try Command.run(Self.small + options + ["-o", folder.file("out")])
                #expect(run.status == 64 && run.errors.contains(message) && folder.contents.isEmpty, "\(options): \(run.errors)")
            }
        }
    }

    @Test func drawsOverEFolds() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(Self.small + ["--clock", "e-folds", "-o", folder.file("out")])
            #expect(run.status == 0 && run.errors.contains("warning") == false, "\(run.errors)")
            #expect(try folder.text("out/evolve.svg").contains("e-folds"))
            let still = try Command.run(Self.small + ["--clock", "e-folds", "--momentum", "1", "-o", folder.file("still")])
            #expect(still.status == 0 && still.errors.contains("--clock is ignored"), "\(still.errors)")
        }
    }

    /// Expressions wherever a number is taken, and the same numbers written out.
    @Test func numbersMayBeExpressions() throws {
        try TemporaryFolder.with { folder in
            let expressions = [
                "--learning-rate", "1/9", "--momentum=1 - 1/4", "--steps", "4*10", "--minimum", "1/2, -sqrt(4)", "--sigma-w", "2^0.5",
            ]
            let numbers = [
                "--learning-rate", "\(1 / 9.0)", "--momentum", "0.75", "--steps", "40", "--minimum", "0.5,-2", "--sigma-w",
                "\(2.0.squareRoot())",
            ]
            for (name, options) in [("expressions", expressions), ("numbers", numbers)] {
                let run = try Command.run(Self.small + options + ["-o", folder.file(name)])
                #expect(run.status == 0, "\(run.errors)")
            }
            #expect(try folder.text("expressions/trajectory.csv") == folder.text("numbers/trajectory.csv"))
            let universe = try Command.run([
                "universe", "--hubble", "1/4", "--until", "2*pi", "--samples", "2+1", "--fields", "1/2,2", "--mode", "1/2,sqrt(2)",
            ])
            #expect(try CSVTable(text: universe.output).numbers("t") == [0, .pi, 2 * .pi], "\(universe.errors)")
            #expect(try Command.run(["help", "evolve"]).output.contains("(default: 0.01)"))
        }
    }

    private static let lines = [
        "width: 16", "learningRate: 1/9", "momentum: 0.8", "steps: 40", "scale: 0.1", "seed: 3", "record: {predictions: [paper]}",
    ]

    private static func write(_ lines: [String], _ folder: TemporaryFolder) throws -> String {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: folder.file("run.yaml")))
        return folder.file("run.yaml")
    }

    /// A file says what options say, and options that are given say it better.
    @Test func runsAFile() throws {
        try TemporaryFolder.with { folder in
            let file = try Self.write(Self.lines, folder)
            let options = ["--learning-rate", "1/9", "--scale", "0.1", "--seed", "3", "--dictionary", "paper"]
            func table(_ name: String, _ words: [String]) throws -> String {
                let run = try Command.run(words + ["--device", "reference", "-o", folder.file(name)])
                #expect(run.status == 0, "\(run.errors)")
                return try folder.text("\(name)/trajectory.csv")
            }
            #expect(try table("file", ["evolve", file]) == table("options", Self.small + ["--momentum", "0.8"] + options))
            #expect(
                try table("overridden", ["evolve", file, "--momentum", "0.5", "--width=8", "--steps", "20"])
                    == table("plain", ["evolve", "--width", "8", "--steps", "20", "--momentum", "0.5"] + options))
            #expect(
                try table("hubble", ["evolve", file, "--hubble", "0.1"]) == table("rate", Self.small + ["--hubble", "0.1"] + options))
            #expect(
                try table("fields", ["evolve", file, "--minimum", "1,-1", "--loss", "coupled", "--coupling", "u1^2 + u2^2*(1 + u1^2)"])
                    == table(
                        "both",
                        Self.small + options + [
                            "--momentum", "0.8", "--minimum", "1,-1", "--loss", "coupled", "--coupling", "u1^2 + u2^2*(1 + u1^2)",
                        ]))
            // A kernel that is measured first, and M of the optimiser.
            let universe = ["--optimiser", "friedmann", "--planck-mass", "0.2"]
            #expect(
                try table("measured", ["evolve", file, "--dictionary", "universe"] + universe)
                    == table("same", Self.small + options + ["--dictionary", "universe"] + universe))
            #expect(
                try table(
                    "computed",
                    ["evolve", try Self.write(Self.lines.map { $0 == "learningRate: 1/9" ? "learningRate: 0.05/kernel" : $0 }, folder)]
                )
                .split(separator: "\n").count == 42)
        }
    }

    @Test func refusesFilesOfSeveralRunsOrNone() throws {
        try TemporaryFolder.with { folder in
            for (lines, options, message) in [
                (Self.lines + ["sigmaW: [0.5, 1]"], [String](), "use inflaton scan"),
                (Self.lines + ["sigmaW: [0.5, 1]"], [], "'sigmaW'"),
                (Self.lines.filter { $0 != "learningRate: 1/9" && $0 != "momentum: 0.8" && $0 != "steps: 40" }, [], "trains nothing"),
                (Self.lines + ["where: width > 100"], [], "where"), (Self.lines + ["wdth: 3"], [], "did you mean 'width'"),
                (Self.lines, ["--optimiser", "adam", "--hubble", "1"], "--hubble"), (Self.lines, ["--eras", "matter:1"], "--eras"),
            ] {
                let run = try Command.run(
                    ["evolve", try Self.write(lines, folder), "--device", "reference", "-o", folder.file("out")] + options)
                #expect([64, 65].contains(run.status) && run.errors.contains(message), "\(lines) \(options): \(run.errors)")
                #expect(folder.contents == ["run.yaml"])
            }
            let one = try Command.run([
                "evolve", try Self.write(Self.lines + ["sigmaW: [0.5, 1]"], folder), "--sigma-w", "1", "--device", "reference", "-o",
                folder.file("out"),
            ])
            #expect(one.status == 0, "\(one.errors)")
            let missing = try Command.run(["evolve", folder.file("no.yaml"), "-o", folder.file("no")])
            #expect(missing.status == 65 && missing.errors.contains("no.yaml"), "\(missing.errors)")
        }
    }
}
