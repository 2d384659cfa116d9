import Arrays
import Foundation
import TestSupport
import Testing

/// a[i, j] = (3 i + j)/8 − 1/4, which float32 and float64 both hold exactly.
let sample = (0..<6).map { Double($0) / 8 - 0.25 }

@Suite struct NPYReadingTests {
    @Test(arguments: ["c_f8", "c_f4", "big_f8", "big_f4", "fortran_f8", "version2", "version3"])
    func readsEveryLayoutNumPyWrites(name: String) throws {
        let array = try NumericArray(contentsOfNPY: fixture(name + ".npy"))
        #expect(array.shape == [2, 3])
        #expect(array.elements == sample)
        #expect(array[1, 0] == 0.125)
        #expect(array.rows == 2 && array.columns == 3)
    }

    @Test func readsFortranOrderOfThreeAxes() throws {
        let array = try NumericArray(contentsOfNPY: fixture("fortran3_f4.npy"))
        #expect(array.shape == [2, 3, 4])
        #expect(array.elements == (0..<24).map(Double.init))
        #expect(array[1, 2, 3] == 23)
    }

    @Test(arguments: ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
    func readsIntegers(type: String) throws {
        #expect(try NumericArray(contentsOfNPY: fixture("int_\(type).npy")).elements == [0, 1, 2, 100])
    }

    @Test func readsBooleansScalarsAndEmptyArrays() throws {
        #expect(try NumericArray(contentsOfNPY: fixture("bool.npy")).elements == [1, 0, 1])
        #expect(try NumericArray(contentsOfNPY: fixture("scalar.npy")) == NumericArray(scalar: 2.5))
        #expect(try NumericArray(contentsOfNPY: fixture("empty.npy")).shape == [0, 3])
    }

    @Test(arguments: [("object", "|O"), ("complex", "<c16"), ("half", "<f2"), ("structured", "structured"), ("text", "text")])
    func refusesTypesThatAreNotNumbers(name: String, named: String) throws {
        let bytes = try fixtureBytes(name + ".npy")
        let error = #expect(throws: NumericArrayError.self) { try NumericArray(npy: bytes) }
        guard case .unsupportedType(let descriptor, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(descriptor == named)
        #expect(throws: FileError.self) { try NumericArray(contentsOfNPY: fixture(name + ".npy")) }
    }

    @Test(arguments: ["c_f8", "c_f4", "version2", "fortran3_f4"])
    func everyTruncationIsAnError(name: String) throws {
        let bytes = try fixtureBytes(name + ".npy")
        for length in 0..<bytes.count {
            #expect(throws: NumericArrayError.self) { try NumericArray(npy: bytes[..<length]) }
        }
        #expect(try NumericArray(npy: bytes + [1, 2, 3]) == NumericArray(npy: bytes))
    }

    /// Each byte of a file set to each of several values: an array or an error, never a crash.
    @Test func everyDamagedByteIsAnArrayOrAnError() throws {
        let bytes = try fixtureBytes("c_f4.npy")
        var refused = 0
        for position in bytes.indices {
            for value: UInt8 in [0, 0x27, 0x28, 0x29, 0x39, 0x4F, 0x7D, 0xFF] {
                var damaged = bytes
                damaged[position] = value
                do {
                    let array = try NumericArray(npy: damaged)
                    #expect(array.elements.count == array.shape.reduce(1, *))
                } catch is NumericArrayError {
                    refused += 1
                }
            }
        }
        #expect(refused > 6 * 8)
    }

    @Test(arguments: [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2305843009213693952,), }",
        "{'descr': '|i1', 'fortran_order': True, 'shape': (1152921504606846976,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': 3, }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, }",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False}",
        "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } + 1",
        "{'descr': '<f8, 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f-8', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846975,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (\(String(repeating: "1, ", count: 65))), }",
        "{'descr': '<f+8', 'fortran_order': False, 'shape': (1,), }",
        "", "{", "{'", "{}", "None",
    ])
    func refusesHeader(dictionary: String) {
        let bytes = npy(dictionary, bytes: Array(repeating: 0, count: 64))
        #expect(throws: NumericArrayError.self) { try NumericArray(npy: bytes) }
    }

    @Test(arguments: [
        "{\"shape\":(1,),\"fortran_order\":False,\"descr\":\"<f8\"}",
        "{ 'descr' : '=f8' , 'fortran_order' : True , 'shape' : ( 1L , ) , } \n",
        "{'descr': '|f8', 'fortran_order': False, 'shape': (1, 1)}",
        "{'descr': 'f8', 'fortran_order': False, 'shape': ()}",
    ])
    func acceptsOtherSpellings(dictionary: String) throws {
        let bytes = npy(dictionary, bytes: withUnsafeBytes(of: 1.5) { Array($0) })
        #expect(try NumericArray(npy: bytes).elements == [1.5])
    }

    @Test func refusesHeadersThatAreTooLongOrOfAnotherVersion() {
        let length: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        #expect(throws: NumericArrayError.self) { try NumericArray(npy: [0x93] + Array("NUMPY".utf8) + [2, 0] + length) }
        #expect(throws: NumericArrayError.self) { try NumericArray(npy: npy("{}", version: 4)) }
    }

    /// What is no regular file is refused before it is read: a pipe would wait for ever, a device never end.
    @Test func onlyRegularFilesAreRead() throws {
        let folder = try TemporaryFolder()
        let missing = folder.file("x.npy"), pipe = folder.file("pipe")
        #expect(throws: FileError.cannotRead(path: missing, reason: "No such file or directory")) {
            try NumericArray(contentsOfNPY: missing)
        }
        try #require(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, folder.path, "/dev/zero", ""] {
            for read in [{ _ = try NumericArray(contentsOfNPY: path) }, { _ = try NumericArchive(path: path) }] {
                let error = #expect(throws: FileError.self) { try read() }
                guard case .cannotRead = error else {
                    Issue.record("\(path): \(String(describing: error))")
                    continue
                }
            }
        }
    }

    /// A sparse file that is as long as its header says, and longer than memory.
    @Test func arraysBeyondMemoryAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sparse.npy"), count = 1 << 40
        let header = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (\(count),), }")
        try Data(header).write(to: URL(filePath: path))
        // For a moment another test has the system refuse large files to the whole process.
        let deadline = Date().addingTimeInterval(60)
        while truncate(path, header.count + 8 * count) != 0 {
            try #require(errno == EFBIG && Date() < deadline)
            usleep(10_000)
        }
        let error = #expect(throws: FileError.self) { try NumericArray(contentsOfNPY: path) }
        #expect(error?.description.contains("takes \(8 * count) bytes of memory; available are") == true)
    }
}

