import ArgumentParser
import Foundation

/// Why the command ends early: a code for scripts and a message for people.
struct Failure {
    let error: any Error
    let status: ExitStatus
    let message: String

    init(_ error: any Error) {
        self.error = error
        if let known = error as? any StatusBearing {
            status = known.exitStatus
            message = "\(known)"
        } else if Self.isFromParser(error) {
            status = Inflaton.exitCode(for: error) == .success ? .done : .usage
            let text = Inflaton.fullMessage(for: error)
            message = text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
        } else {
            status = .failed
            message = "\(error)"
        }
    }

    /// Prints `inflaton: error: …` on standard error and, where `--json` was given, `{"error": {"code", "message"}}` on standard
    /// output, on one line as some commands write streams of them. What is no failure, such as `--help`, prints what it has to say.
    func exit(arguments: [String] = CommandLine.arguments) -> Never {
        if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
        if status == .done {
            do {
                try Console.writeToStandardOutput(message + "\n")
                Foundation.exit(status.rawValue)
            } catch {
                Failure(error).exit(arguments: arguments)
            }
        }
        Console.writeToStandardError("inflaton: error: \(message.printableLines)\n")
        if arguments.contains("--json") {
            // A standard output that is closed leaves the code and standard error to tell.
            try? Console.writeLine(Document(error: .init(code: Int(status.rawValue), message: message)))
        }
        Foundation.exit(status.rawValue)
    }

    private struct Document: Encodable {
        struct Content: Encodable {
            let code: Int
            let message: String
        }
        let error: Content
    }

    /// Usage errors, requests for help, and codes that a command ends with after it has said why.
    private static func isFromParser(_ error: any Error) -> Bool {
        error is ValidationError || error is CleanExit || error is ExitCode
            || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
