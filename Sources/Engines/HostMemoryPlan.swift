import Arrays

/// What a piece of work takes of this machine's memory, by what it takes it for: made of sizes alone, before anything is allocated.
public struct HostMemoryPlan: Sendable, Hashable, Codable {
    /// Memory for one thing.
    public struct Part: Sendable, Hashable, Codable {
        /// What it is for, such as "outputs at 501 steps".
        public let what: String
        /// Bytes; `Int.max` where the size overflows.
        public let bytes: Int
        /// What would make it smaller.
        public let remedy: String

        public init(_ what: String, bytes: Int, remedy: String) {
            self.what = what
            self.bytes = bytes
            self.remedy = remedy
        }
    }

    /// The parts, the largest first.
    public let parts: [Part]
    /// The sum of their bytes; `Int.max` where it overflows, which never fits.
    public let bytes: Int

    /// A plan of parts in any order; those of no bytes are left out.
    public init(_ parts: [Part]) {
        self.parts = parts.filter { $0.bytes > 0 }.sorted { $0.bytes > $1.bytes }
        bytes = parts.reduce(0) { $0.plus($1.bytes) }
    }

    /// Refuses what does not fit before any work, and says what takes the most.
    /// - Parameters:
    ///   - what: the subject of the message, such as "a run".
    ///   - available: default: what this machine has.
    /// - Throws: `EngineError.doesNotFit`.
    public func require(for what: String, available: Int = HostMemory.availableBytes) throws(EngineError) {
        guard bytes > available, let largest = parts.first else { return }
        throw .doesNotFit(
            what: parts.count == 1 ? "\(what) (\(largest.what))" : "\(what) (most of all \(largest.what))", asked: bytes,
            available: available,
            remedy: largest.remedy)
    }
}