@Suite struct NPYWritingTests {
    @Test func writesWhatNumPyWrites() throws {
        let array = try NumericArray(shape: [2, 3], elements: sample)
        #expect(try [UInt8](array.npyData()) == fixtureBytes("c_f8.npy"))
        #expect(try [UInt8](array.npyData(as: .float32)) == fixtureBytes("c_f4.npy"))
        #expect(try [UInt8](NumericArray(scalar: 2.5).npyData()) == fixtureBytes("scalar.npy"))
        #expect(try [UInt8](NumericArray(shape: [0, 3], elements: []).npyData()) == fixtureBytes("empty.npy"))
    }

    @Test func elementsComeBackBitForBit() throws {
        let special = [0.1, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan]
        let back = try NumericArray(npy: NumericArray(special).npyData())
        #expect(back.elements.map(\.bitPattern) == special.map(\.bitPattern))
        #expect(back.shape == [7])
    }

    @Test func float32RoundsToNearestAndRefusesOverflow() throws {
        #expect(try NumericArray(npy: NumericArray([0.1]).npyData(as: .float32)).elements == [Double(Float(0.1))])
        #expect(throws: NumericArrayError.float32Overflow(value: 1e39, index: 1)) {
            try NumericArray([.infinity, 1e39]).npyData(as: .float32)
        }
    }

    @Test(arguments: [[2], [7, 1], [-2, -3], [Int.max, 2], [0]])
    func shapeMustFitTheElements(shape: [Int]) {
        #expect(throws: NumericArrayError.shapeMismatch(shape: shape, elements: 6)) {
            try NumericArray(shape: shape, elements: sample)
        }
    }

    @Test func subscriptsFollowCOrder() throws {
        var cube = try NumericArray(shape: [2, 3, 4], elements: (0..<24).map(Double.init))
        cube[1, 0, 2] = -1
        #expect(cube.elements[14] == -1)
        var row = NumericArray([1, 2])
        row[1] = 5
        #expect(row.elements == [1, 5])
        #expect(row.rows == 2 && row.columns == 1)
    }
}
