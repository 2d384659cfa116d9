import ArgumentParser
import Foundation

/// The words of the command line and the variables of the environment before anybody reads them as text.
enum CommandLineText {
    /// Refuses what is not UTF-8. Swift would replace such bytes, so that a name would be that of another file, which is read, or written, in
    /// the place of the one that was meant.
    /// - Throws: `ValidationError`.
    static func check() throws(ValidationError) {
        for index in 0..<Int(CommandLine.argc) {
            guard let word = CommandLine.unsafeArgv[index], let text = garbled(word) else { continue }
            throw ValidationError(
                "argument \(index) is '\(text)', which is not UTF-8 text; rename the file, or give it through a symbolic link of such a name."
            )
        }
        for variable in ["INFLATON_CACHE", "INFLATON_DEVICE", "INFLATON_KERNELS", "INFLATON_TUNING"] {
            guard let word = getenv(variable), let text = garbled(word) else { continue }
            throw ValidationError("the variable \(variable) is '\(text)', which is not UTF-8 text; set it to another value, or unset it.")
        }
    }

    /// The text with the replacements that Swift makes; nil where it makes none.
    private static func garbled(_ word: UnsafePointer<CChar>) -> String? {
        String(validatingCString: word) == nil ? String(cString: word) : nil
    }

    /// Whether an option was given, which its value alone does not tell where it equals the default.
    /// - Parameter name: with its dashes.
    static func gives(_ name: String, in arguments: [String] = CommandLine.arguments) -> Bool {
        arguments.dropFirst().prefix { $0 != "--" }.contains { $0 == name || $0.hasPrefix(name + "=") }
    }
}
