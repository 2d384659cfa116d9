import Arrays
import Foundation
import TestSupport
import Testing

/// Outputs are named by whatever a user types.
@Suite struct PathTests {
    @Test func anyNameIsWritten() throws {
        let temporary = try TemporaryFolder(), folder = temporary.path
        for name in ["q", "ab", "sub//q", "sub/./z", "ü"] {
            let path = folder + "/" + name
            let output = OutputFolder(path)
            try output.check(["a"], overwrite: false)
            try output.create()
            try AtomicFile.write("text", to: output.file("a"))
            #expect(try String(contentsOfFile: path + "/a", encoding: .utf8) == "text")
            #expect(throws: FileError.outputExists(path: output.file("a"))) { try output.check(["a"], overwrite: false) }
        }
        withExtendedLifetime(temporary) {}
    }

    /// Names of one character in the current folder and in the root, which need no write to be judged.
    @Test(arguments: ["q", "/q", "//q", "./q", "q/"]) func shortNamesAreJudged(name: String) {
        // Either answer is right, depending on who asks and where; a trap is not.
        _ = try? AtomicFile.check(name)
        _ = try? OutputFolder(name).check(["a"], overwrite: false)
        #expect(OutputFolder(name).file("a") == (name.hasSuffix("/") ? name : name + "/") + "a")
    }
}
