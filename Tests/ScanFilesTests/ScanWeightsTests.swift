import Arrays
import Compute
import Engines
import Foundation
import Networks
import Runs
import ScanFiles
import TestSupport
import Testing

/// The key `weights`: runs that start from a file.
@Suite struct ScanWeightsTests {
    /// A 2–3–1 network with biases, W1 counting from `first`.
    private func write(_ name: String, first: Double = 1, in folder: TemporaryFolder) throws {
        func array(_ shape: [Int], _ from: Double) throws -> NumericArray {
            let count = shape.reduce(1, *)
            return try NumericArray(shape: shape, elements: (0..<count).map { from + Double($0) })
        }
        try NumericArchive.write(
            [
                ("W1", array([2, 3], first), .float64), ("b1", array([3], 7), .float64), ("W2", array([3, 1], 10), .float64),
                ("b2", array([1], 13), .float64),
            ], to: folder.file(name), overwrite: true)
    }

    private func file(_ text: String, in folder: TemporaryFolder) throws -> ScanFile {
        try ScanFile(text: text, source: "scan.yaml", folder: folder.path)
    }

    private func runs(_ text: String, in folder: TemporaryFolder) throws -> [Run] {
        let file = try file(text, in: folder)
        return try (0..<file.count).compactMap {
            if case .run(let run) = try file.candidate(at: $0, known: { _ in nil }) { run } else { nil }
        }
    }

    private func problem(_ text: String, in folder: TemporaryFolder) -> String {
        do {
            _ = try file(text, in: folder)
            return ""
        } catch { return "\(error)" }
    }

    @Test func everyRunStartsThere() throws {
        let folder = try TemporaryFolder()
        try write("w.npz", in: folder)
        let runs = try runs(
            "weights: {file: w.npz}\nactivation: tanh\nparameterisation: standard\nlearningRate: [0.1, 0.2]\nmomentum: [0, 0.9]\nsteps: 3\n",
            in: folder)
        #expect(runs.count == 4)
        let architecture = try Architecture(inputs: 2, widths: [3], outputs: 1, activation: .tanh, parameterisation: .standard)
        for run in runs {
            #expect(run.architecture == architecture)
            // W1 row by row, b1, W2, b2: 1, 2, 3, … as they were written.
            #expect(run.source == .weights(try Weights((1...13).map(Double.init), for: architecture)))
            // Without inputs one point, all coordinates 1.
            #expect(run.inputs == (try Inputs(points: 1, dimension: 2, values: [1, 1])))
        }
        #expect(Set(runs.map { RunIdentity.digest($0, precision: .float64) }).count == 4)
    }

    /// Weights may be an axis; what the network's own quantities say is known to filters.
    @Test func severalFiles() throws {
        let folder = try TemporaryFolder()
        try write("a.npz", in: folder)
        try write("b.npz", first: 2, in: folder)
        let text =
            "weights: [{file: a.npz}, {file: b.npz}]\ninputs: {points: [[1, 2]]}\nlearningRate: width/10\nsteps: 1\nwhere: depth == 1\n"
        let runs = try runs(text, in: folder)
        #expect(runs.count == 2 && runs[0].source != runs[1].source)
        #expect(runs.allSatisfy { $0.training?.schedule.learningRates[0] == 0.3 })
        #expect(try file(text, in: folder).arrayFiles == [folder.file("a.npz"), folder.file("b.npz")])
    }

    /// The identity is that of the numbers, whatever the file is called; a changed file is named.
    @Test func identityIsThatOfTheNumbers() throws {
        let folder = try TemporaryFolder()
        let text = "weights: {file: w.npz}\nlearningRate: 0.1\nsteps: 3\n"
        func digest() throws -> Digest { RunIdentity.digest(try #require(try runs(text, in: folder).first), precision: .float64) }
        try write("w.npz", in: folder)
        let (first, before) = (try digest(), try file(text, in: folder))
        #expect(before.changedFiles(since: [before.text]).isEmpty && before.changedFiles(since: []).isEmpty)
        try write("w.npz", first: 1.5, in: folder)
        let after = try file(text, in: folder)
        #expect(try digest() != first && after.changedFiles(since: [before.text]) == ["w.npz"])
        // The latest counts, and comments stand at the end alone.
        #expect(after.changedFiles(since: [before.text, after.text]).isEmpty)
        #expect(after.changedFiles(since: ["# \"w.npz\" sha256:0\nwidth: 3\n"]).isEmpty)
        try write("w.npz", in: folder)
        #expect(try digest() == first)
        // A seed's identity is what it was before there was the key.
        let drawn = try #require(try runs("seed: 3\n", in: folder).first)
        #expect(RunIdentity.json(drawn, precision: .float64).contains("\"weights\":{\"seed\":3,"))
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let folder = try TemporaryFolder()
        try write("w.npz", in: folder)
        for (key, value) in [("width", "4"), ("depth", "2"), ("widths", "[3]"), ("outputs", "1"), ("bias", "true"), ("seed", "1")] {
            let found = problem("weights: {file: w.npz}\n\(key): \(value)\n", in: folder)
            #expect(found.contains("\(key) and weights cannot both be given") && found.contains("scan.yaml:2"), "\(found)")
        }
        for (text, words) in [
            ("weights: {file: absent.npz}\n", "absent.npz"), ("weights: w.npz\n", "map"), ("weights: {path: w.npz}\n", "unknown key"),
            ("weights: {}\n", "lacks file"), ("weights: {file: w.npz}\ninputs: {points: [1, 2]}\n", "points of 2 coordinates"),
            ("weights: {file: w.npz}\nnetworks: 40000\nlearningRate: 0.01\nsteps: 10\n", "weights is given"),
        ] {
            let found = problem(text, in: folder)
            #expect(found.contains(words), "\(text): \(found)")
        }
        try NumericArchive.write([("W1", try NumericArray(shape: [1, 1], elements: [.nan]), .float64)], to: folder.file("nan.npz"))
        #expect(problem("weights: {file: nan.npz}\n", in: folder).contains("W1"))
    }
}
