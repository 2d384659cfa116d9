/// The header of a `.npy` file: a magic string, a version, and a Python dictionary of type, order and shape.
///
/// Format: NumPy Enhancement Proposal 1 and `numpy.lib.format`, versions 1.0, 2.0 and 3.0.
struct NPYHeader: Equatable {
    /// What an element is in the file.
    var type: NPYType
    /// Whether the first axis varies fastest.
    var fortranOrder: Bool
    var shape: [Int]
    /// The product of the axes.
    var count: Int
    /// Bytes before the first element.
    var dataOffset: Int

    /// Bytes of all elements.
    var dataBytes: Int
    /// Bytes of header and elements.
    var totalBytes: Int

    /// Bytes that `length(ofPreamble:)` needs.
    static let preambleBytes = 12
    /// NumPy writes 64 to 200 bytes; far more is an attack or a structured type, which is refused anyway.
    static let maximumBytes = 65536
    /// As many as NumPy has.
    static let mostAxes = 64

    private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    /// The length of the header, dictionary included, from the file's first 12 bytes.
    static func length(ofPreamble bytes: UnsafeRawBufferPointer) throws -> Int {
        try preamble(bytes).dictionary.upperBound
    }

    /// Parses the header at the start of `bytes`, which may go on with the elements.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        let dictionary = try Self.preamble(bytes).dictionary
        guard dictionary.upperBound <= bytes.count else {
            throw NumericArrayError.malformed(
                reason: "the file ends after \(bytes.count) bytes, inside its header of \(dictionary.upperBound) bytes")
        }
        var parser = NPYDictionaryParser(bytes: Array(bytes[dictionary]))
        let parsed = try parser.parse()
        type = try NPYType(descriptor: parsed.descriptor)
        fortranOrder = parsed.fortranOrder
        shape = parsed.shape
        dataOffset = dictionary.upperBound
        guard shape.count <= Self.mostAxes else {
            throw NumericArrayError.malformed(reason: "it has \(shape.count) axes; the limit is \(Self.mostAxes)")
        }
        let tooLarge = NumericArrayError.malformed(
            reason: "the shape \(shape.shapeText) overflows the number of bytes that can be addressed")
        // Elements become 8 bytes each in memory whatever they are in the file, so this product must not overflow either.
        guard let count = NumericArray.elementCount(of: shape), !count.multipliedReportingOverflow(by: 8).overflow else { throw tooLarge }
        let (dataBytes, productOverflow) = count.multipliedReportingOverflow(by: type.byteCount)
        let (totalBytes, sumOverflow) = dataBytes.addingReportingOverflow(dataOffset)
        guard !productOverflow, !sumOverflow else { throw tooLarge }
        self.count = count
        self.dataBytes = dataBytes
        self.totalBytes = totalBytes
    }

    private static func preamble(_ bytes: UnsafeRawBufferPointer) throws -> (version: UInt8, dictionary: Range<Int>) {
        guard bytes.count >= 10 else {
            throw NumericArrayError.malformed(reason: "\(bytes.count) bytes are too few for a .npy file")
        }
        guard bytes.prefix(magic.count).elementsEqual(magic) else {
            throw NumericArrayError.malformed(reason: "it does not start with the bytes of a .npy file, \\x93NUMPY")
        }
        let version = bytes[6]
        let start: Int
        let length: Int
        switch version {
        case 1:
            start = 10
            length = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
        case 2, 3:
            start = 12
            guard bytes.count >= start else {
                throw NumericArrayError.malformed(reason: "\(bytes.count) bytes are too few for a .npy file")
            }
            length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
        default:
            throw NumericArrayError.malformed(reason: ".npy version \(version).\(bytes[7]) is not known; versions 1 to 3 are read")
        }
        guard length <= maximumBytes else {
            throw NumericArrayError.malformed(reason: "a header of \(length) bytes is refused; the limit is \(maximumBytes)")
        }
        return (version, start..<start + length)
    }

    /// The bytes of a version 1.0 header for an array in C order, padded so that the elements start at a multiple of 64.
    static func encode(descriptor: String, shape: [Int]) throws -> [UInt8] {
        let axes = shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
        var dictionary = Array("{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(axes), }".utf8)
        let unpadded = 10 + dictionary.count + 1
        dictionary += Array(repeating: UInt8(ascii: " "), count: (64 - unpadded % 64) % 64)
        dictionary.append(UInt8(ascii: "\n"))
        guard let length = UInt16(exactly: dictionary.count) else {
            throw NumericArrayError.malformed(reason: "\(shape.count) axes are too many for a .npy file")
        }
        return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + dictionary  // bounded: length has sixteen bits
    }
}
