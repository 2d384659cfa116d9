import Arrays
import Foundation
import Testing

@Suite struct InterruptionTests {
    /// Work of a few seconds whose first block comes after a part of it: 1000 points through two layers of width 1000, in Double.
    private func longWork(in folder: Folder) throws -> [String] {
        let width = 1000, points = 1000
        func zeros(_ shape: [Int]) throws -> NumericArray {
            try NumericArray(shape: shape, elements: [Double](repeating: 0, count: shape.reduce(1, *)))
        }
        try NumericArchive.write(
            [
                ("W1", zeros([1, width]), .float32), ("W2", zeros([width, width]), .float32), ("W3", zeros([width, 1]), .float32),
            ], to: folder.path("w.npz"))
        try zeros([points, 1]).writeNPY(to: folder.path("x.npy"))
        return ["ntk", folder.path("w.npz"), folder.path("x.npy"), "-o", folder.path("out.npz"), "--device", "reference"]
    }

    private func wait(for text: String, in folder: Folder, while process: Process) throws {
        let deadline = Date().addingTimeInterval(60)
        while !(try folder.text("errors").contains(text)) {
            let errors = try folder.text("errors")
            try #require(process.isRunning && Date() < deadline, "\(errors)")
            usleep(5000)
        }
    }

    @Test(arguments: [1, 2]) func endsWith130AndWritesNothing(signals: Int) throws {
        try Folder.temporary { folder in
            let process = try Command.start(try longWork(in: folder), log: folder)
            try wait(for: "engine:", in: folder, while: process)
            process.interrupt()
            if signals == 2 {
                try wait(for: "press Ctrl-C again", in: folder, while: process)
                process.interrupt()
            }
            process.waitUntilExit()
            let run = try Command.result(of: process, log: folder)
            #expect(process.terminationReason == .exit && run.status == 130, "\(run.errors)")
            // The second Ctrl-C leaves no time for a message.
            #expect(run.errors.contains("inflaton: error: interrupted") == (signals == 1), "\(run.errors)")
            #expect(run.output.isEmpty)
            #expect(try folder.names() == ["errors", "output", "w.npz", "x.npy"])
        }
    }
}
