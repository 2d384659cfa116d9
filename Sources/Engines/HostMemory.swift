import Arrays

/// The memory of this machine that results have to fit into.
public enum HostMemory {
    /// What this process may still take, `AvailableMemory.bytes`.
    public static var availableBytes: Int { AvailableMemory.bytes }

    /// Refuses what does not fit before any work.
    /// - Parameters:
    ///   - counts: numbers of 8 bytes, as factors of products that are added up; a sum that overflows never fits.
    ///   - what: the subject of the message, such as "the Jacobian".
    ///   - remedy: what to change.
    /// - Throws: `EngineError.doesNotFit`.
    public static func require(
        doubles counts: [[Int]], for what: String, remedy: String, available: Int = HostMemory.availableBytes
    ) throws(EngineError) {
        let bytes = bytes(ofDoubles: counts)
        guard bytes <= available else { throw .doesNotFit(what: what, asked: bytes, available: available, remedy: remedy) }
    }

    /// Bytes of Σ Π counts doubles; `Int.max` where that overflows.
    public static func bytes(ofDoubles counts: [[Int]]) -> Int {
        counts.reduce(0) { sum, factors in sum.plus(factors.reduce(8) { $0.times($1) }) }
    }
}
