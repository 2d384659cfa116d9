import Foundation
import Networks
import Runs

/// Random values by number: value i is a function of seed, key and i alone, so that it stays when a file gains keys or more samples.
///
/// Philox 4×32-10 with key = seed and counter = (i low, i high, FNV-1a of the key's name, `SCAN`) gives two uniforms of 53 bits. Values are
/// rounded to 12 significant digits, so that they are the same whatever C library takes the logarithm.
struct ScanDraw: Sendable {
    let seed: UInt64
    let stream: UInt32
    let distribution: Distribution
    let isInteger: Bool

    enum Distribution: Sendable, Equatable {
        case uniform(from: Double, to: Double)
        case logUniform(from: Double, to: Double)
        case normal(mean: Double, deviation: Double)
    }

    init(key: String, seed: UInt64, distribution: Distribution, isInteger: Bool) {
        self.seed = seed
        self.distribution = distribution
        self.isInteger = isInteger
        stream = key.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }  // bounded: $1 is a byte
    }

    func value(_ index: Int) -> Double {
        let words = Philox.block(
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
            counter: (UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), stream, 0x5343_414E))
        func uniform(_ low: UInt32, _ high: UInt32) -> Double { Double((UInt64(high) << 32 | UInt64(low)) >> 11) * 0x1p-53 }
        let u = uniform(words.0, words.1)
        let value: Double
        switch distribution {
        case .uniform(let from, let to):
            // Both ends of whole numbers are as likely as the others.
            if isInteger { return min((from + u * (to - from + 1)).rounded(.down), to) }
            value = from + u * (to - from)
        case .logUniform(let from, let to): value = from * exp(u * log(to / from))
        case .normal(let mean, let deviation):
            value = mean + deviation * (-2 * log(u + 0x1p-53)).squareRoot() * cos(2 * .pi * uniform(words.2, words.3))
        }
        return isInteger ? value.rounded() : SignificantDigits.round(value)
    }
}

/// Rounding to decimals, so that 0.1 · 3 is the 0.3 that a person would write, and the last place does not depend on the C library.
enum SignificantDigits {
    /// 12 significant digits of `magnitude`, by default of the value itself.
    static func round(_ value: Double, of magnitude: Double? = nil) -> Double {
        let size = abs(magnitude ?? value)
        guard size > 0, size.isFinite else { return value }
        let places = 11 - Int(log10(size).rounded(.down))  // bounded: a logarithm
        guard abs(places) < powers.count else { return value }
        return places >= 0 ? (value * powers[places]).rounded() / powers[places] : (value / powers[-places]).rounded() * powers[-places]
    }

    /// 10^0 to 10^22 are exact.
    private static let powers: [Double] = (0...22).map { pow(10, Double($0)) }
}
