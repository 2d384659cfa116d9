import Foundation

/// A string as a `.npy` array without axes (NumPy's `<U…`, UTF-32), which `numpy.load(f)["name"].item()` gives back.
enum NPYText {
    /// NumPy drops trailing NULs when it reads, so a string that ends in one does not come back the same.
    static func encode(_ text: String) throws -> Data {
        let scalars = text.unicodeScalars.map { $0.value.littleEndian }
        // NumPy has no strings of length 0 in files; it reads one NUL as the empty string.
        let padded = scalars.isEmpty ? [0] : scalars
        var data = Data(try NPYHeader.encode(descriptor: "<U\(padded.count)", shape: []))
        padded.withUnsafeBytes { data.append(contentsOf: $0) }
        return data
    }

    /// The string in the bytes that follow a header.
    static func decode(_ bytes: UnsafeRawBufferPointer, header: NPYHeader) throws -> String {
        guard header.type.kind == .text, header.shape.isEmpty else {
            throw NumericArrayError.malformed(reason: "a single string was expected, not an array of shape \(header.shape)")
        }
        var scalars = String.UnicodeScalarView()
        var pendingNulls = 0
        for offset in stride(from: 0, to: header.dataBytes, by: 4) {
            let raw = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let value = header.type.bigEndian ? UInt32(bigEndian: raw) : UInt32(littleEndian: raw)
            guard value != 0 else {
                pendingNulls += 1
                continue
            }
            guard let scalar = Unicode.Scalar(value) else {
                throw NumericArrayError.malformed(reason: "character \(offset / 4) of the string, \(value), is not Unicode")
            }
            scalars.append(contentsOf: repeatElement("\0", count: pendingNulls))
            pendingNulls = 0
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
