/// What a search found for one kernel.
public struct TuningOutcome: Sendable, Encodable {
    /// How a search ended.
    public enum Verdict: String, Sendable, Codable {
        /// Other values are faster than the portable ones by more than the noise.
        case tuned
        /// No values are.
        case portable
        /// The time ran out before any other values were compared.
        case undecided
        /// The device does not use the kernel.
        case unused
        /// The portable values themselves fail the check of accuracy, or cannot be run.
        case failed
    }

    /// A variant that was not timed, because its results are wrong or it cannot be run.
    public struct Exclusion: Sendable, Codable {
        public let parameters: [String: Int]
        /// Why.
        public let reason: String
    }

    public let kernel: TunableKernel
    /// How the search ended.
    public var verdict: Verdict = .undecided
    /// The portable values of the parameters that are searched.
    public let portable: [String: Int]
    /// The values to use.
    public var found: [String: Int]
    /// Time with `found` over time with `portable`, the median of turns made after the search; 1 where they are the same.
    public var ratio = 1.0
    /// The largest ratio below 1 that noise explains.
    public var threshold = 1.0
    /// Variants that were timed, besides the portable one.
    public var timed = 0
    /// Variants that were left out for their results.
    public var excluded: [Exclusion] = []
    /// Whether everything was tried that was to be.
    public var isComplete = false
    /// How long the search took.
    public var seconds = 0.0
    /// Why it failed or was not made.
    public var message: String?

    /// An outcome before anything is known.
    public init(_ kernel: TunableKernel, portable: [String: Int]) {
        self.kernel = kernel
        self.portable = portable
        found = portable
    }

    /// The values that differ from the portable ones.
    public var changes: [String: Int] { found.filter { portable[$0.key] != $0.value } }
}
