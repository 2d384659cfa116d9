import Foundation
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

    @Test func refusesADeviceThatIsNotThere() throws {
        let run = try Command.run(["doctor", "--device", "abacus"])
        #expect(run.status == 69 && run.errors.contains("no OpenCL device 'abacus'"), "\(run.errors)")
    }
}
