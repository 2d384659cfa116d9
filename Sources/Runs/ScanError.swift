/// Why a scan cannot go on.
public enum ScanError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Engines of different precision were given for one scan.
    case differingPrecisions
    /// A source of runs said different things of one candidate: an error of the program.
    case unsteadySource(index: Int)
    /// Candidates wait for results that are said to be there but do not come.
    case noProgress(waiting: Int, first: Int)

    /// One sentence: the value, the limit, the remedy.
    public var description: String {
        switch self {
        case .differingPrecisions: "all devices of a scan must compute in the same precision; give --precision"
        case .unsteadySource(let index): "candidate \(index) of the scan changed while it was planned; please report this"
        case .noProgress(let waiting, let first):
            "\(waiting) candidates of the scan, the first of them number \(first), wait for results that the store has but does not give; "
                + "try 'inflaton verify' on it, or use another store"
        }
    }
}
