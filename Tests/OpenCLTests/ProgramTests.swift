import Foundation
import OpenCL
import Synchronization
import TestSupport
import Testing

@Suite struct ProgramTests {
    @Test func buildFailureNamesFileLineOptionsAndDevice() throws {
        let device = try anyDevice()
        let context = try Context(device: device, cache: nil)
        let source = """
            kernel void fine(global float *x) { x[0] = 1; }
            #line 41 "stage.cl"
            kernel void broken(global float *x) {
                x[0] = undeclared_thing;
            }
            """
        let error = #expect(throws: OpenCLError.self) { try context.program(source: source, options: "-DWIDTH=7") }
        guard case .buildFailed(let log, "-DWIDTH=7", device.name) = error else {
            Issue.record("\(String(describing: error)) instead of a failed build")
            return
        }
        #expect(log.contains("stage.cl:42"))
        #expect(log.contains("undeclared_thing"))
        let message = String(describing: OpenCLError.buildFailed(log: log, options: "-DWIDTH=7", device: device.name))
        #expect(message.contains(device.name) && message.contains("-DWIDTH=7") && message.contains(log))
        // A refused program is not remembered as a good one.
        #expect(throws: OpenCLError.self) { try context.program(source: source, options: "-DWIDTH=7") }
        #expect(context.counters.programsCompiled == 0)
    }

    /// Whoever waits for a compiler is told while it lasts, once.
    @Test func compilationIsNoticed() throws {
        let heard = Mutex<[Compilation.Notice]>([])
        Compilation.notify(after: .zero) { notice in heard.withLock { $0.append(notice) } }
        let context = try Context(device: try anyDevice(), cache: nil)
        for _ in 0..<20 where heard.withLock({ $0.isEmpty }) {
            // A program that no cache has.
            _ = try Self.run(context, value: Int.random(in: 0...1_000_000_000))
        }
        let notices = heard.withLock { $0 }
        #expect(notices.count == 1 && notices.allSatisfy { !$0.device.isEmpty })
    }

    /// Runs the program, proving that it does what its source says whatever the cache did.
    static func run(_ directory: URL?, value: Int = 5) throws -> Context.Counters {
        try run(Context(device: anyDevice(), cache: directory.map { ProgramCache(directory: $0) }), value: value)
    }

    private static func run(_ context: Context, value: Int) throws -> Context.Counters {
        let source = "kernel void set(global int *x) { x[get_global_id(0)] = VALUE + get_global_id(0); }"
        let kernel = try context.program(source: source, options: "-DVALUE=\(value)").kernel(named: "set")
        let x = try context.makeBuffer(of: Int32.self, count: 3)
        try kernel.launch(global: [3], local: [1], arguments: ["x": x])
        #expect(try x.read() == [Int32(value), Int32(value) + 1, Int32(value) + 2])
        return context.counters
    }

    static func files(_ directory: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
    }

    @Test func secondContextLoadsWhatTheFirstCompiled() throws {
        try withTemporaryDirectory { directory in
            let first = try Self.run(directory)
            #expect(first.programsCompiled == 1 && first.programsLoaded == 0)
            let second = try Self.run(directory)
            #expect(second.programsCompiled == 0 && second.programsLoaded == 1)
            let other = try Self.run(directory, value: 6)
            #expect(other.programsCompiled == 1 && other.programsLoaded == 0)
            #expect(try Self.files(directory).count == 2)
        }
    }

    @Test func manyContextsShareOneFolder() async throws {
        let folder = try TemporaryFolder(), directory = folder.url.appending(path: "new")
        defer { withExtendedLifetime(folder) {} }
        // Each finds no file, a file of another's, or one that is being replaced; `run` expects right numbers of all.
        let counters = try await withThrowingTaskGroup(of: Context.Counters.self) { group in
            for task in 0..<8 { group.addTask { try Self.run(directory, value: task % 2) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counters.allSatisfy { $0.programsCompiled + $0.programsLoaded == 1 })
        // Two programs, and nothing left behind by the writers.
        #expect(try Self.files(directory).count == 2)
        #expect(try Self.run(directory, value: 1).programsLoaded == 1)
    }

    enum Damage: CaseIterable { case empty, cut, cutInHeader, longer, flippedInBinary, flippedInKey, hugeLength, noise }

    @Test(arguments: Damage.allCases) func damagedFilesAreRebuilt(damage: Damage) throws {
        try withTemporaryDirectory { directory in
            _ = try Self.run(directory)
            let file = try #require(try Self.files(directory).first)
            var bytes = [UInt8](try Data(contentsOf: file))
            switch damage {
            case .empty: bytes = []
            case .cut: bytes.removeLast(bytes.count / 3)
            case .cutInHeader: bytes = Array(bytes.prefix(22))
            case .longer: bytes.append(0)
            case .flippedInBinary: bytes[bytes.count - 100] ^= 4
            case .flippedInKey: bytes[60] ^= 4
            case .hugeLength: for index in 19..<27 { bytes[index] = 255 }
            case .noise: bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 73) }
            }
            try Data(bytes).write(to: file)
            #expect(try Self.run(directory).programsCompiled == 1)
            // The damaged file was replaced by a good one.
            #expect(try Self.run(directory).programsLoaded == 1)
        }
    }

    @Test func fileOfAnotherProgramIsNotTaken() throws {
        try withTemporaryDirectory { directory in
            _ = try Self.run(directory, value: 5)
            let five = try #require(try Self.files(directory).first)
            _ = try Self.run(directory, value: 6)
            let six = try #require(try Self.files(directory).first { $0.lastPathComponent != five.lastPathComponent })
            // As if the two had the same hash.
            try Data(contentsOf: five).write(to: six)
            #expect(try Self.run(directory, value: 6).programsCompiled == 1)
        }
    }

    @Test(arguments: ["clCreateProgramWithBinary", "clBuildProgram"]) func binaryThatTheDriverRefusesIsRebuilt(call: String) throws {
        try withTemporaryDirectory { directory in
            _ = try Self.run(directory)
            let fault = Fault(call, code: -42)
            let context = try Context(device: try anyDevice(), cache: ProgramCache(directory: directory), faultHook: fault.hook)
            fault.arm()
            let source = "kernel void set(global int *x) { x[get_global_id(0)] = VALUE + get_global_id(0); }"
            #expect(try context.program(source: source, options: "-DVALUE=5").kernelNames == ["set"])
            #expect(context.counters.programsCompiled == 1 && context.counters.programsLoaded == 0)
        }
    }

    @Test func folderThatCannotBeWrittenIsNoError() throws {
        try withTemporaryDirectory { directory in
            // A file in the place of the folder stops every user, root included.
            try Data().write(to: directory)
            #expect(try Self.run(directory).programsCompiled == 1)
            #expect(try Self.run(directory.appending(path: "below")).programsCompiled == 1)
        }
        #expect(try Self.run(nil).programsCompiled == 1)
    }

    @Test func cacheIsWhereTheEnvironmentSays() {
        func path(_ environment: [String: String]) -> String { ProgramCache(environment: environment).directory.path }
        #expect(path(["INFLATON_CACHE": "/a/b", "XDG_CACHE_HOME": "/c", "HOME": "/d"]) == "/a/b")
        #expect(path(["INFLATON_CACHE": "", "XDG_CACHE_HOME": "/c", "HOME": "/d"]) == "/c/inflaton")
        // The XDG specification has relative paths ignored.
        #expect(path(["XDG_CACHE_HOME": "c", "HOME": "/d"]) == "/d/.cache/inflaton")
        #expect(path(["HOME": "/d"]) == "/d/.cache/inflaton")
    }
}
