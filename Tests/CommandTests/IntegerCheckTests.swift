import Foundation
import TestSupport
import Testing

/// `Scripts/check-integers`, which `Scripts/format --check` runs, finds what is planted and passes what is safe.
@Suite struct IntegerCheckTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scripts/check-integers").path

    /// The lines that the script complains of in a file of that text, or in the sources.
    private func complaints(of text: String?) throws -> [Int] {
        try TemporaryFolder.with { folder in
            let process = Process(), output = folder.file("output")
            try Data().write(to: URL(filePath: output))
            process.executableURL = URL(filePath: Self.script)
            if let text {
                try Data(text.utf8).write(to: URL(filePath: folder.file("Planted.swift")))
                process.arguments = [folder.file("Planted.swift")]
            }
            process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
            try process.run()
            process.waitUntilExit()
            let lines = try folder.text("output").split(separator: "\n")
            #expect(process.terminationStatus == (lines.isEmpty ? 0 : 1))
            return try lines.map { line in
                let number = line.dropFirst(text == nil ? 0 : folder.file("Planted.swift").count + 1).prefix { $0.isNumber }
                return try #require(Int(number), "\(line)")
            }
        }
    }

    @Test(arguments: [
        // What ended the program before: a task of Slurm's, the shares of a scan, a store's process, /proc's kilobytes.
        "guard let number = Int(task), let shard = try? ShardNumber(argument: \"\\(number - first)/\\(count)\") else { return }",
        "let first = environment[\"MIN\"].flatMap(Int.init) ?? 0, rest = task - first",
        "let gone = kill(pid_t(status.processIdentifier), 0) != 0",
        "let kilobytes = Int(word)!; return kilobytes * 1024",
        "let length = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))); let end = start + length",
        "@Option(help: \"Shards.\")\nvar shards = 4\nlet all = 2 * shards",
        "@Option var seed: UInt64 = 0; let next = seed + 1",
        "// outside: index\nlet next = index + 1",
        "let steps = Int(text) ?? 0; total += steps",
        "let narrow = UInt32(value)",
        "let whole = Int((value / 2).rounded())",
        "let text = \"of \\(Int32(value))\"",
    ])
    func findsWhatIsPlanted(line: String) throws {
        #expect(try complaints(of: "import Foundation\n\(line)\n") == [2 + line.count { $0 == "\n" }])
    }

    @Test(arguments: [
        "let number = Int(text), sum = number.plus(1), product = number.times(8)",
        "let process = pid_t(exactly: number) ?? 0, shown = Int32(clamping: number)",
        "let size = Int(text)!; let bytes = 4 * size  // bounded: checked above",
        "// bounded: by the header's sixteen bits\nlet narrow = UInt16(value)",
        "let size = Int(text)!; print(\"size * 2, \\(size)\" + \" and more\")",
        "let size = Int(text)!  // size * 2",
        "let half = 0.5 * width, next = other + 1, constant = UInt32(ZIP_FL_ENC_UTF_8), byte = UInt8(ascii: \"a\")",
    ])
    func passesWhatIsSafe(line: String) throws {
        #expect(try complaints(of: line + "\n") == [])
    }

    @Test func theSourcesPass() throws { #expect(try complaints(of: nil) == []) }
}
