/// A stored member of a zip file, and the records that the file has of it (APPNOTE.TXT 6.3, sections 4.3 and 4.5.3).
///
/// Sizes and offsets are given in 64 bits for every member: what they are is known only once they are written, and headers must not grow.
struct ZipRecord {
    /// In the archive, `.npy` included.
    let name: String
    /// Where its local header begins.
    let offset: Int
    /// Bytes of the member, which is not compressed.
    let bytes: Int
    /// CRC-32 of them.
    let checksum: UInt32

    private static let version: UInt16 = 45, storing: UInt16 = 0, namesInUTF8: UInt16 = 1 << 11, elsewhere: UInt32 = .max
    /// 1 January 1980, the first date a zip file knows: the same content gives the same bytes.
    private static let time: UInt16 = 0, date: UInt16 = 0x21

    /// Bytes of a local header.
    static func localLength(_ name: String) -> Int { 30 + name.utf8.count + 20 }

    /// What stands before the member's bytes.
    var localHeader: [UInt8] {
        Self.words(0x0403_4b50) + Self.halves(Self.version) + common(extraBytes: 20) + Array(name.utf8) + Self.halves(1, 16)
            + Self.longs(bytes, bytes)
    }

    private var directoryEntry: [UInt8] {
        // No comment, the first disk, no attributes.
        Self.words(0x0201_4b50) + Self.halves(Self.version, Self.version) + common(extraBytes: 28) + Self.halves(0, 0, 0)
            + Self.words(0, Self.elsewhere) + Array(name.utf8) + Self.halves(1, 24) + Self.longs(bytes, bytes, offset)
    }

    private func common(extraBytes: UInt16) -> [UInt8] {
        Self.halves(Self.namesInUTF8, Self.storing, Self.time, Self.date) + Self.words(checksum, Self.elsewhere, Self.elsewhere)
            + Self.halves(UInt16(clamping: name.utf8.count), extraBytes)
    }

    /// What ends a file whose members are these: its directory, which begins at `offset`.
    static func directory(_ records: [ZipRecord], at offset: Int) -> [UInt8] {
        let entries = records.flatMap(\.directoryEntry), count = records.count
        let end = words(0x0606_4b50) + longs(44) + halves(version, version) + words(0, 0) + longs(count, count, entries.count, offset)
        let locator = words(0x0706_4b50, 0) + longs(offset + entries.count) + words(1)
        return entries + end + locator + words(0x0605_4b50) + halves(0, 0, .max, .max) + words(elsewhere, elsewhere) + halves(0)
    }

    private static func halves(_ values: UInt16...) -> [UInt8] { values.flatMap(littleEndian) }
    private static func words(_ values: UInt32...) -> [UInt8] { values.flatMap(littleEndian) }
    private static func longs(_ values: Int...) -> [UInt8] { values.flatMap { littleEndian(UInt64(clamping: $0)) } }
    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

/// CRC-32 as zip files have it (polynomial 0xEDB88320, reflected), eight bytes at a time.
struct CRC32 {
    /// Of the bytes so far.
    private(set) var value: UInt32 = 0

    /// `[k][b]`: what a byte b leaves k bytes later.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var rest = UInt32(byte)  // bounded: below 256
            for _ in 0..<8 { rest = rest & 1 == 1 ? 0xEDB8_8320 ^ rest >> 1 : rest >> 1 }
            table[byte] = rest
        }
        for at in 256..<8 * 256 { table[at] = table[at - 256] >> 8 ^ table[Int(table[at - 256] & 0xFF)] }
        return table
    }()

    /// The sum of what came before and these bytes.
    func adding(_ bytes: UnsafeRawBufferPointer) -> CRC32 {
        Self.table.withUnsafeBufferPointer { table in
            var rest = ~value, at = 0
            while at + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) ^ UInt64(rest)
                rest = 0
                for k in 0..<8 { rest ^= table[(7 - k) * 256 + Int(truncatingIfNeeded: word >> (8 * UInt64(k)) & 0xFF)] }
                at += 8
            }
            while at < bytes.count {
                rest = rest >> 8 ^ table[Int(truncatingIfNeeded: (rest ^ UInt32(truncatingIfNeeded: bytes[at])) & 0xFF)]
                at += 1
            }
            var result = CRC32()
            result.value = ~rest
            return result
        }
    }
}
