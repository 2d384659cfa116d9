import Foundation
import TestSupport
import Testing

/// What `learning` says of lattices that cannot be, and leaves behind.
@Suite struct LearningLatticeTests {
    @Test(arguments: [
        (["lorentz", "--coupling", "1.5"], "coupling A"), (["lorentz", "--coupling", "-1"], "coupling A"),
        (["geodesic", "--mass-squared", "-0.1"], "mass M"), (["einstein", "--coupling", "0.34"], "coupling A"),
        (["geodesic", "--width", "500"], "width"), (["lorentz", "--width", "nan"], "width"),
    ]) func nothingIsWrittenOfUnstableLattices(arguments: [String], word: String) throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(["learning"] + arguments + ["-o", folder.file("out")])
            #expect(run.status == 64 && run.errors.contains(word) && run.errors.contains("but must be"))
            #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
        }
    }
}
