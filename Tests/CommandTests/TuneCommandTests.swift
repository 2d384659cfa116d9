import Foundation
import TestSupport
import Testing

@Suite struct TuneCommandTests {
    /// A cache of its own, and parameters that are used where they are stored.
    private func variables(_ folder: TemporaryFolder, tuning: String = "stored") -> [String: String] {
        ["INFLATON_CACHE": folder.file("cache"), "INFLATON_TUNING": tuning]
    }

    private func tables(_ folder: TemporaryFolder) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.file("cache"))) ?? []).filter { $0.hasPrefix("tuning-") }
    }

    @Test func searchesAndRemembers() throws {
        try TemporaryFolder.with { folder in
            let variables = variables(folder), precision = ["--precision", "float32"]
            let json = try Command.run(["tune", "--kernel", "tangent", "--seconds", "1", "--json"] + precision, environment: variables)
                .json()
            let kernels = try #require(json["kernels"] as? [[String: Any]])
            #expect(kernels.count == 1 && kernels[0]["kernel"] as? String == "tangent")
            let verdict = try #require(kernels[0]["verdict"] as? String), path = try #require(json["path"] as? String)
            #expect(["tuned", "portable", "undecided"].contains(verdict))
            #expect((kernels[0]["portable"] as? [String: Any])?["tangentRows"] is Int)
            // On a busy machine a second is too short for a single variant, and then nothing is written.
            #expect(tables(folder).count == (verdict == "undecided" ? 0 : 1))
            #expect(json["outputs"] as? [String] == (verdict == "undecided" ? [] : [path]))
            #expect((json["digest"] as? String != nil) == (verdict == "tuned"))
            let shown = try Command.run(["tune", "--show", "--json"] + precision, environment: variables).json()
            #expect((shown["kernels"] as? [String: Any])?.keys.sorted() == (verdict == "undecided" ? [] : ["tangent"]))
            let driver = (shown["engine"] as? [String: Any])?["driver"] as? String ?? ""
            #expect(driver.contains(", tuned ") == (verdict == "tuned"), "\(driver)")

            // Somebody edits the table.
            try FileManager.default.createDirectory(atPath: folder.file("cache"), withIntermediateDirectories: true)
            try Data("{".utf8).write(to: URL(filePath: path))
            let damaged = try Command.run(["tune", "--show"] + precision, environment: variables)
            #expect(damaged.status == 0 && damaged.errors.contains("warning: ") && damaged.errors.contains(path), "\(damaged.errors)")
            #expect(damaged.output.contains("portable"))
            let off = try Command.run(
                ["bench", "gemm", "--width", "9", "--repeats", "1"] + precision, environment: self.variables(folder, tuning: "portable"))
            #expect(off.status == 0 && !off.errors.contains(path), "\(off.errors)")
            let dry = try Command.run(["tune", "--forget", "--dry-run"] + precision, environment: variables)
            #expect(dry.status == 0 && dry.output.contains("would remove") && tables(folder).count == 1)
            let forgotten = try Command.run(["tune", "--forget"] + precision, environment: variables)
            #expect(forgotten.status == 0 && forgotten.output.contains("removed \(path)") && tables(folder).isEmpty)
        }
    }

    @Test func saysWhatItWouldDo() throws {
        try TemporaryFolder.with { folder in
            let run = try Command.run(["tune", "--dry-run", "--kernel", "update", "forward"], environment: variables(folder))
            #expect(run.status == 0 && run.output.contains("panelSums") && run.output.contains("stagedBlock"), "\(run.output)")
            #expect(!run.output.contains("tangentRows") && run.output.contains("2 min 0 s") && tables(folder).isEmpty)
        }
    }

    @Test func refusesWhatItCannotDo() throws {
        for arguments in [
            ["--kernel", "everything"], ["--seconds", "0"], ["--seconds", "nan"], ["--show", "--forget"], ["--show", "--kernel", "update"],
        ] {
            let run = try Command.run(["tune"] + arguments)
            #expect(run.status == 64 && run.output.isEmpty, "\(arguments): \(run.errors)")
        }
        let reference = try Command.run(["tune", "--device", "reference"])
        #expect(reference.status == 69 && reference.errors.contains("--device"))
        let folder = try Command.run(
            ["tune", "--kernel", "update", "--seconds", "1", "--precision", "float32"], environment: ["INFLATON_CACHE": "/dev/null/cache"])
        #expect([0, 73].contains(folder.status) && (folder.status == 0) == folder.output.contains("nothing was written"))
    }

    @Test func anInterruptedSearchLeavesNothing() throws {
        try TemporaryFolder.with { folder in
            let process = try Command.start(["tune", "--kernel", "tangent"], environment: variables(folder), log: folder)
            let deadline = Date().addingTimeInterval(60)
            while !(try folder.text("errors").contains("engine:")), process.isRunning, Date() < deadline { usleep(5000) }
            process.interrupt()
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 130)
            #expect(tables(folder).isEmpty)
        }
    }
}
