import Foundation

/// A list for an archive that is made element by element on the disk, so that no memory holds all of it.
public final class ScratchColumn {
    /// What its elements are.
    public enum Kind: Sendable, Hashable {
        /// NumPy's `<f8`.
        case real
        /// NumPy's `<i8`.
        case integer
        /// NumPy's `<u8`.
        case unsigned
        /// Strings of at most so many characters (Unicode scalars), NumPy's `<U…`.
        case words(length: Int)

        fileprivate var descriptor: String {
            switch self {
            case .real: "<f8"
            case .integer: "<i8"
            case .unsigned: "<u8"
            case .words(let length): "<U\(max(1, length))"
            }
        }
    }

    public let kind: Kind
    let file: BufferedFile

    /// A list of so many elements.
    /// - Parameter path: the archive, in whose folder the elements lie until it is written.
    /// - Throws: `FileError.cannotWrite`.
    public init(_ kind: Kind, count: Int, for path: String) throws {
        self.kind = kind
        file = try BufferedFile(scratchBesides: path)
        try file.append(NPYHeader.encode(descriptor: kind.descriptor, shape: [count]))
    }

    /// Appends a number to a list of `.real`.
    public func append(_ value: Double) throws(FileError) { try file.append(value.bitPattern) }

    /// Appends a number to a list of `.integer`.
    public func append(_ value: Int64) throws(FileError) { try file.append(value) }

    /// Appends a number to a list of `.unsigned`.
    public func append(_ value: UInt64) throws(FileError) { try file.append(value) }

    /// Appends a string to a list of `.words`.
    public func append(_ word: String) throws(FileError) {
        guard case .words(let length) = kind else { return }
        var rest = max(1, length)
        for scalar in word.unicodeScalars.prefix(rest) {
            try file.append(scalar.value)
            rest -= 1
        }
        for _ in 0..<rest { try file.append(UInt32(0)) }
    }
}
