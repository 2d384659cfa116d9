import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct UniverseCommandTests {
    /// One of the universes of Tests/Fixtures/flrw.json.
    struct Golden: Decodable {
        struct Case: Decodable {
            let s, phi_min, phi0, dphi0: Double
            let n: Int
            let hubble: String
            let H, M, V0: Double?
        }
        struct Mode: Decodable {
            let r, k: Double
            let d: [Double]
        }
        let `case`: Case
        let t, phi, dphi, N, H: [Double]
        let modes: [Mode]

        static func all() throws -> [Golden] {
            try JSONDecoder().decode([Golden].self, from: Data(contentsOf: URL(filePath: fixture("flrw.json"))))
        }

        var options: [String] {
            let law = `case`.hubble == "friedmann" ? "friedmann" : "\(`case`.H ?? .nan)"
            return [
                "--scale", "\(`case`.s)", "--minimum", "\(`case`.phi_min)", "--degree", "\(`case`.n)", "--vacuum", "\(`case`.V0 ?? 0)",
                "--phi", "\(`case`.phi0)", "--velocity", "\(`case`.dphi0)", "--hubble", law, "--planck-mass", "\(`case`.M ?? 1)",
                "--until", "\(t[t.count - 1])", "--samples", "\(t.count)",
            ] + modes.flatMap { ["--mode", "\($0.r),\($0.k)"] }
        }
    }

    /// The reference states 1.2e-10 for itself; 1e-8 is what this project promises.
    @Test func agreesWithSciPy() throws {
        let golden = try #require(try Golden.all().first)
        try TemporaryFolder.with { folder in
            let run = try Command.run(["universe"] + golden.options + ["-o", folder.file("u.csv")])
            #expect(run.status == 0, "\(run.errors)")
            let table = try CSVTable(text: try folder.text("u.csv"))
            let modes = golden.modes.indices.map { "mode\($0 + 1)" }
            #expect(table.columns == ["t", "phi", "velocity", "eFolds", "hubble", "constraint"] + modes)
            let expected = [("t", golden.t), ("phi", golden.phi), ("velocity", golden.dphi), ("eFolds", golden.N), ("hubble", golden.H)]
            for (name, values) in expected + zip(modes, golden.modes.map(\.d)).map({ ($0, $1) }) {
                let column = try #require(table.numbers(name))
                #expect(column.count == values.count)
                #expect(zip(column, values).allSatisfy { abs($0 - $1) < 1e-8 }, "\(name)")
            }
            #expect(folder.contents == ["u.csv", "u.csv.provenance.json"])
            let provenance = try JSONSerialization.jsonObject(with: Data(try folder.text("u.csv.provenance.json").utf8)) as? [String: Any]
            #expect((provenance?["parameters"] as? [String: String])?["samples"] == "\(golden.t.count)")
        }
    }

    @Test func printsTheTableWithoutOutput() throws {
        let run = try Command.run(["universe", "--samples", "5", "--mode", "1,0"])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let table = try CSVTable(text: run.output)
        #expect(table.rows.count == 5 && table.numbers("mode1")?.first == 1 && table.numbers("t")?.last == 20)
        let json = try Command.run(["universe", "--samples", "5", "--mode", "1,0", "--json"])
        struct Table: Decodable { let columns: [String: [Double]] }
        let columns = try JSONDecoder().decode(Table.self, from: Data(json.output.utf8)).columns
        #expect(columns["phi"] == table.numbers("phi"))
        let summary = try json.json()
        #expect(summary.keys.contains("engine") && summary["command"] as? String == "universe")
    }

    @Test func rollsInADoubleWell() throws {
        // At rest in the minimum v it stays; V = s/4 (φ² − v²)² is 0 there, so that nothing expands.
        let run = try Command.run(["universe", "--potential", "double-well", "--minimum", "0.7", "--phi", "0.7", "--samples", "3"])
        let table = try CSVTable(text: run.output)
        #expect(table.numbers("phi") == [0.7, 0.7, 0.7] && table.numbers("eFolds") == [0, 0, 0])
    }

    @Test func plansWithoutWriting() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(["universe", "-o", folder.file("u.csv"), "--dry-run"])
            #expect(run.status == 0 && run.output.contains("would write"), "\(run.errors)")
            #expect(folder.contents.isEmpty)
        }
    }

    @Test(arguments: [
        (["--degree", "3"], "degree is 3"), (["--degree", "0"], "degree is 0"), (["--until", "-1"], "until is -1.0"),
        (["--until", "nan"], "until is nan"), (["--samples", "1"], "samples is 1"), (["--scale", "-2"], "scale is -2.0"),
        (["--planck-mass", "0"], "Planck mass is 0.0"), (["--vacuum", "-5"], "initial energy density"), (["--hubble", "fast"], "'fast'"),
        (["--tolerance", "1e-20"], "tolerance is 1e-20"), (["--tolerance", "nan"], "tolerance is nan"),
        (["--max-steps", "0"], "steps is 0"),
        (["--mode", "1"], "<r,k>"), (["--mode", "1,-2"], "<r,k>"), (["--phi", "x"], "'x'"), (["--potential", "cubic"], "double-well"),
    ])
    func refuses(options: [String], message: String) throws {
        let run = try Command.run(["universe"] + options)
        #expect(run.status == 64)
        #expect(run.errors.contains("inflaton: error: ") && run.errors.contains(message), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test func refusesATableBeyondMemoryAndAUniverseThatEnds() throws {
        let huge = try Command.run(["universe", "--samples", "1000000000000"])
        #expect(huge.status == 65 && huge.errors.contains("reduce --samples"), "\(huge.errors)")
        // An expanding universe with V0 < 0 runs out of energy density before t = 100.
        let ending = try Command.run(["universe", "--vacuum", "-0.1", "--until", "100"])
        #expect(ending.status == 1 && ending.errors.contains("raise the vacuum energy"), "\(ending.errors)")
    }

    /// The message names an option, and following it works.
    @Test func theRemedyOfTooManyStepsExists() throws {
        let options = ["universe", "--mode", "1,300", "--until", "5", "--samples", "2", "--hubble", "1"]
        let few = try Command.run(options + ["--max-steps", "100"])
        #expect(few.status == 1, "\(few.errors)")
        let words = few.errors.split(separator: " ")
        let place = try #require(words.firstIndex(of: "--max-steps"))
        let needed = try #require(Int(words[place + 1].filter(\.isNumber)))
        #expect(try Command.run(options + ["--max-steps", "\(needed)"]).status == 0)
    }

    /// Modes are a test field's: help, provenance and summary say so.
    @Test func modesAreThoseOfATestField() throws {
        #expect(try Command.run(["help", "universe"]).output.contains("test field"))
        try TemporaryFolder.with { folder in
            let run = try Command.run(["universe", "--mode", "1,0", "--samples", "3", "-o", folder.file("u.csv")])
            #expect(run.status == 0 && run.output.contains("the metric is not perturbed"), "\(run.errors)")
            #expect(try folder.text("u.csv.provenance.json").contains("a test field; the metric is not perturbed"))
        }
        let plain = try Command.run(["universe", "--samples", "3", "--json"])
        #expect(!plain.output.contains("test field"))
    }

    /// φ = e^{−λt}(1 + …) with λ = 1/3H at H = 1e6: sixty million explicit steps.
    @Test func followsStiffFields() throws {
        let run = try Command.run(["universe", "--hubble", "1e6", "--samples", "3"])
        let phi = try #require(try CSVTable(text: run.output).numbers("phi"))
        #expect(abs(phi[2] - exp(-20 / 3e6)) <= 1e-11)
    }

    @Test func refusesToOverwriteEitherFile() throws {
        try TemporaryFolder.with { folder in
            try Data("mine".utf8).write(to: URL(filePath: folder.file("u.csv.provenance.json")))
            let run = try Command.run(["universe", "-o", folder.file("u.csv")])
            #expect(run.status == 73)
            #expect(folder.contents == ["u.csv.provenance.json"])
        }
    }
}
