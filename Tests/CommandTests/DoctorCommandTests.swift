import Foundation
import TestSupport
import Testing

@Suite struct DoctorCommandTests {
    /// Without a driver nothing is compiled, so that this is fast; the checks of devices have tests of their own.
    @Test func checksTheReferenceEngineWithoutDriver() throws {
        let run = try Command.run(["doctor"], environment: Command.withoutDrivers)
        #expect(run.status == 0)
        #expect(run.errors.contains("no OpenCL driver was found") && run.errors.contains("pocl-opencl-icd"), "\(run.errors)")
        let last = try #require(run.output.split(separator: "\n").last)
        let words = last.split(separator: " ")
        #expect(words.count == 4 && words[1] == "passed," && words[3] == "failed", "\(last)")
        #expect(try #require(Int(words[0])) > 0 && words[2] == "0")
        #expect(run.output.contains("reference"))
    }

    @Test func countsInJSON() throws {
        struct Report: Decodable {
            let passed, failed: Int
            let warnings: [String]
        }
        let run = try Command.run(["doctor", "--json"], environment: Command.withoutDrivers)
        let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        #expect(report.passed > 0 && report.failed == 0 && report.warnings.count == 1)
    }

    @Test(arguments: [["--device", "0"], ["--device", "opencl"], ["--device", "gpu"], ["--precision", "float32"]])
    func withoutDriverWhatWasAskedForIsUnavailable(_ options: [String]) throws {
        let run = try Command.run(["doctor"] + options, environment: Command.withoutDrivers)
        #expect(run.status == 69 && run.output.isEmpty, "\(run.status) \(run.output)")
        #expect(run.errors.contains("no OpenCL driver was found") && run.errors.contains("pocl-opencl-icd"), "\(run.errors)")
        #expect(!run.errors.contains("warning"), "\(run.errors)")
    }

    /// A failure is on standard error while the checks go on, and among the findings at the end.
    @Test func failuresAreSaidWhenTheyHappen() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(
                ["doctor", "--device", "opencl", "--precision", "float32"], environment: ["INFLATON_KERNELS": folder.path])
            #expect(run.status == 1)
            let said = run.errors.split(separator: "\n").filter { $0.contains("FAILED ") }
            let findings = run.output.split(separator: "\n").filter { $0.contains("FAILED ") }
            #expect(said.count == findings.count && said.count > 20)
            #expect(try #require(run.output.split(separator: "\n").last) == "0 passed, \(said.count) failed")
        }
    }

    @Test func allAreMoreThanTheUsual() throws {
        func count(_ options: String...) throws -> Int {
            let run = try Command.run(["doctor", "--dry-run"] + options)
            let words = try #require(run.output.split(separator: "\n").last).split(separator: " ")
            return try #require(words.count == 4 ? Int(words[2]) : nil, "\(run.output)")
        }
        let usual = try count(), all = try count("--all")
        #expect(usual > 60 && all > 2 * usual)
        #expect(try count("--device", "reference") == count("--device", "reference", "--all"))
    }

    @Test func refusesADeviceThatIsNotThere() throws {
        let run = try Command.run(["doctor", "--device", "abacus"])
        #expect(run.status == 69 && run.errors.contains("no OpenCL device 'abacus'"), "\(run.errors)")
    }
}
