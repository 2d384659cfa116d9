import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct StreamedArchiveTests {
    /// libzip reads what was written in any order, and compares the checksums when it does.
    @Test(arguments: ElementType.allCases) func isReadBack(type: ElementType) throws {
        try TemporaryFolder.with { folder in
            let path = folder.file("a.npz"), values = (0..<3 * 5000).map { Double($0 % 1021) - 500 }
            let other = NumericArray([1, 2.5])
            try StreamedArchive.write("large", shape: [3, 5000], as: type, to: path) { archive in
                try archive.write(Array(values[7001...]), at: 7001)
                try archive.write(Array(values[..<1]), at: 0)
                try archive.write(Array(values[1..<7001]), at: 1)
                return [("other", .numbers(other, .float64)), ("words", .text("Θ"))]
            }
            let archive = try NumericArchive(path: path)
            #expect(archive.names == ["large", "other", "words"])
            #expect(try archive.array("large") == NumericArray(shape: [3, 5000], elements: values))
            #expect(try archive.array("other") == other && archive.text("words") == "Θ")
            let bytes = try Data(contentsOf: URL(filePath: path)).count
            // Headers, a directory and no more.
            #expect(bytes - 15000 * type.byteCount < 1500)
        }
    }

    @Test func leavesNothingBehind() throws {
        struct Stopped: Error {}
        try TemporaryFolder.with { folder in
            let path = folder.file("a.npz")
            #expect(throws: Stopped.self) {
                try StreamedArchive.write("a", shape: [4], to: path) { _ in throw Stopped() }
            }
            #expect(throws: NumericArrayError.self) {
                try StreamedArchive.write("a", shape: [4], to: path) { archive in
                    try archive.write([1, 2], at: 3)
                    return []
                }
            }
            // More than any disk, and more than the numbers.
            for shape in [[1 << 50], [1 << 40, 1 << 40]] {
                #expect { try StreamedArchive.write("a", shape: shape, to: path) { _ in [] } } throws: {
                    "\($0)".contains("has no room on its disk")
                }
            }
            #expect(folder.contents == [])
            try StreamedArchive.write("a", shape: [0], to: path) { _ in [] }
            #expect(throws: FileError.outputExists(path: path)) { try StreamedArchive.write("a", shape: [1], to: path) { _ in [] } }
            #expect(try NumericArchive(path: path).array("a").elements.isEmpty)
        }
    }
}
