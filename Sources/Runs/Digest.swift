import COpenSSL

/// The SHA-256 of some bytes.
public struct Digest: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Hashes bytes.
    public init(of bytes: [UInt8]) { self = bytes.withUnsafeBytes { Digest(of: $0) } }

    /// Hashes doubles in little-endian order.
    package init(of values: [Double]) {
        // That is how they lie in the memory of all machines but few; points may be many, and are not copied.
        self = 1.littleEndian == 1 ? values.withUnsafeBytes { Digest(of: $0) } : Digest(of: values.littleEndianBytes)
    }

    /// Hashes bytes.
    package init(of bytes: UnsafeRawBufferPointer) {
        words = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            inflaton_sha256(bytes.baseAddress, bytes.count, digest.assumingMemoryBound(to: UInt8.self).baseAddress)
            return Self.words(of: UnsafeRawBufferPointer(digest))
        }
    }

    /// Takes 32 bytes as they are; nil for any other number.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        words = Array(bytes).withUnsafeBytes { Self.words(of: $0) }
    }

    private static func words(of bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        func word(_ index: Int) -> UInt64 { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)) }
        return (word(0), word(1), word(2), word(3))
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
    }

    /// The 32 bytes, without a copy on the heap.
    package func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian), body)
    }

    /// 64 hexadecimal digits.
    public var description: String {
        [words.0, words.1, words.2, words.3].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Equal in all 32 bytes.
    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }
    /// In the order of the hexadecimal digits.
    public static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }
    /// A part of a cryptographic hash is a hash.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension [Double] {
    /// Their bit patterns, 8 bytes each, least significant first.
    package var littleEndianBytes: [UInt8] { map(\.bitPattern.littleEndian).withUnsafeBytes { Array<UInt8>($0) } }

    /// Reads such bytes; a rest of less than 8 is left out.
    package init(littleEndianBytes bytes: UnsafeRawBufferPointer) {
        self = (0..<bytes.count / 8).map {
            Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
        }
    }
}
