import Foundation

/// Strings as a `.npy` array of NumPy's type `<U…` (UTF-32, all of one length, padded with NULs).
enum NPYText {
    /// A string without axes, which `numpy.load(f)["name"].item()` gives back.
    static func encode(_ text: String) throws -> Data { try encode([text], shape: []) }

    /// NumPy drops trailing NULs when it reads, so a string that ends in one does not come back the same.
    static func encode(_ words: [String], shape: [Int]) throws -> Data {
        // NumPy has no strings of length 0 in files; it reads one NUL as the empty string.
        let length = max(1, words.lazy.map(\.unicodeScalars.count).max() ?? 0)
        var data = Data(try NPYHeader.encode(descriptor: "<U\(length)", shape: shape))
        data.reserveCapacity(data.count + 4 * length * words.count)
        var padded = [UInt32](repeating: 0, count: length)
        for word in words {
            for (place, scalar) in word.unicodeScalars.enumerated() { padded[place] = scalar.value.littleEndian }
            for place in word.unicodeScalars.count..<length { padded[place] = 0 }
            padded.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        return data
    }

    /// The strings in the bytes that follow a header, in C order.
    static func decode(_ bytes: UnsafeRawBufferPointer, header: NPYHeader) throws -> [String] {
        guard !header.fortranOrder || header.shape.count < 2 else {
            throw NumericArrayError.malformed(reason: "text in Fortran order is not read; save it with numpy.ascontiguousarray")
        }
        let size = header.type.byteCount
        return try (0..<header.count).map { word in
            try decode(UnsafeRawBufferPointer(rebasing: bytes[word * size..<(word + 1) * size]), bigEndian: header.type.bigEndian)
        }
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer, bigEndian: Bool) throws -> String {
        var scalars = String.UnicodeScalarView()
        var pendingNulls = 0
        for offset in stride(from: 0, to: bytes.count, by: 4) {
            let raw = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let value = bigEndian ? UInt32(bigEndian: raw) : UInt32(littleEndian: raw)
            guard value != 0 else {
                pendingNulls += 1
                continue
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw NumericArrayError.malformed(reason: "character \(offset / 4) of a string, \(value), is not Unicode")
            }
            scalars.append(contentsOf: repeatElement("\0", count: pendingNulls))
            pendingNulls = 0
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
