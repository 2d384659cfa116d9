import Compute
import Engines
import Foundation
import Networks
import Runs
import Stores
import TestSupport
import Testing

/// The documented queries, run by pandas and DuckDB on a store of ours.
@Suite struct SQLiteStorePythonTests {
    private struct Expected: Codable {
        let digest: String
        let width: Int
        let seed: UInt64
        let diverged: Bool
        let steps: [Int]
        /// Nil where they are not finite.
        let losses: [Double?]
        let outputs: [Double?]
        let kernel: [Double]

        init(_ run: Run, _ result: RunResult) {
            digest = RunIdentity.digest(run, precision: .float64).description
            width = run.architecture.widths[0]
            if case .seed(let seed) = run.source { self.seed = seed } else { seed = 0 }
            diverged = result.divergedAt != nil
            steps = result.recordedSteps
            losses = result.losses.map { $0.isFinite ? $0 : nil }
            outputs = result.recordedSteps.map { result.outputs(at: $0).first }.map { $0.map { $0.isFinite ? $0 : nil } ?? nil }
            kernel = result.initialKernel
        }
    }

    @Test(.timeLimit(.minutes(10))) func documentedQueriesGiveTheRightNumbers() throws {
        let folder = try TemporaryFolder(), engine = ReferenceEngine(), memory = MemoryStore()
        let recording = Recording(trajectory: .every(3), kernels: .ends, spectra: true, modes: true, matrices: true)
        var runs = try [4, 8, 16].flatMap { width in
            try (0..<5 as Range<UInt64>).map { try Run.small(seed: $0, width: width, steps: 10, points: 2, recording: recording) }
        }
        for index in runs.indices where index % 2 == 1 { runs[index].training?.loss = try .power(scale: 1e-3, minimum: 0.5) }
        // A step so long that it overflows.
        runs[7].training = Run.Training(
            loss: try .power(degree: 4, scale: 1e6, minimum: 5), schedule: try Schedule(learningRate: 1e3), steps: 10)
        try Scheduler(engine: engine, store: memory).execute(runs)
        do {
            let store = try SQLiteStore(folder.file("scan.sqlite"), engine)
            try Scheduler(engine: engine, store: store, planner: Planner(largestBatch: 4)).execute(runs)
        }
        try StoreReader(path: folder.file("scan.sqlite")).writeArchive(to: folder.file("runs.npz"), provenance: "")
        let expected = try runs.map { run in
            Expected(run, try #require(memory.result(for: run, RunIdentity.digest(run, precision: .float64))))
        }
        #expect(expected.count { $0.diverged } == 1)
        try JSONEncoder().encode(expected).write(to: URL(fileURLWithPath: folder.file("expected.json")))

        let process = Process(), output = Pipe()
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        process.executableURL = repository.appendingPathComponent("Scripts/test-python")
        process.arguments = [folder.path]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said.contains("queries on 15 runs"), "\(said)")
    }
}
