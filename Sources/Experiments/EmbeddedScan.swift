import Engines
import Runs
import ScanFiles

/// A file of the folder `Examples`, which the program carries: a source of runs whose seeds are counted from the user's.
struct EmbeddedScan: RunSource {
    private let file: ScanFile
    private let seed: UInt64

    /// - Parameters:
    ///   - name: of the file, without `.yaml`.
    ///   - quick: the part of the grid that the file names so.
    ///   - seed: added to every seed of the file, modulo 2⁶⁴.
    /// - Throws: `ScanFileError`.
    init(_ name: String, quick: Bool, seed: UInt64) throws {
        let source = "\(name).yaml"
        file = try ScanFile(text: embeddedFiles[source, default: ""], source: source, overrides: quick ? ["let quick=1"] : [])
        self.seed = seed
    }

    var count: Int { file.count }

    /// The candidates of one of the scans in the file.
    func candidates(ofScan index: Int) -> Range<Int> {
        let start = file.scans[..<index].reduce(0) { $0 + $1.count }
        return start..<start + file.scans[index].count
    }

    func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        switch try file.candidate(at: index, known: { try known(seeded($0)) }) {
        case .run(let run): .run(seeded(run))
        case .needs(let run): .needs(seeded(run))
        case let nothing: nothing
        }
    }

    private func seeded(_ run: Run) -> Run {
        guard case .seed(let own) = run.source else { return run }
        var run = run
        run.source = .seed(seed &+ own)
        return run
    }
}

extension RunSource {
    /// The results of all runs, or of those among some candidates, in order.
    /// - Throws: `ExperimentError`.
    func results(of candidates: Range<Int>? = nil, known: (Run) throws -> RunResult?, experiment: String) throws -> [RunResult] {
        var results: [RunResult] = [], missing = 0
        for index in candidates ?? 0..<count {
            switch try candidate(at: index, known: known) {
            case .run(let run): if let result = try known(run) { results.append(result) } else { missing += 1 }
            case .needs: missing += 1
            case .refused(let reason): throw ExperimentError.nothingToJudge(experiment: experiment, reason: reason)
            case .excluded: break
            }
        }
        guard missing == 0 else { throw ExperimentError.missingResults(experiment: experiment, count: missing) }
        return results
    }
}
