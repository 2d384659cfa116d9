import CZip
import Foundation

/// A NumPy `.npz` archive: named arrays, each a `.npy` member of a zip file, stored or deflated.
///
/// Opening reads only the directory; arrays are read one by one as they are asked for, so a member of a type that is not
/// read here does not stand in the way of the others.
public struct NumericArchive: Sendable {
    /// A member of the archive as its directory states it.
    struct Member: Sendable {
        var index: UInt64
        var byteCount: Int
        var storedByteCount: Int
    }

    /// The file.
    public let path: String
    /// The names of the arrays in the order of the file, without `.npy`.
    public let names: [String]
    /// The most bytes an array may take in memory; larger ones are refused. Default: the machine's memory.
    public let memoryLimit: Int

    let members: [String: Member]

    /// Opens an archive and reads its directory.
    /// - Throws: `FileError.cannotRead`, or `FileError.malformed` if it is no zip file or names an array twice.
    public init(path: String, memoryLimit: Int? = nil) throws {
        self.path = path
        self.memoryLimit = memoryLimit ?? Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let archive = try ZipReader(path: path)
        var names: [String] = []
        var members: [String: Member] = [:]
        for entry in try archive.entries() where entry.name.hasSuffix(".npy") {
            let name = String(entry.name.dropLast(4))
            guard members.updateValue(entry.member, forKey: name) == nil else {
                throw FileError.malformed(path: path, reason: "the array '\(name)' is there twice")
            }
            names.append(name)
        }
        self.names = names
        self.members = members
    }

    /// Whether there is a member of that name.
    public func contains(_ name: String) -> Bool { members[name] != nil }

    /// Reads an array.
    /// - Throws: `FileError.malformed` if there is no such array, it is damaged, not of numbers, larger than `memoryLimit`, or its
    ///   size is not what its header says.
    public func array(_ name: String) throws -> NumericArray {
        try read(name) { reader, header in
            try header.requireNumbers()
            let elements = try [Double](unsafeUninitializedCapacity: header.count) { storage, initialized in
                var done = 0
                // A multiple of every element size, so that no element is split.
                let chunk = 1 << 20
                try withUnsafeTemporaryAllocation(byteCount: min(chunk, max(8, header.dataBytes)), alignment: 8) { buffer in
                    let perChunk = buffer.count / header.type.byteCount
                    while done < header.count {
                        let count = min(perChunk, header.count - done)
                        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * header.type.byteCount)])
                        try reader.fill(bytes)
                        header.type.decode(
                            UnsafeRawBufferPointer(bytes), into: UnsafeMutableBufferPointer(rebasing: storage[done..<done + count]))
                        done += count
                    }
                }
                initialized = done
            }
            try reader.finish()
            return try NumericArray(fileOrder: elements, header: header)
        }
    }

    /// Reads some arrays.
    /// - Throws: as `array(_:)`.
    public func arrays(_ names: [String]) throws -> [String: NumericArray] {
        try Dictionary(names.map { ($0, try array($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads a string (an array without axes of NumPy's type `U`), such as the provenance of a result.
    /// - Throws: `FileError.malformed` if there is no such string or it is damaged.
    public func text(_ name: String) throws -> String {
        try read(name) { reader, header in
            var bytes = [UInt8](repeating: 0, count: header.dataBytes)
            try bytes.withUnsafeMutableBytes { try reader.fill($0) }
            try reader.finish()
            return try bytes.withUnsafeBytes { try NPYText.decode($0, header: header) }
        }
    }

    private func read<Value>(_ name: String, _ body: (ZipMemberReader, NPYHeader) throws -> Value) throws -> Value {
        guard let member = members[name] else {
            let known = names.isEmpty ? "it holds no arrays" : "it holds \(names.joined(separator: ", "))"
            throw FileError.malformed(path: path, reason: "there is no array '\(name)'; \(known)")
        }
        do {
            let archive = try ZipReader(path: path)
            let reader = try archive.open(member)
            let header = try reader.header()
            // All sizes must agree before memory is taken; `open` compared the directory's with what the stored bytes can hold.
            guard header.dataOffset + header.dataBytes == member.byteCount else {
                throw NumericArrayError.malformed(
                    reason: "the shape \(header.shape) needs \(header.dataBytes) bytes and the directory states "
                        + "\(member.byteCount - header.dataOffset)")
            }
            guard max(header.dataBytes, 8 * header.count) <= memoryLimit else {
                throw NumericArrayError.malformed(
                    reason: "the shape \(header.shape) takes \(8 * header.count) bytes of memory; the limit is \(memoryLimit)")
            }
            return try body(reader, header)
        } catch let error as NumericArrayError {
            throw FileError.malformed(path: path, reason: "array '\(name)': \(error)")
        }
    }
}
