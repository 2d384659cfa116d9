import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct ReproduceCommandTests {
    @Test func writesFiguresAndClaims() throws {
        try TemporaryFolder.with { folder in
            let arguments = ["reproduce", "--figure", "2", "--quick", "--output", folder.file("out")]
            let run = try Command.run(arguments + ["--json"])
            #expect(run.status == 0, "\(run.errors)")
            let claims = try CSVTable(text: folder.text("out/claims.csv"))
            #expect(
                claims.columns == [
                    "figure", "claim", "criterion", "measured", "standardError", "control", "verdict", "controlModel", "reason",
                ])
            #expect(try (run.json()["claims"] as? [[String: Any]])?.count == claims.rows.count)
            #expect(!claims.rows.isEmpty)
            for file in ["figure2.svg", "figure2.csv", "provenance.json"] {
                #expect(FileManager.default.fileExists(atPath: folder.file("out/\(file)")), "\(file)")
            }
            #expect(try folder.text("out/provenance.json").contains("opencl"))
            let text = try Command.run(arguments + ["--force", "--quiet"])
            #expect(text.output.split(separator: "\n", omittingEmptySubsequences: false).count <= 11, "\(text.output)")
            #expect(text.output.contains("\(claims.rows.count) claims: ") && text.output.contains("report.html"))
            let verbose = try Command.run(arguments + ["--force", "--quiet", "--verbose"])
            #expect(verbose.output.contains("criterion") && verbose.output.contains("inflaton glossary explains: "))
            let again = try Command.run(arguments)
            #expect(again.status == 73 && again.errors.contains("--force"), "\(again.errors)")
        }
    }

    @Test(arguments: [(["--figure", "9"], "1, 2, 3"), (["--figure", "two"], "figure"), (["--seed", "-1"], "seed")])
    func refuses(options: [String], message: String) throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(["reproduce", "--output", folder.file("out")] + options)
            #expect(run.status == 64 && run.errors.contains(message), "\(run.status) \(run.errors)")
        }
    }

    @Test func plansEveryFigureWithoutWork() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(["reproduce", "--dry-run", "--output", folder.file("out")])
            #expect(run.status == 0)
            for figure in ["figure1: 7200 networks", "figure2: 18 networks", "figure3: 2604 networks"] {
                #expect(run.output.contains(figure), "\(run.output)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
        }
    }
}
