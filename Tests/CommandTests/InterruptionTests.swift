import Arrays
import Foundation
import TestSupport
import Testing

@Suite struct InterruptionTests {
    /// Work of a few seconds whose first block comes after a part of it: 1000 points through two layers of width 1000, in Double.
    private func longWork(in folder: TemporaryFolder) throws -> [String] {
        let width = 1000, points = 1000
        func zeros(_ shape: [Int]) throws -> NumericArray {
            try NumericArray(shape: shape, elements: [Double](repeating: 0, count: shape.reduce(1, *)))
        }
        try NumericArchive.write(
            [
                ("W1", zeros([1, width]), .float32), ("W2", zeros([width, width]), .float32), ("W3", zeros([width, 1]), .float32),
            ], to: folder.file("w.npz"))
        try zeros([points, 1]).writeNPY(to: folder.file("x.npy"))
        return ["ntk", folder.file("w.npz"), folder.file("x.npy"), "-o", folder.file("out.npz"), "--device", "reference"]
    }

    private func wait(for text: String, in folder: TemporaryFolder, while process: Process) throws {
        let deadline = Date().addingTimeInterval(60)
        while !(try folder.text("errors").contains(text)) {
            let errors = try folder.text("errors")
            try #require(process.isRunning && Date() < deadline, "\(errors)")
            usleep(5000)
        }
    }

    /// Ctrl-C, `kill` or a scheduler, and a terminal that is closed are one: each is finished with, then 130.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func endsWith130AndWritesNothing(signal: Int32) throws {
        try TemporaryFolder.with { folder in
            let process = try Command.start(try longWork(in: folder), log: folder)
            try wait(for: "engine:", in: folder, while: process)
            kill(process.processIdentifier, signal)
            // As timeout(1) does: to the process and to its group. It is one request.
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            let run = try Command.result(of: process, log: folder)
            #expect(process.terminationReason == .exit && run.status == 130, "\(run.errors)")
            #expect(run.errors.contains("inflaton: error: interrupted"), "\(run.errors)")
            #expect(run.output.isEmpty)
            #expect(folder.contents == ["errors", "output", "w.npz", "x.npy"])
        }
    }

    @Test func aSecondSignalEndsAtOnce() throws {
        try TemporaryFolder.with { folder in
            let process = try Command.start(try longWork(in: folder), log: folder)
            try wait(for: "engine:", in: folder, while: process)
            process.interrupt()
            try wait(for: "press Ctrl-C again", in: folder, while: process)
            while process.isRunning {
                usleep(50_000)
                process.terminate()
            }
            process.waitUntilExit()
            let run = try Command.result(of: process, log: folder)
            #expect(process.terminationReason == .exit && run.status == 130, "\(run.errors)")
            // It leaves no time for a message.
            #expect(!run.errors.contains("inflaton: error: interrupted"), "\(run.errors)")
            #expect(folder.contents == ["errors", "output", "w.npz", "x.npy"])
        }
    }

    @Test func nohupMeansIt() throws {
        try TemporaryFolder.with { folder in
            let process = try Command.start(try longWork(in: folder), log: folder, through: ["nohup"])
            try wait(for: "engine:", in: folder, while: process)
            kill(process.processIdentifier, SIGHUP)
            usleep(200_000)
            #expect(process.isRunning)
            #expect(try !folder.text("errors").contains("finishing what is in flight"))
            process.interrupt()
            process.waitUntilExit()
            #expect(process.terminationStatus == 130)
        }
    }

    /// A command without pieces of work ends at once, here while it waits for somebody to read.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aCommandInOnePieceEndsAtOnce(signal: Int32) throws {
        try TemporaryFolder.with { folder in
            let pipe = Pipe()
            let process = try Command.start(["universe", "--samples", "20000"], log: folder, standardOutput: pipe.fileHandleForWriting)
            // The pipe holds what it can, and the rest waits.
            var filled: Int32 = 0
            try CommandTests.wait(for: "the pipe to fill") {
                ioctl(pipe.fileHandleForReading.fileDescriptor, UInt(FIONREAD), &filled) == 0 && filled >= 65536
            }
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        }
    }
}
