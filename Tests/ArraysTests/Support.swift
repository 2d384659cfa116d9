import Arrays
import Foundation

/// The path of a file made by NumPy.
func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/numpy/\(name)").path
}

func fixtureBytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: fixture(name))))
}

/// A `.npy` file of version 1.0 with any header and any bytes after it.
func npy(_ dictionary: String, version: UInt8 = 1, bytes: [UInt8] = []) -> [UInt8] {
    let header = Array(dictionary.utf8)
    let length =
        version == 1
        ? [UInt8(header.count & 0xFF), UInt8(header.count >> 8)]
        : (0..<4).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + bytes
}
