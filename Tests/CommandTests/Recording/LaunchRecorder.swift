import Foundation
import TestSupport
import Testing

/// Runs the command with a record of what it asks of OpenCL, on devices that look like a GPU.
struct LaunchRecorder {
    /// Multiprocessors of the GPU that the devices pretend to be; nil to leave them as they are.
    var gpuUnits: Int? = 132
    /// Whether nothing is launched, for the record alone: the results are worthless, and a job of any size takes a second.
    var skipsLaunches = false

    /// Runs `inflaton` to its end.
    /// - Parameters:
    ///   - arguments: those of the command. `--device gpu` is up to the caller.
    ///   - environment: more variables.
    ///   - current: the folder it runs in; default that of the tests.
    func run(
        _ arguments: [String], environment: [String: String] = [:], in current: TemporaryFolder? = nil
    ) throws -> (command: Command, record: LaunchRecord) {
        try TemporaryFolder.with { folder in
            var variables = environment
            variables["LD_PRELOAD"] = try Self.library.get()
            variables["RECORDER_FOLDER"] = folder.path
            variables["RECORDER_GPU_UNITS"] = gpuUnits.map { "\($0)" }
            variables["RECORDER_SKIPS"] = skipsLaunches ? "1" : nil
            let command = try Command.run(arguments, environment: variables, in: current)
            return (command, try LaunchRecord(folder))
        }
    }

    private static let library = Result { try compilePreload("record_launches") }
}
