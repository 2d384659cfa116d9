import Foundation
import TestSupport

/// A run of the command of which is known what it took.
struct MeasuredRun {
    /// The exit code; nil where a signal ended it.
    let status: Int32?
    /// The signal that ended it.
    let signal: Int32
    /// Time of all its threads.
    let processorSeconds: Double
    /// The most memory that it held.
    let peakBytes: Int
    /// What it wrote to standard error.
    let errors: String

    /// Runs the command in a folder; after `limit` seconds it is killed.
    static func run(_ arguments: [String], in folder: TemporaryFolder, limit: Double = 60) throws -> MeasuredRun {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let log = folder.file("errors")
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let words = [try Command.binary().path] + arguments
        // Swift's own report of a crash takes seconds, and the signal tells enough.
        let variables = Command.variables.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.map { "\($0.key)=\($0.value)" }
        var process = pid_t()
        let code = withPointers(words) { argv in withPointers(variables) { posix_spawn(&process, words[0], &actions, nil, argv, $0) } }
        guard code == 0 else { throw CocoaError(.executableLoad) }
        let deadline = Date().addingTimeInterval(limit)
        var status: Int32 = 0, usage = rusage(), peak = 0
        while wait4(process, &status, WNOHANG, &usage) == 0 {
            if Date() > deadline { kill(process, SIGKILL) }
            peak = max(peak, peakBytes(of: process))
            usleep(1000)
        }
        let text = String(decoding: (try? Data(contentsOf: URL(filePath: log))) ?? Data(), as: UTF8.self)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return MeasuredRun(
            status: status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, signal: status & 0x7F,
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakBytes: peak, errors: text)
    }

    /// The kernel's count for the program that a process runs now. `ru_maxrss` is no measure: it begins with that of the tests.
    private static func peakBytes(of process: pid_t) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return 0 }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }

    private static func withPointers<Result>(
        _ words: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}
