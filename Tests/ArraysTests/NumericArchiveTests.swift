import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct NumericArchiveTests {
    @Test func readsWhatIsAskedForBesideMembersThatCannotBeRead() throws {
        let archive = try NumericArchive(path: fixture("stored.npz"))
        #expect(archive.names == ["W1", "b1", "meta", "trap"])
        #expect(try archive.array("W1") == NumericArray(shape: [2, 3], elements: sample))
        #expect(try archive.array("b1").elements == Array(sample[..<3]))
        #expect(try archive.text("meta") == "{\"name\": \"p00\"}")
        #expect(throws: FileError.self) { try archive.array("meta") }
        #expect(throws: FileError.self) { try archive.array("trap") }
        #expect(throws: FileError.self) { try archive.text("W1") }
        #expect(throws: FileError.self) { try archive.array("W2") }
        #expect(try archive.arrays(["b1", "W1"]).keys.sorted() == ["W1", "b1"])
    }

    @Test func readsDeflatedAndTransposedMembers() throws {
        let deflated = try NumericArchive(path: fixture("deflated.npz"))
        #expect(try deflated.array("zeros") == NumericArray(shape: [64, 64], elements: Array(repeating: 0, count: 4096)))
        #expect(try deflated.array("W1").elements == sample)
        let transposed = try NumericArchive(path: fixture("torch_style.npz")).array("W1")
        #expect(transposed.shape == [3, 2])
        #expect(transposed.elements == [0, 3, 1, 4, 2, 5].map { sample[$0] })
    }

    @Test func readsSizesInZip64Fields() throws {
        let archive = try NumericArchive(path: fixture("zip64.npz"))
        #expect(archive.names == ["W1", "b1"])
        #expect(try archive.array("W1").elements == sample)
        #expect(try archive.array("b1").elements == Array(sample[..<3]))
    }

    /// Members that inflate to more, or to less, than directory and header agree on; 4096 elements are within what deflate can reach.
    @Test(arguments: ["understated.npz", "overstated.npz"])
    func membersOfAnotherSizeThanStatedAreRefused(name: String) throws {
        let archive = try NumericArchive(path: fixture(name))
        #expect(throws: FileError.self) { try archive.array("a") }
    }

    @Test func arraysAndTextsComeBack() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.npz")
        let matrix = try NumericArray(shape: [2, 3], elements: sample)
        // Larger than the blocks in which members are read, and no multiple of them.
        let long = NumericArray((0..<300_007).map { Double($0) / 3 })
        try NumericArchive.write(
            [("ntk", matrix, .float64), ("größe", matrix, .float32), ("long", long, .float64)],
            texts: [("provenance", "{\"φ\": \"\u{1F30C}\"}"), ("empty", "")], to: path)
        let archive = try NumericArchive(path: path)
        #expect(archive.names == ["ntk", "größe", "long", "provenance", "empty"])
        #expect(try archive.array("ntk") == matrix)
        #expect(try archive.array("größe") == matrix)
        #expect(try archive.array("long") == long)
        #expect(try archive.text("provenance") == "{\"φ\": \"\u{1F30C}\"}")
        #expect(try archive.text("empty") == "")
        #expect(folder.contents == ["out.npz"])
    }

    @Test func neverOverwritesUnasked() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.npz")
        try NumericArchive.write([("a", NumericArray([1]), .float64)], to: path)
        #expect(throws: FileError.outputExists(path: path)) {
            try NumericArchive.write([("a", NumericArray([2]), .float64)], to: path)
        }
        #expect(try NumericArchive(path: path).array("a")[0] == 1)
        try NumericArchive.write([("a", NumericArray([2]), .float64)], to: path, overwrite: true)
        #expect(try NumericArchive(path: path).array("a")[0] == 2)
        #expect(folder.contents == ["out.npz"])
    }

    @Test func refusedContentLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let one = NumericArray([1])
        #expect(throws: FileError.self) {
            try NumericArchive.write([("a", one, .float64), ("a", one, .float64)], to: folder.file("twice.npz"))
        }
        #expect(throws: NumericArrayError.self) {
            try NumericArchive.write([("a", one, .float64), ("b", NumericArray([1e300]), .float32)], to: folder.file("range.npz"))
        }
        #expect(folder.contents.isEmpty)
    }

    @Test func memoryLimitIsKeptBeforeMemoryIsTaken() throws {
        let archive = try NumericArchive(path: fixture("deflated.npz"), memoryLimit: 4096 * 8 - 1)
        #expect(throws: FileError.self) { try archive.array("zeros") }
        #expect(try archive.array("W1").elements == sample)
        #expect(try NumericArchive(path: fixture("deflated.npz"), memoryLimit: 4096 * 8).array("zeros").elements.count == 4096)
    }

    @Test(arguments: ["stored.npz", "deflated.npz"])
    func everyTruncationIsAnError(name: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try fixtureBytes(name)
        for length in 0..<bytes.count {
            let path = folder.file("\(length).npz")
            try Data(bytes[..<length]).write(to: URL(filePath: path))
            #expect(throws: FileError.self) { try NumericArchive(path: path).array("W1") }
            try FileManager.default.removeItem(atPath: path)
        }
    }

    /// Each byte inverted: the same array (the byte is not part of it), another name, or an error; never wrong numbers, never a crash.
    @Test(arguments: ["torch_style.npz", "deflated.npz"])
    func everyDamagedByteIsNoticed(name: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try fixtureBytes(name)
        let expected = try NumericArchive(path: fixture(name)).array("W1")
        var refused = 0
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= 0xFF
            let path = folder.file("damaged.npz")
            try Data(damaged).write(to: URL(filePath: path))
            do {
                #expect(try NumericArchive(path: path).array("W1") == expected, "byte \(position)")
            } catch is FileError {
                refused += 1
            }
        }
        #expect(refused > 48)
    }

    /// First the shape lies, then the directory with it; neither lie takes memory.
    @Test func declaredSizesThatTheBytesCannotHoldAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("bomb.npz")
        try NumericArchive.write([("a", NumericArray(Array(repeating: 0, count: 1000)), .float64)], to: path)
        var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        let shape = try #require(bytes.firstRange(of: Array("(1000,), }     ".utf8)))
        bytes.replaceSubrange(shape, with: Array("(200000000,), }".utf8))
        try Data(bytes).write(to: URL(filePath: path))
        var error = #expect(throws: FileError.self) { try NumericArchive(path: path).array("a") }
        #expect(error?.description.contains("needs 1600000000 bytes and the directory states 8000") == true)

        // Both places state the compressed and then the uncompressed size: 128 bytes of header and 8 bytes an element.
        let stored = withUnsafeBytes(of: UInt32(8128).littleEndian) { Array($0) }
        let lie = withUnsafeBytes(of: UInt32(1_600_000_128).littleEndian) { Array($0) }
        while let range = bytes.firstRange(of: stored + stored) { bytes.replaceSubrange(range, with: stored + lie) }
        try Data(bytes).write(to: URL(filePath: path))
        error = #expect(throws: FileError.self) { try NumericArchive(path: path).array("a") }
        #expect(error?.description.contains("states 1600000128 bytes, more than 8128 stored bytes can hold") == true)
    }

    /// The directory claims more than the file has, and a shape whose bytes are 2^63 with those of the header.
    @Test func claimsBeyondTheFileAreRefused() throws {
        var error = #expect(throws: FileError.self) { try NumericArchive(path: fixture("claims16GB.npz")) }
        #expect(error?.description.contains("states more bytes than the file has, 1046, at 'W1.npy' with 16000000128") == true)
        error = #expect(throws: FileError.self) { try NumericArchive(path: fixture("shapeOverflow.npz")).array("W1") }
        #expect(error?.description.contains("overflows the number of bytes") == true)
    }

    /// 36 MB of zeros in 35 kB of file is within what deflate can do; a network of that many bytes for each of the file's is not believed
    /// beyond 256 MiB. Signed bytes are an eighth of what they become.
    @Test func whatIsPackedBeyondBeliefIsRefused() throws {
        let archive = try NumericArchive(path: fixture("deflated.npz"))
        #expect(archive.memoryLimit <= 256 << 20 + 100 * (try fixtureBytes("deflated.npz").count))
        let error = #expect(throws: FileError.self) { try archive.require(doubles: 1 << 26, for: "a network") }
        #expect(error?.description.contains("a network would take \(1 << 29) bytes; a file of ") == true, "\(String(describing: error))")
        try archive.require(doubles: 1 << 25, for: "a network")
        #expect(throws: FileError.self) { try archive.require(doubles: .max, for: "a network") }
    }

    @Test func membersWithoutTheEndingAreRead() throws {
        let archive = try NumericArchive(path: fixture("noEnding.npz"))
        #expect(archive.names == ["W1", "W2"])
        #expect(try archive.shape("W1") == [2, 4] && archive.array("W2").shape == [4, 1])
    }

    @Test func wordsAndWholeNumbersComeBack() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("out.npz")
        try NumericArchive.write(
            members: [
                ("words", .words(["finished", "", "größe → 𝜑"])), ("none", .words([])), ("whole", .integers([.min, 0, 1 << 53 + 1])),
                ("seeds", .unsigned([0, .max])),
            ], to: path)
        let archive = try NumericArchive(path: path)
        #expect(try archive.words("words") == ["finished", "", "größe → 𝜑"])
        #expect(try archive.words("none").isEmpty)
        #expect(try archive.array("whole").elements == [-0x1p63, 0, 0x1p53])
        #expect(try archive.array("seeds").elements == [0, 0x1p64])
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
        for descriptor in ["'<U9'", "'<U1'", "'<i8'", "'<u8'"] { #expect(bytes.firstRange(of: Array(descriptor.utf8)) != nil) }
        // All bits are there, where doubles have 53.
        #expect(bytes.firstRange(of: [1, 0, 0, 0, 0, 0, 0x20, 0]) != nil)
    }

    /// Elements go straight to their places in C order, block by block, from Fortran order too.
    @Test func readsIntoAPartOfAList() throws {
        let archive = try NumericArchive(path: fixture("torch_style.npz"))
        var list = [Double](repeating: -1, count: 8)
        try archive.read("W1", into: &list, at: 1)
        #expect(list == [-1] + [0, 3, 1, 4, 2, 5].map { sample[$0] } + [-1])
        #expect(throws: FileError.self) { try archive.read("W1", into: &list, at: 3) }
    }

    @Test func shapesAreShownAsNumPyDoes() {
        #expect([2, 3].shapeText == "(2, 3)" && [4].shapeText == "(4,)" && [Int]().shapeText == "()")
    }

    @Test func otherFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        try Data("not a zip file".utf8).write(to: URL(filePath: folder.file("x.npz")))
        let error = #expect(throws: FileError.self) { try NumericArchive(path: folder.file("x.npz")) }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let missing = #expect(throws: FileError.self) { try NumericArchive(path: folder.file("y.npz")) }
        guard case .cannotRead = missing else {
            Issue.record("\(String(describing: missing))")
            return
        }
    }
}
