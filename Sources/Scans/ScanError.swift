/// Why a scan cannot go on.
public enum ScanError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Engines of different precision were given for one scan.
    case differingPrecisions
    /// A source of runs said different things of one candidate: an error of the program.
    case unsteadySource(index: Int)

    /// One sentence: the value, the limit, the remedy.
    public var description: String {
        switch self {
        case .differingPrecisions: "all devices of a scan must compute in the same precision; give --precision"
        case .unsteadySource(let index): "candidate \(index) of the scan changed while it was planned; please report this"
        }
    }
}
