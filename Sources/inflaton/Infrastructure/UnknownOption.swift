import ArgumentParser
import Arrays
import Foundation

/// Options that a command does not have. The parser sees them last: it takes their values for files, and a command that counts its files
/// would speak of these.
enum UnknownOption {
    /// What parsing gives; where it fails, an option that the subcommand does not have is the reason, whatever else was found first.
    static func first<Parsed>(of words: [String], help: @autoclosure () -> String, _ parse: () throws -> Parsed) throws -> Parsed {
        do {
            return try parse()
        } catch {
            guard Inflaton.exitCode(for: error) != .success else { throw error }
            try check(words, help: CommandHelp(dumped: Data(help().utf8)))
            throw error
        }
    }

    private static func check(_ words: [String], help: CommandHelp) throws {
        guard let command = help.subcommands?.first(where: { $0.commandName == words.first }) else { return }
        var known: [String: Bool] = ["help": false, "version": false, "help-hidden": false]
        for argument in command.arguments ?? [] {
            for name in argument.names ?? [] where name.isLong { known[name.name] = argument.kind == "option" }
        }
        var takesValue = false
        for word in words.dropFirst() {
            if word == "--" { return }
            guard !takesValue, word.hasPrefix("--") else {
                takesValue = false
                continue
            }
            let name = String(word.dropFirst(2).prefix { $0 != "=" })
            guard let isOption = known[name] else {
                throw ValidationError(
                    "Unknown option '--\(name.printable)'"
                        + suggestion(name, among: known.keys.sorted(), "see inflaton help \(command.commandName)."))
            }
            takesValue = isOption && !word.contains("=")
        }
    }

    /// The options that a name may mean, those that it is short for, else the nearest; and something else.
    private static func suggestion(_ name: String, among known: [String], _ otherwise: String) -> String {
        let meant = OptionAbbreviation.meanings(of: name, among: known).prefix(3)
        guard !meant.isEmpty else { return CommandNames.suggestion("--" + name, among: known.map { "--" + $0 }, otherwise) }
        return "; did you mean \(meant.map { "'--\($0)'" }.joined(separator: " or "))? " + otherwise
    }
}
