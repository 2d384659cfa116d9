import Foundation

extension NumericArray {
    /// Reads the bytes of a `.npy` file (versions 1 to 3, C or Fortran order, either byte order).
    ///
    /// Elements may be float32, float64, integers of 1 to 8 bytes (beyond 2^53 they round) or booleans. Bytes after the
    /// last element are ignored. Everything is checked against the number of bytes before memory is taken.
    /// - Throws: `NumericArrayError`.
    public init(npy bytes: some ContiguousBytes) throws {
        self = try bytes.withUnsafeBytes { buffer in
            let header = try NPYHeader(buffer)
            try header.requireNumbers()
            let available = buffer.count - header.dataOffset
            guard header.dataBytes <= available else {
                throw NumericArrayError.malformed(
                    reason: "the shape \(header.shape) needs \(header.dataBytes) bytes and the file has \(available) of them")
            }
            let elements = [Double](unsafeUninitializedCapacity: header.count) { storage, initialized in
                let target = UnsafeMutableBufferPointer(rebasing: storage[..<header.count])
                header.type.decode(UnsafeRawBufferPointer(rebasing: buffer[header.dataOffset...]), into: target)
                initialized = header.count
            }
            return try NumericArray(fileOrder: elements, header: header)
        }
    }

    /// Reads a `.npy` file.
    /// - Throws: `FileError.cannotRead`, or `FileError.malformed` with the reason.
    public init(contentsOfNPY path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw FileError.cannotRead(path: path, reason: FileError.reason(error))
        }
        do {
            try self.init(npy: data)
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

    /// Takes elements in the order of the file that the header states.
    init(fileOrder elements: [Double], header: NPYHeader) throws {
        guard header.fortranOrder, header.shape.count > 1, header.count > 1 else {
            try self.init(shape: header.shape, elements: elements)
            return
        }
        let shape = header.shape
        var strides = Array(repeating: 1, count: shape.count)
        for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * shape[axis - 1] }
        var index = Array(repeating: 0, count: shape.count)
        var source = 0
        let reordered = [Double](unsafeUninitializedCapacity: elements.count) { storage, initialized in
            for target in elements.indices {
                storage[target] = elements[source]
                var axis = shape.count - 1
                while axis >= 0 {
                    index[axis] += 1
                    source += strides[axis]
                    if index[axis] < shape[axis] { break }
                    source -= strides[axis] * shape[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
            initialized = elements.count
        }
        try self.init(shape: shape, elements: reordered)
    }
}

extension NPYHeader {
    func requireNumbers() throws {
        guard type.kind != .text else {
            throw NumericArrayError.unsupportedType(descriptor: "text", remedy: "numbers were expected here")
        }
    }
}

extension FileError {
    /// The system's words for why Foundation could not read a file.
    static func reason(_ error: any Error) -> String {
        let error = error as NSError
        if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError, underlying.domain == NSPOSIXErrorDomain {
            return String(cString: strerror(Int32(truncatingIfNeeded: underlying.code)))
        }
        return error.code == CocoaError.fileReadNoSuchFile.rawValue ? "no such file" : "it is not a file that can be read"
    }
}
