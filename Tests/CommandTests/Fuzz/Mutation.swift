import Foundation

/// SplitMix64: the same case from the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// What happens to files on their way: bits that turn, pieces that are lost or come twice, numbers that somebody has made extreme.
enum Mutation {
    /// Integers at the edges of their types, and what arithmetic on them overflows.
    private static let edges: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF, 0x2000_0000_0000_0000,
    ]

    /// Words that files of every format hold, or should not.
    static let words = [
        "0", "-1", "1e9", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551616", "1e308", "1e400", "-1e400", "1e-320", "nan", ".inf", "-.inf", "0x10", "1_000", "~", "null", "true", "relu",
        "sigma",
        "\"\"", "[]", "{}", "[1, 2]", "{a: 1}", "&a [*a]", "*a", "\u{0}", "\u{1B}[31m", "é", "1 / 0", "0 / 0", "2 ^ 2 ^ 2 ^ 99",
        "((((((((1", "- - - 1",
        "{from: 0, to: 1, count: 1000000000}", "{from: 1, to: 1, count: 3, spacing: log}", "{uniform: [0, 1]}",
    ]

    /// One to four changes to bytes.
    static func bytes(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[at] = .random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(at...)
            case 3: bytes.removeSubrange(at..<min(bytes.count, at + .random(in: 1...64, using: &random)))
            case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + .random(in: 1...64, using: &random))], at: at)
            case 5: for index in at..<min(bytes.count, at + 4096) { bytes[index] = 0 }
            case 6:
                let size = [2, 4, 8].randomElement(using: &random)!, edge = edges.randomElement(using: &random)!
                for index in 0..<size where at + index < bytes.count {
                    bytes[at + index] = UInt8(truncatingIfNeeded: edge >> (8 * UInt64(index)))
                }
            default:
                bytes.insert(
                    contentsOf: (0..<Int.random(in: 1...16, using: &random)).map { _ in .random(in: 0...255, using: &random) }, at: at)
            }
        }
        return bytes
    }

    /// One to three changes to the tokens of a text.
    static func text(_ original: String, _ random: inout SeededGenerator) -> String {
        var text = original
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            var tokens = Self.tokens(of: text)
            guard let at = tokens.indices.randomElement(using: &random) else { return text }
            switch Int.random(in: 0..<9, using: &random) {
            case 0, 1, 2, 3:
                // A number, a name or a mark becomes another.
                let visible = tokens.indices.filter { !tokens[$0].allSatisfy(\.isWhitespace) }
                tokens[visible.randomElement(using: &random) ?? at] = words.randomElement(using: &random)!
            case 4: tokens.remove(at: at)
            case 5: tokens.insert(tokens.randomElement(using: &random)!, at: at)
            case 6: tokens.swapAt(at, tokens.indices.randomElement(using: &random)!)
            case 7:
                // A line comes twice.
                var lines = text.components(separatedBy: "\n")
                lines.insert(lines.randomElement(using: &random)!, at: .random(in: 0...lines.count, using: &random))
                tokens = [lines.joined(separator: "\n")]
            default: tokens[at] = String(repeating: tokens[at], count: .random(in: 2...3000, using: &random))
            }
            text = tokens.joined()
        }
        return text
    }

    /// Words, numbers, blanks and marks, which together are the text.
    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var last = -1
        for character in text {
            let sort = character.isLetter || character.isNumber || character == "." ? 0 : character.isWhitespace ? 1 : 2
            if sort == last, sort != 2 { tokens[tokens.count - 1].append(character) } else { tokens.append(String(character)) }
            last = sort
        }
        return tokens
    }
}
