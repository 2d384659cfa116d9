import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    @Test func writesAndRefusesToOverwrite() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.txt")
        try AtomicFile.write("first", to: path)
        #expect(throws: FileError.outputExists(path: path)) { try AtomicFile.write("second", to: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "first")
        try AtomicFile.write("second", to: path, overwrite: true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
        try AtomicFile.write([UInt8](), to: folder.file("empty"))
        #expect(folder.contents == ["a.txt", "empty"])
    }

    @Test func missingFolderAndWrongFolderAreErrors() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("a file", to: folder.file("file"))
        for path in [folder.file("none/a.txt"), folder.file("file/a.txt"), "", folder.path + "/"] {
            let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: path) }
            guard case .cannotWrite(path, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(throws: FileError.outputExists(path: folder.path)) { try AtomicFile.write("x", to: folder.path) }
    }

    @Test(arguments: ["/dev/null", "/dev/full"])
    func devicesAndFoldersAreNeverReplaced(path: String) throws {
        #expect(throws: FileError.cannotWrite(path: path, reason: "it exists and is not a regular file")) {
            try AtomicFile.write("x", to: path, overwrite: true)
        }
        #expect(throws: FileError.outputExists(path: path)) { try AtomicFile.write("x", to: path) }
        let folder = try TemporaryFolder()
        #expect(throws: FileError.self) { try AtomicFile.write("x", to: folder.path, overwrite: true) }
    }

    @Test func overwritingThroughASymbolicLinkKeepsTheLink() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("old", to: folder.file("target"))
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: folder.file("target"))
        #expect(throws: FileError.outputExists(path: folder.file("link"))) { try AtomicFile.write("x", to: folder.file("link")) }
        try AtomicFile.write("new", to: folder.file("link"), overwrite: true)
        #expect(try String(contentsOfFile: folder.file("target"), encoding: .utf8) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == folder.file("target"))
    }

    @Test func failureInTheMiddleLeavesWhatWasThere() throws {
        struct Interrupted: Error {}
        let folder = try TemporaryFolder()
        let path = folder.file("a.txt")
        try AtomicFile.write("before", to: path)
        #expect(throws: Interrupted.self) {
            try AtomicFile.write(to: path, overwrite: true) { temporary in
                try Data("half".utf8).write(to: URL(filePath: temporary))
                throw Interrupted()
            }
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
        #expect(folder.contents == ["a.txt"])
    }

    /// A limit on the size of files stands for a full disk: both end in a write that takes only a part of the bytes. The limit is
    /// one for the whole process, and large enough that no other test meets it.
    @Test func aDiskThatFillsUpLeavesNothing() throws {
        let limit = 64 << 20
        let folder = try TemporaryFolder()
        let array = NumericArray(Array(repeating: 1, count: limit / 8))
        signal(SIGXFSZ, SIG_IGN)
        var before = rlimit()
        try #require(getrlimit(fileSizeLimit, &before) == 0)
        var during = rlimit(rlim_cur: rlim_t(limit), rlim_max: before.rlim_max)
        try #require(setrlimit(fileSizeLimit, &during) == 0)
        defer { setrlimit(fileSizeLimit, &before) }
        for write in [
            { try array.writeNPY(to: folder.file("a.npy")) },
            { try NumericArchive.write([("a", array, .float64)], to: folder.file("a.npz")) },
        ] {
            let error = #expect(throws: FileError.self, performing: write)
            guard case .cannotWrite(_, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("File too large"))
            #expect(folder.contents.isEmpty)
        }
    }
}

#if canImport(Glibc)
    private let fileSizeLimit = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
#else
    private let fileSizeLimit = RLIMIT_FSIZE
#endif
