/// Bytes that are read from front to back: a file, a member of an archive, or memory.
protocol ByteSource {
    /// Reads exactly as many bytes as `buffer` holds.
    /// - Throws: an error if there are fewer.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws
}

extension ByteSource {
    /// Reads the header of a `.npy` file, up to its first element.
    /// - Throws: `NumericArrayError`, or the source's own errors.
    func header() throws -> NPYHeader {
        var bytes = [UInt8](repeating: 0, count: NPYHeader.preambleBytes)
        try bytes.withUnsafeMutableBytes { try fill($0) }
        let length = try bytes.withUnsafeBytes { try NPYHeader.length(ofPreamble: $0) }
        guard length >= bytes.count else {
            throw NumericArrayError.malformed(reason: "its .npy header of \(length) bytes is too short")
        }
        var rest = [UInt8](repeating: 0, count: length - bytes.count)
        try rest.withUnsafeMutableBytes { try fill($0) }
        bytes += rest
        return try bytes.withUnsafeBytes { try NPYHeader($0) }
    }

    /// Reads the elements that follow the header, in blocks, into an array in C order.
    /// - Parameter target: as many numbers as the header states.
    func numbers(_ header: NPYHeader, into target: UnsafeMutableBufferPointer<Double>) throws {
        let size = header.type.byteCount, block = min(header.count, 1 << 17)
        guard block > 0 else { return }
        var order = FortranOrder(header)
        try withUnsafeTemporaryAllocation(byteCount: block * size, alignment: 8) { buffer in
            try withUnsafeTemporaryAllocation(of: Double.self, capacity: order == nil ? 1 : block) { elements in
                var done = 0
                while done < header.count {
                    let count = min(block, header.count - done)
                    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * size)])
                    try fill(bytes)
                    if order == nil {
                        header.type.decode(UnsafeRawBufferPointer(bytes), into: .init(rebasing: target[done..<done + count]))
                    } else {
                        header.type.decode(UnsafeRawBufferPointer(bytes), into: .init(rebasing: elements[..<count]))
                        for i in 0..<count {
                            target[order?.place ?? 0] = elements[i]
                            order?.advance()
                        }
                    }
                    done += count
                }
            }
        }
    }

    /// Reads the elements that follow the header.
    func array(_ header: NPYHeader) throws -> NumericArray {
        let elements = try [Double](unsafeUninitializedCapacity: header.count) { storage, initialized in
            try numbers(header, into: UnsafeMutableBufferPointer(rebasing: storage[..<header.count]))
            initialized = header.count
        }
        return try NumericArray(shape: header.shape, elements: elements)
    }
}

/// Where the elements of a file in Fortran order (the first axis varies fastest) belong in C order, one after the other.
private struct FortranOrder {
    private let shape: [Int]
    private let strides: [Int]
    private var index: [Int]
    /// The place of the current element in C order.
    private(set) var place = 0

    /// nil where both orders are the same.
    init?(_ header: NPYHeader) {
        guard header.fortranOrder, header.shape.count > 1, header.count > 1 else { return nil }
        shape = header.shape
        index = Array(repeating: 0, count: shape.count)
        var strides = index
        var stride = 1
        for axis in shape.indices.reversed() {
            strides[axis] = stride
            stride *= shape[axis]
        }
        self.strides = strides
    }

    /// Goes on to the next element of the file.
    mutating func advance() {
        for axis in shape.indices {
            index[axis] += 1
            place += strides[axis]
            if index[axis] < shape[axis] { return }
            place -= strides[axis] * shape[axis]
            index[axis] = 0
        }
    }
}

/// Bytes in memory.
final class MemorySource: ByteSource {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// The bytes must outlive this.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many are left.
    var rest: Int { bytes.count - position }

    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws {
        guard buffer.count <= rest else {
            throw NumericArrayError.malformed(reason: "it ends after \(bytes.count) bytes, too early for a .npy file with these elements")
        }
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + buffer.count]))
        position += buffer.count
    }
}
