import Foundation
import Networks

/// The standard normal numbers of lessons: a pure function of seed, site, step and recording, the same in any batch on any device but for
/// the rounding of its logarithm and cosine.
///
/// Four recordings come from one block of Philox 4×32-10 with key = seed and counter = (site, step, recording / 4, stream): two pairs of
/// words, each of which gives uniforms u = (⌊word/2⁹⌋ + ½)/2²³, exact in 32 bits, and by Box–Muller two numbers, √(−2 ln u) times cosine and
/// sine of 2πu′.
package enum LatticeNoise {
    /// What numbers are for. Weights have streams 0 and 1.
    package enum Stream: UInt32, Sendable {
        /// The states from which a recording starts.
        case inputs = 16
        /// The noise of recordings.
        case recordings = 17
    }

    /// The numbers of recordings 4·quad to 4·quad + 3.
    package static func normals(
        seed: UInt64, site: Int, step: Int, quad: Int, _ stream: Stream
    ) -> (Double, Double, Double, Double) {
        let words = Philox.block(
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
            counter: (
                UInt32(truncatingIfNeeded: site), UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: quad), stream.rawValue
            ))
        let first = pair(words.0, words.1), second = pair(words.2, words.3)
        return (first.0, first.1, second.0, second.1)
    }

    private static func pair(_ size: UInt32, _ direction: UInt32) -> (Double, Double) {
        let radius = (-2 * log(uniform(size))).squareRoot(), angle = 2 * Double.pi * uniform(direction)
        return (radius * cos(angle), radius * sin(angle))
    }

    private static func uniform(_ word: UInt32) -> Double { (Double(word >> 9) + 0.5) * 0x1p-23 }
}
