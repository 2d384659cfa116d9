/// Runs by number, made when they are asked for, so that a million of them need no memory.
public protocol RunSource: Sendable {
    /// How many candidates there are, at most 2147483647; they are numbered from 0.
    var count: Int { get }
    /// What is to be done for a candidate, as far as it is known: a pure function of the number and of the results that `known` has.
    func candidate(at index: Int, known: (Run) throws -> RunResult?) throws -> Candidate
}

/// What a candidate of a scan turns out to be.
public enum Candidate: Sendable {
    case run(Run)
    /// Another run has to be known first, because parameters or filters depend on what it measures; then the candidate is asked again.
    case needs(Run)
    /// A filter leaves it out.
    case excluded
    /// It cannot be: one of its values is impossible. The sentence names key, value, limit and remedy. Others go on.
    case refused(String)
}

/// Runs that are known in full.
public struct RunList: RunSource {
    /// The runs; repeats are allowed.
    public let runs: [Run]

    /// A list of runs.
    public init(_ runs: [Run]) { self.runs = runs }

    /// The number of runs.
    public var count: Int { runs.count }

    public func candidate(at index: Int, known: (Run) throws -> RunResult?) -> Candidate { .run(runs[index]) }
}

/// Every `of`-th candidate of a source, beginning with number `index`: the share of one job of a cluster.
public struct Shard: RunSource {
    /// What is shared out.
    public let source: any RunSource
    /// Which share, from 0.
    public let index: Int
    /// The number of shares.
    public let of: Int

    /// A share; 0 ≤ index < of, where `of` may be any number of shares: those beyond the source's candidates are empty.
    public init(_ source: any RunSource, index: Int, of: Int) {
        self.source = source
        self.index = index
        self.of = of
    }

    // outside: index, of
    /// The number of candidates of this share.
    public var count: Int {
        // bounded: index < source.count, so that the quotient is smaller still
        index < source.count ? (source.count - 1 - index) / of + 1 : 0
    }

    public func candidate(at number: Int, known: (Run) throws -> RunResult?) throws -> Candidate {
        // bounded: number < count, so that this is below source.count
        try source.candidate(at: index + number * of, known: known)
    }
}
