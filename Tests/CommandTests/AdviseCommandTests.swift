import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct AdviseCommandTests {
    private static let small = ["advise", "--width", "64", "--steps", "20", "--device", "reference"]

    private static func points(_ folder: TemporaryFolder, targets: [Double] = [0.5, -0.5, 1]) throws -> [String] {
        try NumericArray(shape: [3, 1], elements: [-1, 0.25, 1]).writeNPY(to: folder.file("x.npy"))
        try NumericArray(targets).writeNPY(to: folder.file("y.npy"))
        return ["--inputs", folder.file("x.npy"), "--loss", "squared", "--targets", folder.file("y.npy")]
    }

    @Test func writesMapCurvesFigureAndSummary() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(
                Self.small + Self.points(folder) + ["--learning-rate", "0.1", "--momentum", "0.5", "-o", folder.file("out")])
            #expect(run.status == 0, "\(run.errors)")
            for words in ["advised", "confidence", "vacuum-dominated", "critical γ", "trusted from width"] {
                #expect(run.output.contains(words), "\(words)")
            }
            let map = try CSVTable(text: folder.text("out/advise.csv")), curves = try CSVTable(text: folder.text("out/curves.csv"))
            #expect(map.columns == ["learningRate", "momentum", "predictedLoss", "stepCurvature"])
            #expect(curves.columns == ["step", "advised", "advisedAtEnd", "asked", "askedAtEnd"] && curves.rows.count == 21)
            #expect(try folder.text("out/advise.svg").contains("width 64, depth 1, erf"))
            #expect(try folder.text("out/claims.csv").contains("linearisation"))
            let summary = try JSONSerialization.jsonObject(with: Data(folder.text("out/summary.json").utf8)) as? [String: Any]
            let advice = try #require(summary?["summary"] as? [String: Any])
            let modes = try #require(advice["modes"] as? [[String: Any]]), bounds = try #require(advice["bounds"] as? [[String: Any]])
            #expect(modes.count == 3 && bounds.count == 3)
            // 2(1 + γ)/(L₁ · 2s), s = 1, at γ = 0.
            let leading = try #require(modes[0]["eigenvalue"] as? Double), stable = try #require(bounds[0]["largestStable"] as? Double)
            #expect(abs(stable * leading - 1) < 1e-12)
            // The first step of the curve of γ = 0.5 and η = 0.1 is plain descent; its loss at the start is that of the other curve.
            #expect(curves.numbers("asked")?[0] == curves.numbers("advised")?[0])
        }
    }

    /// A linear model stays what it is: every prediction of the lattice is what is trained.
    @Test func checkedLinearModelsArePredictedExactly() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(
                ["advise", "--depth", "0", "--steps", "30", "--device", "reference", "--check", "--json", "-o", folder.file("out")]
                    + Self.points(folder))
            #expect(run.status == 0, "\(run.errors)")
            let table = try CSVTable(text: folder.text("out/curves.csv"))
            let advised = try #require(table.numbers("advised")), trained = try #require(table.numbers("trained"))
            #expect(zip(advised, trained).allSatisfy { abs($0 - $1) <= 1e-10 * advised[0] })
            let json = try run.json()
            #expect(json["confidence"] as? String == "sure" && (json["linearisationError"] as? Double ?? 1) < 1e-8)
            #expect((json["outputs"] as? [String])?.contains { $0.hasSuffix("check.csv") } == true)
            let check = try CSVTable(text: folder.text("out/check.csv"))
            #expect(check.rows.count == 64)
            // The prediction is a mean over η a hundredth off either way; where losses fall fast that is up to some tens of per cent.
            let ratios = zip(try #require(check.numbers("predictedLoss")), try #require(check.numbers("trainedLoss"))).map { $0 / $1 }
            #expect(ratios.sorted()[32] > 0.9 && ratios.sorted()[32] < 1.2)
        }
    }

    @Test func refusesWhatCannotBeMeant() throws {
        try TemporaryFolder.with { folder in
            let data = try Self.points(folder, targets: [0.5, .nan, 1])
            for (words, status, message) in [
                (["--steps", "0"], 64, "--steps is 0"),
                (["--least-learning-rate", "2", "--largest-learning-rate", "1"], 64, "at most the largest"),
                (["--largest-momentum", "1"], 64, "largest momentum"), (["--momentum", "0.5"], 64, "--momentum goes with"),
                (["--learning-rate", "-1"], 64, "learning rate"), (["--planck-mass", "0"], 64, "Planck"), (data, 65, "not finite"),
                (["--loss", "squared"], 64, "--targets"), (["--width", "0"], 64, "width is 0"),
                (["--least-learning-rate", "1e9"], 64, "training is stable"), (["--degree", "4", "--scale", "0"], 64, "nothing to learn"),
            ] as [([String], Int32, String)] {
                let run = try Command.run(Self.small + words + ["-o", folder.file("out")])
                #expect(run.status == status && run.errors.contains(message), "\(words): \(run.status) \(run.errors)")
                #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
            }
        }
    }

    /// One point, one unit, several outputs and losses that are not quadratic are all advised on; a network so narrow is warned of.
    @Test(arguments: [["--width", "1"], ["--minimum=1,-1"], ["--degree", "4"], ["--loss", "double-well", "--minimum", "0.7"]])
    func takesSmallProblems(words: [String]) throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(Self.small + words + ["--json", "-o", folder.file("out")])
            #expect(run.status == 0, "\(run.errors)")
            let json = try run.json()
            #expect((json["learningRate"] as? Double ?? 0) > 0 && (json["predictedLoss"] as? Double) != nil)
            if words == ["--width", "1"] { #expect(json["confidence"] as? String != "sure" && run.errors.contains("widen the network")) }
        }
    }

    @Test func dryRunWritesNothingAndForceReplaces() throws {
        try TemporaryFolder.with { folder in
            let words = Self.small + ["-o", folder.file("out")]
            let dry = try Command.run(words + ["--dry-run"])
            #expect(dry.status == 0 && dry.output.contains("would write"))
            #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
            #expect(try Command.run(words).status == 0)
            #expect(try Command.run(words).status == 73)
            #expect(try Command.run(words + ["--force"]).status == 0)
        }
    }
}
