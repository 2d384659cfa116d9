import Engines
import Experiments
import Foundation
import OpenCL
import Runs
import ScanFiles
import Testing

/// The scan files of the figures give the runs of the figures, no more and no less.
@Suite(.serialized) struct ScanFileExampleTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Examples").standardized
        .path

    private func file(_ name: String) throws -> ScanFile { try ScanFile(contentsOf: "\(Self.folder)/\(name).yaml") }

    /// The identities of what a scan computes, as far as it is known.
    private func digests(_ source: some RunSource, known: (Run) throws -> RunResult?) throws -> Set<Digest> {
        var digests: Set<Digest> = []
        for index in 0..<source.count {
            switch try source.candidate(at: index, known: known) {
            case .run(let run), .needs(let run): digests.insert(RunIdentity.digest(run, precision: .float64))
            case .excluded: break
            case .refused(let reason): Issue.record("\(reason)")
            }
        }
        return digests
    }

    private func digests(_ runs: [Run]) -> Set<Digest> { Set(runs.map { RunIdentity.digest($0, precision: .float64) }) }

    /// What can be said before anything is computed.
    @Test(arguments: 1...6) func firstRoundsAreEqual(figure: Int) throws {
        let experiment = try #require(ExperimentRegistry.figure(figure, quick: false, seed: 0))
        #expect(try digests(file("figure\(figure)"), known: { _ in nil }) == digests(experiment.runs { _ in nil }))
    }

    /// Figures 2 and 3 name runs by what the first round measures.
    @Test(arguments: [2, 3]) func secondRoundsAreEqual(figure: Int) throws {
        let device = try #require(try Device.select("opencl", environment: [:]))
        let engine = try OpenCLEngine(context: Context(device: device), precision: .float64, tuning: .portable)
        let scheduler = Scheduler(engine: engine, store: MemoryStore())
        let experiment = try #require(ExperimentRegistry.figure(figure, quick: false, seed: 0)), source = try file("figure\(figure)")
        // Only the networks that are not trained: the rest would take minutes.
        let networks = try experiment.runs { _ in nil }.filter { $0.training == nil }
        #expect(try scheduler.execute(networks))
        // The scan has no use for the networks but to measure them; the experiment lists them.
        let expected = try digests(experiment.runs(known: scheduler.result(for:)))
        #expect(try digests(source, known: scheduler.result(for:)).union(digests(networks)) == expected)
        #expect(expected.count > digests(try experiment.runs { _ in nil }).count)
    }

    /// The first scan of the README is computed as it stands.
    @Test func firstScan() throws {
        let file = try file("first-scan")
        #expect(file.count == 5 * 3 * 2 * 10)
        #expect(try digests(file, known: { _ in nil }).count == file.count)
    }
}
