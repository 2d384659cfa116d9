import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct EvolveCommandTests {
    /// A small, fast training.
    private static let small = ["evolve", "--width", "8", "--steps", "20"]

    @Test func writesArraysTableFigureAndSummary() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(Self.small + ["-o", folder.file("out"), "--device", "reference"])
            #expect(run.status == 0, "\(run.errors)")
            // A physicist's words, and the engine that made it.
            for words in ["friction", "3H", "vacuum domination", "drift of the tangent kernel", "engine: reference"] {
                #expect(run.output.contains(words), "\(words)")
            }
            let archive = try NumericArchive(path: folder.file("out/trajectory.npz"))
            #expect(try archive.array("outputs").shape == [21, 1, 1])
            #expect(try archive.array("predicted").shape == [21, 1, 1])
            #expect(try archive.array("loss").shape == [21])
            // t = k √η with η = 0.01.
            #expect(try archive.array("time").elements == (0...20).map { Double($0) * 0.01.squareRoot() })
            #expect(try archive.text("provenance").contains("\"steps\":\"20\""))
            let table = try CSVTable(text: folder.text("out/trajectory.csv"))
            #expect(
                table.columns == ["step", "time", "loss", "output", "predicted", "difference", "hubble", "eFolds", "scaleFactor"])
            #expect(table.numbers("output") == (try archive.array("outputs").elements))
            #expect(try folder.text("out/evolve.svg").hasPrefix("<?xml") || folder.text("out/evolve.svg").hasPrefix("<svg"))
            let summary = try JSONSerialization.jsonObject(with: Data(folder.text("out/summary.json").utf8)) as? [String: Any]
            #expect(summary?["provenance"] != nil && summary?["summary"] != nil)
        }
    }

    /// Several outputs on one point are several fields, with a figure and columns of their own.
    @Test func severalOutputsAreFields() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(
                ["evolve", "--width", "32", "--steps", "40", "--minimum=1,-1", "-o", folder.file("out"), "--device", "reference"])
            #expect(run.status == 0 && run.output.contains("trace of Θ"), "\(run.errors)")
            #expect(try folder.text("out/fields.svg").contains("<svg"))
            let columns = try CSVTable(text: folder.text("out/trajectory.csv")).columns
            #expect(columns.contains("turnRate") && columns.contains("turnRate_predicted") && columns.contains("predictedByTrace_0_1"))
            let summary = try JSONSerialization.jsonObject(with: Data(folder.text("out/summary.json").utf8)) as? [String: Any]
            let fields = (summary?["summary"] as? [String: Any])?["fields"] as? [String: Any]
            #expect((fields?["kernel"] as? [Double])?.count == 4)
        }
    }

    @Test func erasAreOneAfterTheOther() throws {
        try TemporaryFolder.with { folder in
            let eras = ["--optimiser", "de-sitter", "--hubble", "0.5", "--eras", "de-sitter:1,radiation:2,0:1", "--scale", "0.5"]
            let run = try Command.run(["evolve", "--width", "8", "-o", folder.file("out"), "--device", "reference"] + eras)
            #expect(run.status == 0 && run.output.contains("w = 0.3333"), "\(run.errors)")
            #expect(try folder.text("out/universe.svg").contains("<svg"))
            let table = try CSVTable(text: folder.text("out/trajectory.csv"))
            // 10 steps, 20 and 10, of √η = 0.1; a and H in closed form.
            let hubble = try #require(table.numbers("hubble")), folds = try #require(table.numbers("eFolds"))
            #expect(hubble.count == 41 && abs(hubble[10] - 0.5) < 1e-12 && abs(hubble[30] - 1 / 6.0) < 1e-12)
            #expect(abs(folds[30] - 0.5 - 0.5 * Foundation.log(3)) < 1e-12)
            for wrong in [["--eras", "de-sitter:1"], eras.map { $0 == "de-sitter:1,radiation:2,0:1" ? "matter" : $0 }] {
                let refused = try Command.run(["evolve", "-o", folder.file("no")] + wrong)
                #expect(refused.status == 64 && !folder.contents.contains("no"), "\(refused.errors)")
            }
        }
    }

    /// neural-tangents' kernels of the same training before and after it (Fixtures/golden): gelu, two outputs on four points. The bound is that
    /// of the outputs below: float64 on both sides, over 60 steps.
    @Test func kernelsDuringTrainingAgreeWithNeuralTangents() throws {
        try TemporaryFolder.with { folder in
            let golden = try GoldenTraining("p04")
            let run = try Command.run(golden.command(in: folder) + ["--kernels", "every", "20"])
            #expect(run.status == 0 && run.output.contains("kernel at step"), "\(run.errors)")
            let archive = try NumericArchive(path: folder.file("out/kernels.npz"))
            #expect(try archive.array("steps").elements == [0, 20, 40, 60])
            let kernels = try archive.array("ntk"), size = 4 * 4 * 2 * 2
            #expect(kernels.shape == [4, 4, 4, 2, 2])
            for (name, place) in [("ntk_init", 0), ("ntk_final", 3)] {
                let expected = try golden.archive.array(name)
                let found = try NumericArray(
                    shape: expected.shape, elements: Array(kernels.elements[place * size..<(place + 1) * size]))
                #expect(try relativeError(found, expected) < 1e-10, "\(name)")
            }
            // The outputs are those of the trajectory.
            let outputs = try golden.archive.array("f").elements, last = try archive.array("outputs").elements.suffix(8)
            #expect(zip(last, outputs.suffix(8)).allSatisfy { abs($0 - $1) < 1e-10 * (outputs.map(abs).max() ?? 0) })
            // |ΔΘ|/|Θ| of neural-tangents' two kernels, of which the difference is known to 1e-10 of either: Θ moved by some hundredths.
            let (start, end) = (try golden.archive.array("ntk_init").elements, try golden.archive.array("ntk_final").elements)
            let square = { (values: [Double]) in values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
            let table = try CSVTable(text: folder.text("out/kernels.csv"))
            let drift = try #require(table.numbers("drift")?.last), expected = square(zip(start, end).map { $1 - $0 }) / square(start)
            #expect(abs(drift - expected) < 1e-9 * max(1, expected) && expected > 1e-3)
            #expect(try folder.text("out/kernels.svg").contains("<svg"))
            let summary = try JSONSerialization.jsonObject(with: Data(folder.text("out/summary.json").utf8)) as? [String: Any]
            #expect(((summary?["summary"] as? [String: Any])?["kernels"] as? [Any])?.count == 4)
            // What is there is not written over.
            #expect(try Command.run(golden.command(in: folder) + ["--kernels", "ends"]).status == 73)
        }
    }

    /// What --kernels takes, also from a file, and what it refuses before any work.
    @Test func kernelSteps() throws {
        try TemporaryFolder.with { folder in
            func steps(_ name: String) throws -> [Double] {
                try NumericArchive(path: folder.file("\(name)/kernels.npz")).array("steps").elements
            }
            for (name, words, expected) in [
                ("a", ["every", "8"], [0.0, 8, 16, 20]), ("b", ["0,5,19"], [0, 5, 19, 20]), ("c", ["3", "1"], [0, 1, 3, 20]),
                ("d", ["ends"], [0, 20]), ("e", ["all"], (0...20).map(Double.init)),
            ] {
                let run = try Command.run(Self.small + ["--kernels"] + words + ["--device", "reference", "-o", folder.file(name)])
                #expect(run.status == 0, "\(run.errors)")
                #expect(try steps(name) == expected)
            }
            let text = "width: 8\nlearningRate: 0.01\nsteps: 20\nrecord: {kernels: every 10}\n"
            try Data(text.utf8).write(to: URL(filePath: folder.file("run.yaml")))
            let file = ["evolve", folder.file("run.yaml"), "--device", "reference"]
            #expect(try Command.run(file + ["-o", folder.file("f")]).status == 0)
            #expect(try steps("f") == [0, 10, 20])
            #expect(try Command.run(file + ["-o", folder.file("g"), "--kernels", "0,4"]).status == 0)
            #expect(try steps("g") == [0, 4, 20])
            for words in [["every"], ["every", "0"], ["every", "x"], ["-1"], ["1.5"], ["21"], ["sometimes"]] {
                let refused = try Command.run(Self.small + ["-o", folder.file("no"), "--device", "reference", "--kernels"] + words)
                #expect(refused.status == 64 && !folder.contents.contains("no"), "\(words): \(refused.errors)")
            }
            // Three copies of 4001 kernels of 2000² numbers: 384 GB, where the trajectory takes 1.5.
            try NumericArray((0..<2000).map(Double.init)).writeNPY(to: folder.file("x.npy"))
            let refused = try Command.run([
                "evolve", "--width", "8", "--inputs", folder.file("x.npy"), "--steps", "4000", "--kernels", "all", "-o",
                folder.file("no"),
                "--device", "reference",
            ])
            #expect(refused.status == 65 && refused.errors.contains("name fewer steps with --kernels"), "\(refused.errors)")
            #expect(!folder.contents.contains("no"))
        }
    }

    /// A weights file that is none, or has numbers that are none, is refused with its name before there is a folder.
    @Test func weightsThatCannotBeTrained() throws {
        try TemporaryFolder.with { folder in
            func write(_ name: String, _ first: [Double], _ shape: [Int]) throws -> String {
                try NumericArchive.write(
                    [
                        ("W1", try NumericArray(shape: shape, elements: first), .float64),
                        ("W2", try NumericArray(shape: [3, 1], elements: [1, 2, 3]), .float64),
                    ], to: folder.file(name))
                return folder.file(name)
            }
            try NumericArray(shape: [2, 2], elements: [1, 2, 3, 4]).writeNPY(to: folder.file("x.npy"))
            let cases = [
                (try write("nan.npz", [1, .nan, 3, 4, 5, 6], [2, 3]), "W1"), (try write("shape.npz", [1, 2, 3, 4], [2, 2]), "W2"),
                (try write("points.npz", [1, 2, 3], [1, 3]), "inputs"), (folder.file("absent.npz"), "absent.npz"),
            ]
            for (path, word) in cases {
                let run = try Command.run([
                    "evolve", "--weights", path, "--inputs", folder.file("x.npy"), "--kernels", "every", "5", "-o", folder.file("no"),
                    "--device", "reference",
                ])
                #expect(run.status == 65 && run.errors.contains(word), "\(path): \(run.errors)")
                #expect(!folder.contents.contains("no"))
            }
        }
    }

    /// The trajectories of independent programs (Fixtures/golden), through files and the command: heavy ball on one point with a
    /// quadratic loss, and two outputs with a minimum each.
    @Test(arguments: [("p01", "erf"), ("p04", "gelu"), ("p05", "erf")]) func agreesWithNeuralTangents(name: String, activation: String)
        throws
    {
        let golden = try GoldenTraining(name)
        #expect(golden.activation == activation)
        try TemporaryFolder.with { folder in
            let run = try Command.run(golden.command(in: folder))
            #expect(run.status == 0, "\(run.errors)")
            let outputs = try NumericArchive(path: folder.file("out/trajectory.npz")).array("outputs")
            let expected = try golden.archive.array("f")
            #expect(outputs.shape == expected.shape)
            let range = try #require(expected.elements.max()) - (try #require(expected.elements.min()))
            let error = zip(outputs.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
            #expect(error <= 1e-10 * range)
        }
    }

    @Test func squaredLossTakesTargets() throws {
        try TemporaryFolder.with { folder in
            try NumericArray(shape: [3, 1], elements: [-1, 0, 1]).writeNPY(to: folder.file("x.npy"))
            try NumericArray(shape: [3, 2], elements: [0, 1, 0, 1, 0, 1]).writeNPY(to: folder.file("y.npy"))
            let arguments = Self.small + ["--inputs", folder.file("x.npy"), "--loss", "squared", "-o", folder.file("out")]
            let run = try Command.run(arguments + ["--targets", folder.file("y.npy")])
            #expect(run.status == 0, "\(run.errors)")
            #expect(try NumericArchive(path: folder.file("out/trajectory.npz")).array("outputs").shape == [21, 3, 2])
            #expect(try Command.run(arguments).status == 64)
            try NumericArray(shape: [2, 2], elements: [0, 1, 0, 1]).writeNPY(to: folder.file("short.npy"))
            let short = try Command.run(arguments + ["--force", "--targets", folder.file("short.npy")])
            #expect(short.status == 65 && short.errors.contains("(3, 2)"), "\(short.errors)")
            // As many elements, transposed: other targets.
            try NumericArray(shape: [2, 3], elements: [0, 1, 0, 1, 0, 1]).writeNPY(to: folder.file("turned.npy"))
            let weights = try NumericArchive.twoOutputs(in: folder)
            let turned = try Command.run(
                arguments + ["--force", "--weights", weights, "--targets", folder.file("turned.npy")])
            #expect(turned.status == 65 && turned.errors.contains("[2, 3]"), "\(turned.errors)")
        }
    }

    /// The split of the difference is printed, written and drawn, or it is said why not; a prediction outside of its window warns.
    @Test func errorBudgetAndWindow() throws {
        try TemporaryFolder.with { folder in
            func evolve(_ name: String, _ options: [String]) throws -> (run: Command, summary: [String: Any]) {
                let run = try Command.run(Self.small + ["-o", folder.file(name), "--device", "reference"] + options)
                let text = try JSONSerialization.jsonObject(with: Data(folder.text("\(name)/summary.json").utf8)) as? [String: Any]
                return (run, try #require(text?["summary"] as? [String: Any]))
            }
            let plain = try evolve("plain", [])
            #expect(plain.run.output.contains("kernel drift") && plain.run.output.contains("no prediction"))
            #expect(try folder.text("plain/evolve.svg").contains("curvature"))
            let budget = try #require(plain.summary["errorBudget"] as? [String: Double])
            #expect(try #require(budget["explained"]) > 0.95)
            let relu = try evolve("relu", ["--activation", "relu"])
            #expect(relu.run.output.contains("No error budget: relu has a kink"))
            #expect(relu.summary["errorBudget"] == nil && relu.summary["errorBudgetRefusal"] != nil)

            // Width 8 over a travel of some units, and over a small one.
            let narrow = ["--dictionary", "nlo", "--steps", "200", "--learning-rate", "0.1"]
            let outside = try evolve("outside", narrow + ["--minimum", "6"])
            #expect(outside.run.status == 0 && outside.run.errors.contains("outside the window of nlo"), "\(outside.run.errors)")
            #expect(outside.run.output.contains("small correction"))
            let inside = try evolve("inside", narrow + ["--scale", "1e-5"])
            #expect(inside.run.status == 0 && !inside.run.errors.contains("window"), "\(inside.run.errors)")
        }
    }

    @Test(
        arguments: [
            (["--degree", "3"], 64, "even"), (["--learning-rate", "-1"], 64, "learning rate"), (["--momentum", "1.5"], 64, "from 0 to 1"),
            (["--steps", "-1"], 64, "--steps"), (["--minimum", "one"], 64, "minimum"), (["--activation", "swish"], 64, "relu"),
            (["--width", "0"], 64, "at least 1"), (["--dictionary", "exact", "--degree", "4"], 64, "quadratic"),
            // η Θ₀ l″ beyond (1 + √γ)²: the steps alternate in sign.
            (["--dictionary", "exact", "--learning-rate", "300", "--scale", "1"], 64, "continuum dual"),
            (["--dictionary", "nlo", "--activation", "relu"], 64, "does not apply to relu"),
            (["--dictionary", "nlo", "--minimum", "1,2"], 64, "2 fields"),
            (["--dictionary", "nlo", "--kernel", "infinite"], 64, "--dictionary frozen"),
            (["--planck-mass", "0"], 64, "Planck"),
            (["--width", "4000000000000"], 65, "bytes"), (["--steps", "9223372036854775807"], 65, "bytes"),
            (["--depth", "9223372036854775807"], 64, "10000"), (["--threads", "65536"], 64, "4096"),
        ]) func refuses(options: [String], status: Int32, message: String) throws
    {
        try TemporaryFolder.with { folder in
            let run = try Command.run(Self.small + ["-o", folder.file("out"), "--device", "reference"] + options)
            #expect(run.status == status && run.errors.contains(message), "\(run.status) \(run.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.file("out/trajectory.npz")))
        }
    }

    @Test func overwritesOnlyWithForceAndPlansWithoutWriting() throws {
        try TemporaryFolder.with { folder in
            let arguments = Self.small + ["-o", folder.file("out"), "--device", "reference"]
            let plan = try Command.run(arguments + ["--dry-run", "--json"])
            #expect(plan.status == 0)
            #expect(try plan.json()["dryRun"] as? Bool == true)
            #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
            #expect(try Command.run(arguments).status == 0)
            let again = try Command.run(arguments)
            #expect(again.status == 73 && again.errors.contains("--force"), "\(again.errors)")
            let forced = try Command.run(arguments + ["--force", "--json"])
            #expect(forced.status == 0)
            #expect(try (forced.json()["engine"] as? [String: Any])?["name"] as? String == "reference")
            #expect(try forced.json()["agreement"] != nil)
        }
    }
}

extension NumericArchive {
    /// A linear network of one input and two outputs, as a file.
    fileprivate static func twoOutputs(in folder: TemporaryFolder) throws -> String {
        let path = folder.file("two.npz")
        try write(
            [
                ("W1", NumericArray(shape: [1, 2], elements: [1, -1]), .float64),
                ("b1", NumericArray(shape: [2], elements: [0, 0]), .float64),
            ], to: path)
        return path
    }
}
