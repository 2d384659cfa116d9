import Foundation
import TestSupport
import Testing

/// `Scripts/measure`, which is run where time is short.
@Suite struct MeasureScriptTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Scripts/measure").path

    private func measure(_ arguments: [String], inflaton: String, in folder: TemporaryFolder) throws -> (status: Int32, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: Self.script)
        process.arguments = arguments
        // A Python that does nothing keeps the comparison from installing anything.
        process.environment = Command.variables.merging(["INFLATON": inflaton, "PYTHON": "/bin/true"]) { $1 }
        try Data().write(to: URL(filePath: folder.file("errors")))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.file("errors")))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try folder.text("errors"))
    }

    /// A command that writes down its arguments and then does what the script says.
    private func pretend(_ script: String, in folder: TemporaryFolder) throws -> String {
        let path = folder.file("inflaton")
        try Data("#!/bin/sh\necho \"$@\" >>'\(folder.file("calls"))'\n\(script)\n".utf8).write(to: URL(filePath: path))
        try #require(chmod(path, 0o755) == 0)
        return path
    }

    @Test func withoutTheDeviceNothingIsMeasured() throws {
        try TemporaryFolder.with { folder in
            let run = try measure(["--device", "abacus", folder.file("out")], inflaton: Command.binary().path, in: folder)
            #expect(run.status == 69 && run.errors.contains("no OpenCL device 'abacus'"), "\(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("out")) == ["device.txt"])
        }
    }

    @Test func everyStepDemandsTheDevice() throws {
        try TemporaryFolder.with { folder in
            let run = try measure(["--device", "gpu", folder.file("out")], inflaton: pretend("", in: folder), in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let calls = try folder.text("calls").split(separator: "\n")
            let ofRows = calls.filter { $0.contains("--launches") }, others = calls.filter { !$0.contains("--launches") }
            #expect(others.map { $0.split(separator: " ")[0] } == ["doctor", "doctor", "bench", "tune", "bench"])
            #expect(ofRows.count == 12 && ofRows.allSatisfy { $0.hasPrefix("bench ") })
            #expect(calls.allSatisfy { $0.contains("--device gpu") })
        }
    }

    @Test func failuresAreSaidAtOnceAndStopNoOther() throws {
        try TemporaryFolder.with { folder in
            let fails = "case \"$*\" in *dry-run*) ;; doctor*) echo a wrong number; exit 1 ;; esac"
            let run = try measure([folder.file("out")], inflaton: pretend(fails, in: folder), in: folder)
            #expect(run.status == 1 && run.errors.contains("doctor failed, it ended with 1") && run.errors.contains("a wrong number"))
            #expect(run.errors.contains("failed or left out: doctor;") && run.errors.contains("measure: bench-tuned"), "\(run.errors)")
        }
    }

    @Test func itEndsInItsTime() throws {
        try TemporaryFolder.with { folder in
            let sleeps = "case \"$*\" in *dry-run*) ;; *) exec sleep 60 ;; esac"
            let clock = ContinuousClock(), start = clock.now
            let run = try measure(["--seconds", "6", folder.file("out")], inflaton: pretend(sleeps, in: folder), in: folder)
            #expect(clock.now - start < .seconds(20))
            #expect(run.status == 1 && run.errors.contains("doctor failed, it took longer than the time left"), "\(run.errors)")
            #expect(run.errors.contains("no time is left for bench") && run.errors.contains("no time is left for tune"))
        }
    }

    @Test(arguments: [[], ["--device"], ["--device", "", "out"], ["--seconds", "x", "out"], ["--nonsense", "out"]])
    func wrongUseIsExplained(arguments: [String]) throws {
        try TemporaryFolder.with { folder in
            let run = try measure(arguments, inflaton: "/bin/true", in: folder)
            #expect(run.status == 64 && run.errors.hasPrefix("usage:"))
        }
    }
}
