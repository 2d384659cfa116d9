import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct PredictCommandTests {
    /// A linear model f = xw with x = 1, 2 trained on y = 2x and asked at x = 3, in the NTK parameterisation with σ_w = 1 and no bias: the kernel
    /// is xx′, of rank one, so that every network ends at f = 2x whatever it started with.
    private static func linear(_ folder: TemporaryFolder) throws -> [String] {
        try NumericArchive.write(
            [("W1", NumericArray(shape: [1, 1], elements: [0.5]), .float64)], to: folder.file("w.npz"), overwrite: true)
        try NumericArray(shape: [2, 1], elements: [1, 2]).writeNPY(to: folder.file("x.npy"), overwrite: true)
        try NumericArray(shape: [2, 1], elements: [2, 4]).writeNPY(to: folder.file("y.npy"), overwrite: true)
        try NumericArray(shape: [1, 1], elements: [3]).writeNPY(to: folder.file("x2.npy"), overwrite: true)
        return ["x.npy", "y.npy", "x2.npy"].map(folder.file)
    }

    @Test func predictsALinearModel() throws {
        try TemporaryFolder.with { folder in
            let files = try Self.linear(folder)
            let run = try Command.run(
                ["predict", folder.file("w.npz")] + files + ["-o", folder.file("out.npz"), "--device", "reference"])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("1 mode of the kernel"))
            let archive = try NumericArchive(path: folder.file("out.npz"))
            #expect(abs(try archive.array("mean").elements[0] - 6) < 1e-12)
            #expect(try archive.array("outputs").elements == [1.5])
            #expect(try archive.array("covariance").shape == [1, 1, 1, 1])
            #expect(abs(try archive.array("covariance").elements[0]) < 1e-12)
            // w(t) = 2 + (w_0 − 2) e^{−(2s/N)(1 + 4)t}, s = 1, N = 2.
            let timed = try Command.run(
                ["predict", folder.file("w.npz")] + files + ["-o", folder.file("t.npz"), "--device", "reference", "--time", "0.1"])
            #expect(timed.status == 0)
            let expected = 3 * (2 - 1.5 * exp(-0.5))
            #expect(abs(try NumericArchive(path: folder.file("t.npz")).array("mean").elements[0] - expected) < 1e-12)
        }
    }

    /// The ridge r of one feature: f(3) = 3 Σxy/(Σx² + r) = 30/(5 + r), and the posterior variance 9 − 9·5/(5 + r).
    @Test func infiniteWidthHasARidge() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(
                ["predict", "--infinite", "--depth", "0", "--sigma-b", "0", "--ridge", "0.5"] + Self.linear(folder)
                    + ["-o", folder.file("out.npz"), "--json"])
            #expect(run.status == 0, "\(run.errors)")
            let archive = try NumericArchive(path: folder.file("out.npz"))
            #expect(abs(try archive.array("nngpMean").elements[0] - 30 / 5.5) < 1e-12)
            #expect(abs(try archive.array("ntkMean").elements[0] - 30 / 5.5) < 1e-12)
            #expect(abs(try archive.array("nngpCovariance").elements[0] - (9 - 45 / 5.5)) < 1e-12)
        }
    }

    @Test func refusesWhatCannotBeMeant() throws {
        try TemporaryFolder.with { folder in
            let files = try Self.linear(folder), all = [folder.file("w.npz")] + files
            try NumericArray(shape: [3, 1], elements: [1, 2, 3]).writeNPY(to: folder.file("y3.npy"))
            try NumericArray(shape: [2, 1], elements: [1, .nan]).writeNPY(to: folder.file("nan.npy"))
            try NumericArray(shape: [1, 2], elements: [1, 2]).writeNPY(to: folder.file("wide.npy"))
            for (words, status, message) in [
                (all + ["--time", "-1"], 64, "the time is -1"), (all + ["--ridge", "-1"], 64, "ridge"),
                (all + ["--scale", "0"], 64, "scale"),
                (files, 64, "3 files are given"), (all + ["--depth", "1"], 64, "4 files are given, but 3"),
                ([all[0], all[1], folder.file("y3.npy"), all[3]], 65, "targets"),
                ([all[0], all[1], folder.file("nan.npy"), all[3]], 65, "not finite"),
                ([all[0], all[1], all[2], folder.file("wide.npy")], 65, "coordinates"),
                (all + ["--infinite", "--device", "reference"], 64, "--infinite"),
            ] as [([String], Int32, String)] {
                let run = try Command.run(["predict"] + words + ["-o", folder.file("out.npz")])
                #expect(run.status == status && run.errors.contains(message), "\(words): \(run.status) \(run.errors)")
            }
        }
    }
}
