/// A small generator of 64-bit random numbers with a period of 2^64: Steele, Lea & Flood, "Fast splittable pseudorandom number
/// generators" (OOPSLA 2014). For resampling; never for weights, which have a generator of their own.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence that belongs to `seed`, the same on every machine.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next number of the sequence, any of 2^64.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Statistics {
    /// The bootstrap standard error of a statistic: its standard deviation over resamples of the values with replacement
    /// (Efron 1979).
    ///
    /// Index i of n is the high word of the 128-bit product of n and the next `SplitMix64` number; its bias is below n/2^64.
    /// - Parameters:
    ///   - resamples: how many resamples, at least 2; 1000 unless stated.
    ///   - seed: the same seed gives the same number everywhere.
    public static func bootstrapStandardError(
        of values: [Double], resamples: Int = 1000, seed: UInt64 = 0, statistic: ([Double]) throws -> Double
    ) throws -> Double {
        try check(values, atLeast: 1)
        return try bootstrapStandardError(count: values.count, resamples: resamples, seed: seed) { indices in
            try statistic(indices.map { values[$0] })
        }
    }

    /// The bootstrap standard error of a statistic of rows (pairs, for a correlation), which are resampled by their index.
    public static func bootstrapStandardError(
        count: Int, resamples: Int = 1000, seed: UInt64 = 0, statistic: (_ indices: [Int]) throws -> Double
    ) throws -> Double {
        guard count > 0 else { throw StatisticsError.tooFew(count: count, needed: 1) }
        guard resamples > 1 else { throw StatisticsError.tooFew(count: resamples, needed: 2) }
        var generator = SplitMix64(seed: seed)
        var results: [Double] = []
        results.reserveCapacity(resamples)
        for _ in 0..<resamples {
            let indices = (0..<count).map { _ in Int(UInt64(count).multipliedFullWidth(by: generator.next()).high) }
            results.append(try statistic(indices))
        }
        return try standardDeviation(results)
    }
}
