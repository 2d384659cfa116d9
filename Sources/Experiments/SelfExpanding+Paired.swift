import Arrays
import Duality
import Engines
import Figures
import Networks
import Runs

extension SelfExpanding {
    /// The runs of the scan, and after them those of the e-folds at width 128 once more, each from the difference of two equal halves: f = 0
    /// and κ = g·Hg = 0 at the start, whatever the seed.
    struct Starts: RunSource {
        let scan: EmbeddedScan

        static let pairedWidth = 128

        private var plain: Range<Int> { scan.candidates(ofScan: 3) }
        /// The candidates that start so.
        var paired: Range<Int> { scan.count..<count }
        var count: Int { scan.count + plain.count }

        func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
            guard index >= scan.count else { return try scan.candidate(at: index, known: known) }
            let plain = try scan.candidate(at: plain.lowerBound + index - scan.count) { try Self.paired($0).flatMap(known) }
            return switch plain {
            case .run(let run): try Self.paired(run).map(Candidate.run) ?? .excluded
            case .needs(let run): try Self.paired(run).map(Candidate.needs) ?? .excluded
            case let nothing: nothing
            }
        }

        /// The run from a paired start; nil of another width.
        private static func paired(_ run: Run) throws -> Run? {
            guard case .seed(let seed) = run.source, run.width == pairedWidth else { return nil }
            var run = run
            run.source = .weights(
                try Weights.centred(
                    seed: seed, other: seed, width: pairedWidth, depth: 1, activation: run.architecture.activation, amplitude: 0
                ).weights)
            return run
        }
    }

    /// What the plain start misses at this width, from the other one. All are of one degree.
    func pairedClaims(_ paired: [EFoldsError], plain: [EFoldsError], _ networks: [Training], _ degree: Int) throws -> [Claim] {
        let width = Starts.pairedWidth
        let missed = try Statistics.median(plain.filter { $0.width == width }.map(\.error))
        return try followingClaims(
            paired, networks, "φ^\(degree), width \(width), from a paired start with f = 0",
            detail: "e-folds from the plain start are off by \(Claim.number(100 * missed)) %")
    }
}
