import Foundation

/// The standard normal numbers from which initial weights are made: a pure function of seed, layer, stream and index, so a network
/// is the same whatever batch, shard, device or order it is made in.
///
/// Number `i` of a stream comes from block `i/2` of Philox with key = seed and counter = (index low, index high, layer, stream):
/// two uniforms of 53 bits, and Box–Muller, whose cosine gives even and whose sine gives odd `i`. Devices repeat this in float64;
/// their logarithm and cosine may differ from the host's in the last place.
public enum WeightStream {
    /// Part of a run's identity: changes whenever the numbers do.
    public static let version = 1

    /// What the numbers of one layer are for.
    public enum Stream: UInt32, Sendable {
        /// W_l, indexed in row-major order.
        case weight = 0
        /// b_l.
        case bias = 1
    }

    /// Number `index` of a stream.
    public static func normal(seed: UInt64, layer: Int, stream: Stream, index: Int) -> Double {
        let block = UInt64(index / 2)
        let words = Philox.block(
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
            counter: (UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), UInt32(layer), stream.rawValue))
        // (0, 1], so that the logarithm is finite.
        let radius = (-2 * log(uniform(words.0, words.1) + 0x1p-53)).squareRoot()
        let angle = 2 * Double.pi * uniform(words.2, words.3)
        return radius * (index.isMultiple(of: 2) ? cos(angle) : sin(angle))
    }

    private static func uniform(_ low: UInt32, _ high: UInt32) -> Double {
        Double((UInt64(high) << 32 | UInt64(low)) >> 11) * 0x1p-53
    }
}
