/// What an element is in a `.npy` file, from NumPy's descriptor: byte order, kind, bytes.
struct NPYType: Equatable {
    enum Kind: Character {
        case float = "f"
        case signed = "i"
        case unsigned = "u"
        case boolean = "b"
        case text = "U"
    }

    var kind: Kind
    /// Bytes of one element.
    var byteCount: Int
    var bigEndian: Bool

    init(descriptor: String) throws {
        var rest = descriptor[...]
        bigEndian = false
        if let order = rest.first, "<>|=".contains(order) {
            // "=" is the byte order of the machine that reads, and every machine Swift runs on is little endian.
            bigEndian = order == ">"
            rest.removeFirst()
        }
        let remedy = "convert with .astype(numpy.float64) before saving"
        guard let letter = rest.popFirst(), let kind = Kind(rawValue: letter), rest.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            let size = Int(rest)
        else {
            let objects = descriptor.hasSuffix("O")
            throw NumericArrayError.unsupportedType(
                descriptor: descriptor, remedy: objects ? "objects are Python code, never run here; \(remedy)" : remedy)
        }
        let sizes: ClosedRange<Int>
        switch kind {
        case .float: sizes = 4...8
        case .signed, .unsigned: sizes = 1...8
        case .boolean: sizes = 1...1
        case .text: sizes = 0...Int(Int32.max)
        }
        guard sizes.contains(size), kind == .text || size.nonzeroBitCount == 1 else {
            throw NumericArrayError.unsupportedType(descriptor: descriptor, remedy: remedy)
        }
        self.kind = kind
        byteCount = kind == .text ? 4 * size : size  // bounded: sizes contains it
    }

    /// Decodes the elements that lie in `bytes`, as many as fit in `elements`, in the order of the file.
    ///
    /// 64-bit integers beyond 2^53 round to the nearest `Double`.
    func decode(_ bytes: UnsafeRawBufferPointer, into elements: UnsafeMutableBufferPointer<Double>) {
        switch (kind, byteCount) {
        case (.float, 8): integers(bytes, into: elements) { (bits: UInt64) in Double(bitPattern: bits) }
        case (.float, _): integers(bytes, into: elements) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
        case (.signed, 1): integers(bytes, into: elements) { (value: Int8) in Double(value) }
        case (.signed, 2): integers(bytes, into: elements) { (value: Int16) in Double(value) }
        case (.signed, 4): integers(bytes, into: elements) { (value: Int32) in Double(value) }
        case (.signed, _): integers(bytes, into: elements) { (value: Int64) in Double(value) }
        case (.unsigned, 1): integers(bytes, into: elements) { (value: UInt8) in Double(value) }
        case (.unsigned, 2): integers(bytes, into: elements) { (value: UInt16) in Double(value) }
        case (.unsigned, 4): integers(bytes, into: elements) { (value: UInt32) in Double(value) }
        case (.unsigned, _): integers(bytes, into: elements) { (value: UInt64) in Double(value) }
        case (.boolean, _): integers(bytes, into: elements) { (value: UInt8) in value == 0 ? 0 : 1 }
        case (.text, _): break
        }
    }

    private func integers<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, into elements: UnsafeMutableBufferPointer<Double>, _ value: (Bits) -> Double
    ) {
        for i in elements.indices {
            let raw = bytes.loadUnaligned(fromByteOffset: i * MemoryLayout<Bits>.size, as: Bits.self)
            elements[i] = value(bigEndian ? Bits(bigEndian: raw) : Bits(littleEndian: raw))
        }
    }
}
