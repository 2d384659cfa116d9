import Arrays
import Foundation
import TestSupport
import Testing

/// `inflaton learning`.
@Suite struct LearningCommandTests {
    /// Names, columns and files are an interface that scripts drive.
    @Test func writesFigureClaimsAndTable() throws {
        try TemporaryFolder.with { folder in
            let arguments = ["learning", "fokker-planck", "--quick", "--networks", "40000", "-o", folder.file("out")]
            let run = try Command.run(arguments + ["--json"])
            #expect(run.status == 0, "\(run.errors)")
            let claims = try #require(try run.json()["claims"] as? [[String: Any]])
            for claim in claims {
                for column in ["claim", "criterion", "measured", "standardError", "control", "verdict"] {
                    #expect(claim[column] != nil, "\(column)")
                }
            }
            let table = try CSVTable(text: folder.text("out/claims.csv"))
            #expect(table.rows.count == claims.count && !claims.isEmpty)
            #expect(
                table[column: "verdict"] == claims.compactMap { ($0["verdict"] as? String).map { .text($0) } })
            for file in ["fokker-planck.svg", "fokker-planck.csv", "provenance.json"] {
                #expect(FileManager.default.fileExists(atPath: folder.file("out/\(file)")), "\(file)")
            }
            #expect(try Command.run(arguments).status == 73)
        }
    }

    @Test(arguments: [
        (["string-theory"], 64, "fokker-planck"), (["fokker-planck", "--learning-rate", "9"], 64, "unstable"),
        (["quantumness", "--networks", "10"], 64, "40000"), (["spectrum", "--weight-decay", "0"], 65, "partition function"),
        (["fokker-planck", "--weight-decay", "-1"], 65, "partition function"),
    ])
    func refusesAndWritesNothing(options: [String], status: Int32, message: String) throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(["learning"] + options + ["-o", folder.file("out")])
            #expect(run.status == status && run.errors.contains(message), "\(run.status) \(run.errors)")
            #expect(folder.contents.isEmpty)
        }
    }
}
