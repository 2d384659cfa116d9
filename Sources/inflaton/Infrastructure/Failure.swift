import ArgumentParser
import Arrays
import Foundation

/// Why the command ends early: a code for scripts and a message for people.
struct Failure {
    let error: any Error
    let status: ExitStatus
    let message: String

    init(_ error: any Error) {
        self.error = error
        let text: String
        if let known = error as? any StatusBearing {
            status = known.exitStatus
            text = "\(known)"
        } else if let usage = error as? ValidationError {
            // From a command that runs: the parser's own come with the command's usage.
            status = .usage
            text = usage.message
        } else if Self.isFromParser(error) {
            status = Inflaton.exitCode(for: error) == .success ? .done : .usage
            let full = Inflaton.fullMessage(for: error)
            text = full.hasPrefix("Error: ") ? String(full.dropFirst(7)) : full
        } else {
            status = .failed
            text = "\(error)"
        }
        message = Self.printable(text)
    }

    /// The text with what was typed in one line each, wherever the message repeats it: the lines of a message are the program's own.
    private static func printable(_ text: String) -> String {
        CommandLine.arguments.dropFirst().reduce(text) { text, argument in
            // The value of `--option=value` is repeated alone.
            [argument, argument.firstIndex(of: "=").map { String(argument[argument.index(after: $0)...]) } ?? ""].reduce(text) {
                $1.printable == $1 ? $0 : $0.replacing($1, with: $1.printable)
            }
        }
    }

    /// Prints `inflaton: error: …` on standard error and, where `--json` was given, `{"error": {"code", "message"}}` on standard
    /// output, on one line as some commands write streams of them. What is no failure, such as `--help`, prints what it has to say.
    func exit(arguments: [String] = CommandLine.arguments) -> Never {
        if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
        if status == .done {
            do {
                let isHelp = message.contains("USAGE:")
                let examples = isHelp ? HelpExamples.text(after: Array(arguments.dropFirst())) : ""
                try Console.writeToStandardOutput(message + examples + "\n")
                Foundation.exit(status.rawValue)
            } catch {
                Failure(error).exit(arguments: arguments)
            }
        }
        Console.writeToStandardError("inflaton: error: \(message.printableLines)\n")
        if arguments.contains("--json") {
            // A standard output that is closed leaves the code and standard error to tell.
            try? Console.writeToStandardOutput(Self.document(message, status))
        }
        Foundation.exit(status.rawValue)
    }

    /// What `--json` prints of a failure, on one line.
    static func document(_ message: String, _ status: ExitStatus) -> String {
        // Strings and integers alone always encode.
        (try? Console.json(Document(error: .init(code: Int(status.rawValue), message: message)), formatting: [])) ?? ""
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
