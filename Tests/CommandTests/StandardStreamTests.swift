import Foundation
import Runs
import Stores
import TestSupport
import Testing

/// Standard input, output and error as scripts leave them.
@Suite struct StandardStreamTests {
    /// Otherwise SQLite opens the store as descriptor 1 or 2, and messages are written into it.
    @Test(arguments: ["<&- >&- 2>&-", ">&-", "2>&-", "<&- >&-"]) func closedStreamsHarmNoStore(redirection: String) throws {
        try TemporaryFolder.with { folder in
            let scan = SmallScan(folder: folder)
            try scan.complete("open.sqlite")
            let run = try Command.run(
                try scan.words("closed.sqlite"), through: ["sh", "-c", "exec \"$@\" \(redirection)", "sh"])
            #expect(run.status == 0, "\(run.errors)")
            #expect(try scan.reader("closed.sqlite").fingerprint == scan.reader("open.sqlite").fingerprint)
        }
    }

    @Test func aPipeThatNobodyReadsIsAFailureToWrite() throws {
        try TemporaryFolder.with { folder in
            let pipe = Pipe()
            try pipe.fileHandleForReading.close()
            let process = try Command.start(["universe"], log: folder, standardOutput: pipe.fileHandleForWriting)
            process.waitUntilExit()
            let run = try Command.result(of: process, log: folder)
            #expect(process.terminationReason == .exit && run.status == 73, "\(run.status)")
            #expect(run.errors.contains("cannot write standard output: Broken pipe"), "\(run.errors)")
        }
    }

    @Test(arguments: [["universe"], ["--help"], ["ntk", "--help"], ["--version"], ["scan", "--schema"]])
    func failsWhereStandardOutputIsFull(words: [String]) throws {
        try #require(FileManager.default.fileExists(atPath: "/dev/full"))
        try TemporaryFolder.with { folder in
            let process = try Command.start(words, log: folder, standardOutput: FileHandle(forWritingTo: URL(filePath: "/dev/full")))
            process.waitUntilExit()
            let run = try Command.result(of: process, log: folder)
            #expect(run.status == 73 && run.errors.contains("No space left on device"), "\(run.errors)")
        }
    }

    /// Names from outside in messages: escape sequences, a carriage return, an override of the direction, a line of their own.
    @Test(arguments: [
        ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\u{9B}31mb", "a\\u{9B}31mb"), ("a\rb", "a\\rb"), ("a\u{202E}b", "a\\u{202E}b"),
        ("a\ninflaton: error: b", "a\\ninflaton: error: b"),
    ]) func messagesEscapeWhatSteersATerminal(name: String, shown: String) throws {
        for words in [["ntk", name, name, "-o", name], ["status", name], ["scan", name], ["evolve", "-o", "x", "--loss=\(name)"]] {
            let run = try Command.run(words)
            #expect(run.status == 64 || run.status == 65)
            #expect(run.errors.contains(shown) && !run.errors.contains(name), "\(run.errors)")
        }
    }

    @Test func refusesWordsThatAreNotUTF8() throws {
        try TemporaryFolder.with { folder in
            _ = try SmallNetwork().command(in: folder)
            for words in ["ntk \"$(printf 'w\\377.npz')\" x.npy -o o.npz", "ntk w.npz x.npy -o \"$(printf 'o\\377.npz')\""] {
                let run = try Command.run([], through: ["sh", "-c", "exec \"$0\" \(words) --device reference"], in: folder)
                #expect(run.status == 64 && run.errors.contains("not UTF-8"), "\(run.errors)")
                #expect(folder.contents == ["w.npz", "x.npy"])
            }
            let run = try Command.run([], through: ["sh", "-c", "INFLATON_CACHE=$(printf 'c\\377') exec \"$0\" cite"], in: folder)
            #expect(run.status == 64 && run.errors.contains("INFLATON_CACHE"), "\(run.errors)")
        }
    }
}
