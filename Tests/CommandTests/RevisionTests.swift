import Arrays
import Foundation
import TestSupport
import Testing

/// Outputs carry the commit that the binary was built from, whatever is around it when it runs.
@Suite struct RevisionTests {
    private func git(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", URL(filePath: #filePath).deletingLastPathComponent().path] + arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test func theRevisionIsBuiltIn() throws {
        try TemporaryFolder.with { folder in
            // A folder that is a checkout of something else, and a variable, neither of which says what was built.
            let arguments = try SmallNetwork().command(in: folder)
            let run = try Command.run(
                arguments, environment: ["INFLATON_REVISION": "banana", "GIT_DIR": folder.file("other")],
                through: ["env", "--chdir=\(folder.path)"])
            #expect(run.status == 0, "\(run.errors)")
            let text = try NumericArchive(path: folder.file("out.npz")).text("provenance")
            let provenance = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let revision = try #require(provenance["revision"] as? String)
            if try git(["rev-parse", "HEAD"]).status == 0 {
                let commit = revision.replacing("-dirty", with: "")
                #expect(try git(["cat-file", "-t", commit + "^{commit}"]).output == "commit", "\(revision)")
            } else {
                #expect(revision == "unknown")
            }
        }
    }
}
