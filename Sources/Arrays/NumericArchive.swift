/// A NumPy `.npz` archive: named arrays, each a `.npy` member of a zip file, stored or deflated.
///
/// Opening reads only the directory; arrays are read one by one as they are asked for, so a member of a type that is not
/// read here does not stand in the way of the others. As with `numpy.load`, members' names may lack the ending `.npy`.
public struct NumericArchive: Sendable {
    public let path: String
    /// The names of the arrays in the order of the file, without `.npy`.
    public let names: [String]
    /// The most bytes that arrays may take in memory; larger ones are refused.
    public let memoryLimit: Int

    private let members: [String: ZipReader.Member]
    private let reader: ZipReader

    /// Opens an archive and reads its directory.
    /// - Parameter memoryLimit: see the property. Default: what this process can take, and at most 256 MiB and 100 bytes for each of
    ///   the file's: deflated weights take a tenth of their size at best, but a bomb a thousandth.
    /// - Throws: `FileError.cannotRead`, or `FileError.malformed` if it is no zip file, its directory does not fit the file, or it
    ///   names an array twice.
    public init(path: String, memoryLimit: Int? = nil) throws {
        self.path = path
        reader = try ZipReader(path: path)
        self.memoryLimit = memoryLimit ?? min(AvailableMemory.bytes, Self.plausibleBytes(of: reader.byteCount))
        var names: [String] = []
        var members: [String: ZipReader.Member] = [:]
        for member in reader.members {
            let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
            guard members.updateValue(member, forKey: name) == nil else {
                throw FileError.malformed(path: path, reason: "the array '\(Excerpt.of(name))' is there twice")
            }
            names.append(name)
        }
        self.names = names
        self.members = members
    }

    /// Whether there is a member of that name.
    public func contains(_ name: String) -> Bool { members[name] != nil }

    /// The shape of an array, from its header alone: to compare before memory is taken.
    /// - Throws: as `array(_:)`.
    public func shape(_ name: String) throws -> [Int] {
        try read(name) { _, header in
            try header.requireNumbers()
            return header.shape
        }
    }

    /// Reads an array.
    /// - Throws: `FileError.malformed` if there is no such array, it is damaged, not of numbers, larger than `memoryLimit`, or its
    ///   size is not what its header says.
    public func array(_ name: String) throws -> NumericArray {
        try read(name) { reader, header in
            try header.requireNumbers()
            let array = try reader.array(header)
            try reader.finish()
            return array
        }
    }

    /// Reads an array's elements, in C order, into a part of a larger list.
    /// - Parameters:
    ///   - name: the array.
    ///   - list: receives the elements.
    ///   - offset: the place of the first.
    /// - Throws: as `array(_:)`, also for more elements than the list has places from there on.
    public func read(_ name: String, into list: inout [Double], at offset: Int) throws {
        try read(name) { reader, header in
            try header.requireNumbers()
            guard 0...list.count ~= offset, header.count <= list.count - offset else {
                throw NumericArrayError.shapeMismatch(shape: header.shape, elements: list.count - offset)
            }
            try list.withUnsafeMutableBufferPointer { list in
                try reader.numbers(header, into: UnsafeMutableBufferPointer(rebasing: list[offset..<offset + header.count]))
            }
            try reader.finish()
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
        try words(name) { header in
            guard header.shape.isEmpty else {
                throw NumericArrayError.malformed(reason: "a single string was expected, not an array of shape \(header.shape.shapeText)")
            }
        }[0]
    }

    /// Reads an array of strings in C order.
    /// - Throws: `FileError.malformed` if there is no such array, it is damaged, or not of strings.
    public func words(_ name: String) throws -> [String] {
        try words(name) { _ in }
    }

    private func words(_ name: String, _ check: (NPYHeader) throws -> Void) throws -> [String] {
        try read(name) { reader, header in
            guard header.type.kind == .text else { throw NumericArrayError.malformed(reason: "it holds numbers, not text") }
            try check(header)
            var bytes = [UInt8](repeating: 0, count: header.dataBytes)
            try bytes.withUnsafeMutableBytes { try reader.fill($0) }
            try reader.finish()
            return try bytes.withUnsafeBytes { try NPYText.decode($0, header: header) }
        }
    }

    /// Refuses more numbers than `memoryLimit` allows, before an array for them is made.
    /// - Parameter what: the subject of the message.
    /// - Throws: `FileError.malformed`.
    public func require(doubles count: Int, for what: String) throws {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 8)
        guard overflow || bytes > memoryLimit else { return }
        let asked = "\(what) would take \(overflow ? "more than \(Int.max)" : "\(bytes)") bytes"
        throw FileError.malformed(
            path: path,
            reason: memoryLimit == Self.plausibleBytes(of: reader.byteCount)
                ? "\(asked); a file of \(reader.byteCount) is believed to hold at most \(memoryLimit): save it unpacked, with numpy.savez"
                : "\(asked) of memory; the limit is \(memoryLimit): use a smaller array, or a machine with more memory")
    }

    /// What the arrays of a file may take in memory: see `init`.
    private static func plausibleBytes(of fileBytes: Int) -> Int {
        let (hundredfold, overflow) = fileBytes.multipliedReportingOverflow(by: 100)
        let (sum, sumOverflow) = hundredfold.addingReportingOverflow(256 << 20)
        return overflow || sumOverflow ? .max : sum
    }

    private func read<Value>(_ name: String, _ body: (ZipMemberReader, NPYHeader) throws -> Value) throws -> Value {
        guard let member = members[name] else {
            throw FileError.malformed(path: path, reason: "there is no array '\(Excerpt.of(name))'; it holds \(Excerpt.list(names))")
        }
        do {
            return try reader.read(member) { reader in
                let header = try reader.header()
                // All sizes must agree before memory is taken; the reader compared the directory's with what the file can hold.
                guard UInt64(header.totalBytes) == member.byteCount else {
                    throw NumericArrayError.malformed(
                        reason: "the shape \(header.shape.shapeText) needs \(header.dataBytes) bytes and the directory states "
                            + "\(member.byteCount < UInt64(header.dataOffset) ? 0 : member.byteCount - UInt64(header.dataOffset))")
                }
                try require(doubles: max(header.count, header.dataBytes / 8), for: "array '\(Excerpt.of(name))'")
                return try body(reader, header)
            }
        } catch let error as NumericArrayError {
            throw FileError.malformed(path: path, reason: "array '\(Excerpt.of(name))': \(error)")
        }
    }
}
