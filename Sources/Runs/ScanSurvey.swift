import Engines

/// The plan of a scan, or, where looking at every candidate would take long, of candidates that are evenly spread over all of them.
public struct ScanSurvey: Sendable {
    /// The plan of the candidates that were looked at.
    public let plan: ScanPlan
    /// Candidates of the scan.
    public let candidates: Int
    /// Candidates that were looked at; the first and the last are among them.
    public let examined: Int
    /// How long their plan took.
    public let secondsOfPlanning: Double
    /// What the scan as a whole takes of the host's memory.
    public let hostMemory: HostMemoryPlan

    /// Whether every candidate was looked at, so that the plan is that of the scan.
    public var isComplete: Bool { examined == candidates }

    /// Candidates that are looked at, at the most: their plan takes some 400 MB.
    private static let most = 2_000_000
    /// Seconds that the last look may take by what the one before took.
    private static let patience = 2.0
    /// Scans of up to so many candidates are looked at as a whole, even if that takes longer.
    private static let few = (candidates: 10_000, seconds: 5.0)

    /// Looks at one candidate, then at more as long as that is quick, and at all of them if it is.
    /// - Throws: errors of the source.
    public init(_ source: any RunSource, _ scheduler: Scheduler) throws {
        let count = source.count
        var size = min(1, count)
        while true {
            let start = ContinuousClock.now
            let plan = try scheduler.plan(source, candidates: Self.spread(size, over: count))
            let seconds = (ContinuousClock.now - start) / .seconds(1), each = seconds / Double(max(1, size))
            let isFew = count <= Self.few.candidates && each * Double(count) <= Self.few.seconds
            // bounded: by `most`, of positive times
            let affordable = isFew ? count : min(Self.most, count, Int(min(Self.patience / max(each, 1e-9), Double(Self.most))))
            let next = affordable == count ? count : min(8 * size, affordable)
            guard size < count, next > size else {
                self.plan = plan
                secondsOfPlanning = seconds
                candidates = count
                examined = size
                hostMemory = plan.hostMemory(candidates: count)
                return
            }
            size = next
        }
    }

    /// So many numbers from 0 up to a count, ascending, with both ends.
    static func spread(_ size: Int, over count: Int) -> [Int32] {
        // bounded: see RunSource.count, and a size of some thousands times it is far from overflowing
        guard size < count else { return Array(0..<Int32(count)) }
        // bounded: as above
        return (0..<size).map { Int32(size == 1 ? 0 : $0 * (count - 1) / (size - 1)) }
    }
}
