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
            #expect(table.columns == ["t", "phi", "velocity", "eFolds", "hubble", "constraint", "epsilon", "scaleFactor"] + modes)
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

    /// SciPy 1.17's numbers of FieldUniverseTests, through the command.
    @Test func severalFields() throws {
        let run = try Command.run([
            "universe", "--fields", "12,6", "--kernel", "1,0.3,0.3,0.8", "--potential", "phi1^2/2 + 3*phi2^2 + g*phi1^2*phi2^2",
            "--parameter", "g=0.1", "--until", "1.5", "--samples", "3", "--mode", "1,0.7",
        ])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let table = try CSVTable(text: run.output)
        #expect(
            table.columns == [
                "t", "phi1", "phi2", "velocity1", "velocity2", "eFolds", "hubble", "constraint", "epsilon", "scaleFactor", "turnRate",
                "mode1_1_1", "mode1_1_2", "mode1_2_1", "mode1_2_2",
            ])
        for (name, value) in [("phi1", 8.413069411545889), ("phi2", 1.2870014470625732), ("turnRate", 0.18807910884810797)] {
            #expect(abs((table.numbers(name)?.last ?? .nan) - value) <= 1e-9, "\(name)")
        }
        // One potential of each field, and slow roll to the end of inflation: N = (φ² − φ_end²)/4 and somewhat more.
        let sum = try Command.run([
            "universe", "--fields", "12,6", "--potential", "phi^2/2", "--velocity", "slow-roll", "--until", "30", "--stop-at-epsilon", "1",
            "--samples", "3",
        ])
        let folds = try #require(try CSVTable(text: sum.output).numbers("eFolds")?.last)
        #expect(sum.status == 0 && abs(folds - 45) < 1)
        for arguments in [
            ["--kernel", "1"], ["--fields", "1,2", "--kernel", "1,2,2,1"], ["--fields", "1,2", "--kernel", "1"],
            ["--fields", "1,2", "--spectrum"], ["--fields", "1,2", "--potential", "phi1 + phi3"], ["--velocity", "1,2"],
            ["--fields", "1,2", "--velocity", "1,2,3"],
        ] {
            let refused = try Command.run(["universe"] + arguments)
            #expect(refused.status == 64 && refused.output.isEmpty, "\(arguments): \(refused.errors)")
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
        (["--potential", "m*phi^2"], "names 'm', which has no value"),
        (["--potential", "phi^"], "in the expression 'phi^'"), (["--potential", "phi^2", "--parameter", "m=1"], "'m' is not in"),
        (["--parameter", "m"], "<name=value>"), (["--fluid", "-1,1"], "<w,rho>"), (["--fluid", "0"], "<w,rho>"),
        (["--fluid", "0,-5"], "initial energy density"), (["--scale-factor", "0"], "scale factor is 0.0"),
        (["--stop-at-epsilon", "0"], "epsilon to stop at is 0.0"), (["--clock", "moon"], "'moon'"), (["--modes", "both"], "'both'"),
        (["--hubble", "1", "--fluid", "0,1"], "number of fluids"), (["--spectrum", "--hubble", "1"], "a constant H"),
        (["--spectrum", "--phi", "16", "--pivot", "70"], "e-folds before the end of --pivot is 70.0"),
        (["--spectrum", "--span", "0"], "span is 0.0"),
        (["--spectrum", "--phi", "16", "--span", "20"], "wavenumber of --span is "), (["--velocity", "fast"], "'fast'"),
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
        // A universe with V0 < 0 turns around and ends before t = 100.
        let ending = try Command.run(["universe", "--vacuum", "-0.1", "--until", "100"])
        #expect(ending.status == 1 && ending.errors.contains("raise the vacuum energy"), "\(ending.errors)")
        let leaving = try Command.run(["universe", "--potential", "1 + sqrt(phi)", "--phi", "0.5"])
        #expect(leaving.status == 65 && leaving.errors.contains("near φ = "), "\(leaving.errors)")
        let early = try Command.run(["universe", "--phi", "16", "--stop-at-epsilon", "1", "--until", "10"])
        #expect(early.status == 1 && early.errors.contains("epsilon does not rise to 1.0 before 10.0"), "\(early.errors)")
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

    /// The numbers of `EventTests`, by the command.
    @Test func inflatesToTheEndByAnyClock() throws {
        let inflation = ["universe", "--phi", "16", "--until", "100", "--samples", "5", "--stop-at-epsilon", "1"]
        for options in [[], ["--potential", "m^2*phi^2/2", "--parameter", "m=1"], ["--clock", "e-folds"]] {
            let run = try Command.run(inflation + options)
            let table = try CSVTable(text: run.output)
            #expect(run.status == 0 && run.errors.isEmpty && table.rows.count == 5, "\(run.errors)")
            let last = { (name: String) in table.numbers(name)?.last ?? .nan }
            #expect(abs(last("eFolds") - 64.89351107) <= 1e-8 && abs(last("phi") - 1.0093427) <= 1e-7 && abs(last("epsilon") - 1) <= 1e-9)
            #expect(abs(last("scaleFactor") / exp(last("eFolds")) - 1) <= 1e-14)
        }
        let modes = ["--velocity", "slow-roll", "--mode", "1,1", "--modes", "gauge-invariant", "--json"]
        let run = try Command.run(inflation + modes)
        #expect(run.output.contains("Mukhanov-Sasaki") && run.output.contains("11.2694"), "\(run.errors)")
    }

    @Test func expandsByFluids() throws {
        let run = try Command.run([
            "universe", "--scale", "0", "--fluid", "0,3", "--fluid", "0.3333333333333333,0", "--until", "1", "--samples", "2",
            "--scale-factor", "2",
        ])
        let table = try CSVTable(text: run.output)
        // a^{3/2} = 2^{3/2} + 3/2 t.
        #expect(abs((table.numbers("scaleFactor")?.last ?? 0) - pow(pow(2, 1.5) + 1.5, 2.0 / 3)) <= 1e-10, "\(run.errors)")
    }

    @Test func writesTheSpectrumOfInflation() throws {
        let options = ["universe", "--spectrum", "--phi", "17", "--velocity", "slow-roll", "--samples", "3", "--span", "0.1"]
        try TemporaryFolder.with { folder in
            let run = try Command.run(options + ["-o", folder.file("s.csv"), "--json"])
            #expect(run.status == 0, "\(run.errors)")
            let table = try CSVTable(text: try String(contentsOfFile: folder.file("s.csv"), encoding: .utf8))
            #expect(table.columns == ["k", "curvaturePower", "tensorPower"])
            // A_s of InflationSpectrumTests in the middle.
            #expect(abs((table.numbers("curvaturePower")?[1] ?? 0) / 50.984466718358 - 1) <= 1e-8)
            let values = try #require(try run.json()["values"] as? [String: Double])
            #expect(abs((values["scalarIndex"] ?? 0) - 0.963378761748) <= 1e-8)
            #expect(try String(contentsOfFile: folder.file("s.csv.provenance.json"), encoding: .utf8).contains("\"pivot\""))
        }
    }

    /// Pictures beside the table, of one field, of several, and of a spectrum; rows equally spaced in e-folds.
    @Test func drawsTheTable() throws {
        try TemporaryFolder.with { folder in
            let inflation = ["universe", "--phi", "16", "--until", "60", "--samples", "61", "--clock", "e-folds", "--mode", "1,1"]
            for (name, options, words) in [
                ("one", inflation, ["e-folds N", "ε", "φ"]),
                (
                    "two", ["universe", "--fields", "2,1", "--hubble", "1", "--potential", "phi1^2*phi2^2 + phi1^2"],
                    ["Mine", "phi1^2*phi2^2 + phi1^2", "φ"]
                ),
                (
                    "spectrum", ["universe", "--spectrum", "--phi", "17", "--velocity", "slow-roll", "--samples", "3", "--span", "0.1"],
                    ["wavenumber", "Mine"]
                ),
            ] {
                let title = name == "one" ? [] : ["--title", "Mine"]
                let run = try Command.run(options + title + ["--plot", "-o", folder.file("\(name).csv"), "--json"])
                #expect(run.status == 0, "\(run.errors)")
                let svg = try folder.text("\(name).svg")
                for word in words { #expect(svg.contains(word), "\(name): \(word)") }
                let outputs = try #require(try run.json()["outputs"] as? [String])
                #expect(outputs.map { $0.split(separator: "/").last ?? "" }.contains("\(name).png"))
            }
            let table = try CSVTable(text: folder.text("one.csv"))
            for (row, folds) in (table.numbers("eFolds") ?? []).enumerated() { #expect(abs(folds - Double(row)) <= 1e-9) }
            for name in ["one", "two"] {
                let columns = try CSVTable(text: folder.text("\(name).csv")).columns
                #expect(columns.contains("epsilon") && columns.contains("scaleFactor"))
            }
            try Data("mine".utf8).write(to: URL(filePath: folder.file("v.png")))
            let taken = try Command.run(["universe", "--plot", "-o", folder.file("v.csv")])
            #expect(taken.status == 73 && !folder.contents.contains("v.csv"), "\(taken.errors)")
            #expect(try Command.run(["universe", "--plot"]).status == 64)
        }
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
