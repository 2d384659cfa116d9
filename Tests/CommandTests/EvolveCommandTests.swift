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

    /// The trajectories of independent programs (Fixtures/golden), through files and the command: heavy ball on one point with a
    /// quadratic loss, and two outputs with a minimum each.
    @Test(arguments: [("p01", "erf"), ("p04", "gelu"), ("p05", "erf")]) func agreesWithNeuralTangents(name: String, activation: String)
        throws
    {
        let golden = try NumericArchive(path: fixture("golden/train_\(name).npz"))
        let meta = try #require(try JSONSerialization.jsonObject(with: Data(golden.text("meta").utf8)) as? [String: Any])
        let loss = try #require(meta["loss"] as? [String: Any])
        let minima = (loss["fmin"] as? [Double]) ?? [(loss["fmin"] ?? loss["v"]) as? Double ?? .nan]
        try TemporaryFolder.with { folder in
            let names = golden.names.filter { $0.first == "W" || $0.first == "b" }.filter { Int($0.dropFirst()) != nil }
            try NumericArchive.write(
                names.map { ($0, try golden.array($0), .float64) }, to: folder.file("w.npz"))
            try golden.array("x").writeNPY(to: folder.file("x.npy"))
            var arguments = [
                "evolve", "--weights", folder.file("w.npz"), "--inputs", folder.file("x.npy"), "--activation", activation,
                "--sigma-w", "\(try #require(meta["sigma_w"] as? Double))", "--sigma-b", "\(try #require(meta["sigma_b"] as? Double))",
                "--scale", "\(try #require(loss["s"] as? Double))", "--minimum=\(minima.map { "\($0)" }.joined(separator: ","))",
                "--learning-rate", "\(try golden.array("eta").elements[0])", "--momentum", "\(try golden.array("gamma").elements[0])",
                "--steps", "\(try golden.array("eta").elements.count)", "--precision", "float64", "-o", folder.file("out"),
            ]
            if loss["kind"] as? String == "double_well" {
                arguments += ["--loss", "double-well"]
            } else {
                arguments += ["--degree", "\(try #require(loss["n"] as? Int))"]
            }
            let run = try Command.run(arguments)
            #expect(run.status == 0, "\(run.errors)")
            let outputs = try NumericArchive(path: folder.file("out/trajectory.npz")).array("outputs"), expected = try golden.array("f")
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
