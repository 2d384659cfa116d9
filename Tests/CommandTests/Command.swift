import Foundation
import TestSupport
import Testing

/// One run of the built command as a process.
struct Command {
    let status: Int32
    let output: String
    let errors: String

    /// Runs `inflaton` to its end. `INFLATON_DEVICE` is taken out of the environment that it sees, and parameters of kernels that somebody
    /// has tuned are kept out.
    /// - Parameter current: the folder it runs in; default that of the tests.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], through launcher: [String] = [], in current: TemporaryFolder? = nil
    ) throws -> Command {
        try TemporaryFolder.with { folder in
            let process = try start(arguments, environment: environment, log: folder, through: launcher, in: current)
            process.waitUntilExit()
            return try result(of: process, log: folder)
        }
    }

    /// Variables under which no OpenCL driver is found.
    static let withoutDrivers = ["OCL_ICD_VENDORS": TemporaryFolder.absent]

    /// The words of a command that runs another one without the superuser's rights.
    static let asOrdinaryUser = geteuid() == 0 ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []

    /// The environment of the tests without what would choose a device or change the order of sums.
    static var variables: [String: String] {
        ProcessInfo.processInfo.environment.filter { $0.key != "INFLATON_DEVICE" }
            .merging(["INFLATON_TUNING": "portable"]) { $1 }
    }

    /// Starts `inflaton` with its two streams in files of `log`: pipes would have to be read while it runs.
    /// - Parameter launcher: the words of a command that runs the one given behind it, such as `setpriv`.
    static func start(
        _ arguments: [String], environment: [String: String] = [:], log: TemporaryFolder, standardOutput: FileHandle? = nil,
        through launcher: [String] = [], in current: TemporaryFolder? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = try launcher.isEmpty ? binary() : URL(filePath: "/usr/bin/env")
        process.arguments = try launcher.isEmpty ? arguments : launcher + [binary().path] + arguments
        process.environment = variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for name in ["output", "errors"] { try Data().write(to: URL(filePath: log.file(name))) }
        process.standardOutput = try standardOutput ?? FileHandle(forWritingTo: URL(filePath: log.file("output")))
        if let current { process.currentDirectoryURL = current.url }
        process.standardError = try FileHandle(forWritingTo: URL(filePath: log.file("errors")))
        try process.run()
        return process
    }

    static func result(of process: Process, log: TemporaryFolder) throws -> Command {
        Command(status: process.terminationStatus, output: try log.text("output"), errors: try log.text("errors"))
    }

    /// The members of the one JSON object that standard output must hold.
    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "standard output: \(output)")
    }

    /// The objects that standard output must hold, one a line.
    func jsonLines() throws -> [[String: Any]] {
        try output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "standard output: \(output)")
        }
    }

    /// `inflaton` beside the tests: SwiftPM builds both into one folder. The test bundle is this process, or an argument of it.
    static func binary() throws -> URL {
        let hints = [Bundle.main.executablePath].compactMap { $0 } + CommandLine.arguments.filter { $0.contains(".xctest") }
        for hint in hints {
            var folder = URL(filePath: hint).deletingLastPathComponent()
            while folder.pathComponents.count > 1 {
                let candidate = folder.appending(path: "inflaton")
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue { return candidate }
                folder.deleteLastPathComponent()
            }
        }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSLocalizedDescriptionKey: "no inflaton beside \(hints)"])
    }
}

/// A folder that is removed after its test.
extension TemporaryFolder {
    /// A path with a name that nobody has: there is nothing.
    static let absent = FileManager.default.temporaryDirectory.appending(path: "absent-\(UUID().uuidString)").path

    func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }
}

/// A file of Tests/Fixtures.
func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
}
