/// A hash that is the same in every process: for names of files and for telling texts apart, not against forgery.
public struct Checksum: Sendable, Hashable, CustomStringConvertible {
    /// FNV-1a, 64 bits.
    public let value: UInt64

    /// Hashes bytes.
    public init(of bytes: some Sequence<UInt8>) {
        value = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// Hashes text.
    public init(of text: String) { self.init(of: text.utf8) }

    /// 16 hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
