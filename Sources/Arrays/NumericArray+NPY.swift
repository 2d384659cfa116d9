import Foundation

extension NumericArray {
    /// Reads the bytes of a `.npy` file (versions 1 to 3, C or Fortran order, either byte order).
    ///
    /// Elements may be float32, float64, integers of 1 to 8 bytes (beyond 2^53 they round) or booleans. Bytes after the
    /// last element are ignored. Everything is checked against the number of bytes before memory is taken.
    /// - Throws: `NumericArrayError`.
    public init(npy bytes: some ContiguousBytes) throws {
        self = try bytes.withUnsafeBytes { buffer in
            let source = MemorySource(buffer)
            let header = try source.header()
            try header.requireNumbers()
            try header.require(bytes: buffer.count)
            return try source.array(header)
        }
    }

    /// Reads a `.npy` file, which must be a regular one.
    /// - Parameter check: is given the shape before memory is taken for the elements, and throws what makes them useless. Default: nothing.
    /// - Throws: `FileError.cannotRead`, or `FileError.malformed` with the reason; what `check` throws.
    public init(contentsOfNPY path: String, accepting check: (_ shape: [Int]) throws -> Void = { _ in }) throws {
        let file = try InputFile(path: path)
        do {
            let header = try file.header()
            try header.requireNumbers()
            try header.require(bytes: file.byteCount)
            try check(header.shape)
            try header.require(memory: AvailableMemory.bytes)
            self = try file.array(header)
        } catch let error as NumericArrayError {
            throw FileError.malformed(path: path, reason: error.description)
        }
    }

    /// The bytes of a `.npy` file, version 1.0, in C order, little endian.
    /// - Parameter type: what the elements are in the file; float32 rounds to nearest.
    /// - Throws: `NumericArrayError.float32Overflow` for a finite element beyond float32.
    public func npyData(as type: ElementType = .float64) throws -> Data {
        var data = Data(try NPYHeader.encode(descriptor: type.descriptor, shape: shape))
        data.reserveCapacity(data.count + elements.count * type.byteCount)
        switch type {
        case .float64:
            elements.withUnsafeBytes { data.append(contentsOf: $0) }
        case .float32:
            let narrow = elements.map { Float($0) }
            for (i, value) in narrow.enumerated() where value.isInfinite && elements[i].isFinite {
                throw NumericArrayError.float32Overflow(value: elements[i], index: i)
            }
            narrow.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        return data
    }

    /// Writes a `.npy` file, whole or not at all.
    /// - Throws: `FileError`, or `NumericArrayError.float32Overflow`.
    public func writeNPY(to path: String, as type: ElementType = .float64, overwrite: Bool = false) throws {
        try AtomicFile.write(try npyData(as: type), to: path, overwrite: overwrite)
    }
}

extension NPYHeader {
    func requireNumbers() throws {
        guard type.kind != .text else {
            throw NumericArrayError.unsupportedType(descriptor: "text", remedy: "numbers were expected here")
        }
    }

    /// Compares what the header states with what the file has; bytes that follow are no matter.
    func require(bytes available: Int) throws {
        guard totalBytes <= available else {
            throw NumericArrayError.malformed(
                reason: "the shape \(shape.shapeText) needs \(dataBytes) bytes and the file has \(available - dataOffset) of them")
        }
    }

    /// Compares what the elements take as `Double` with what there is.
    func require(memory available: Int) throws {
        guard 8 * count <= available else {
            throw NumericArrayError.malformed(
                reason: "the shape \(shape.shapeText) takes \(8 * count) bytes of memory; available are \(available)")
        }
    }
}
