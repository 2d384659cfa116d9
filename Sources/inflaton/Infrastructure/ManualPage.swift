import Engines
import Foundation

/// A page of the manual, section 1, in the language of man(7).
struct ManualPage {
    /// Its name, such as inflaton-evolve.1.
    let file: String
    let text: String

    /// The pages of a command and its subcommands, but of those that are not listed.
    /// - Parameter help: as the parser dumps it.
    /// - Throws: `DecodingError`.
    static func all(ofHelp help: Data) throws -> [ManualPage] {
        let root = try CommandHelp(dumped: help)
        let listed = (root.subcommands ?? []).filter { $0.isShown && $0.commandName != "help" }
        let others = listed.map { "\(root.commandName)-\($0.commandName)" }
        return [ManualPage(root, name: root.commandName, subcommands: listed, others: others)]
            + listed.map { command in
                let name = "\(root.commandName)-\(command.commandName)"
                return ManualPage(command, name: name, subcommands: [], others: [root.commandName] + others.filter { $0 != name })
            }
    }

    private init(_ command: CommandHelp, name: String, subcommands: [CommandHelp], others: [String]) {
        file = name + ".1"
        let words = name.replacingOccurrences(of: "-", with: " ")
        var lines = [
            ".TH \"\(name.uppercased())\" 1 \"\" \"Inflaton \(Version.current)\" \"Inflaton\"", ".SH NAME",
            "\(name) \\- \(Self.line(command.abstract ?? ""))", ".SH SYNOPSIS", ".B \(words)",
        ]
        let arguments = (command.arguments ?? []).filter(\.isShown)
        lines += subcommands.isEmpty ? arguments.map(\.synopsis) : [".I command", "[options]"]
        if let discussion = command.discussion { lines += [".SH DESCRIPTION"] + Self.paragraphs(discussion) }
        if !subcommands.isEmpty {
            lines.append(".SH COMMANDS")
            for subcommand in subcommands {
                lines += [".TP", ".B \(subcommand.commandName)", Self.line(subcommand.abstract ?? "")]
            }
        }
        for (title, kinds) in [("ARGUMENTS", ["positional"]), ("OPTIONS", ["option", "flag"])] {
            let own = arguments.filter { kinds.contains($0.kind) }
            if !own.isEmpty { lines.append(".SH \(title)") }
            for argument in own { lines += [".TP", argument.heading] + argument.meaning }
        }
        if let examples = HelpExamples.of(command.commandName) {
            lines.append(".SH EXAMPLES")
            for example in examples.examples { lines += [".TP", ".B \(Self.line(example.line))", Self.line(example.meaning)] }
            if !examples.units.isEmpty { lines += [".SH UNITS", Self.line(examples.units)] }
        }
        lines += [
            ".SH EXIT STATUS", "0 done; 1 the work failed; 64 usage; 65 bad input data; 69 a device or precision is unavailable;",
            "73 an output exists or cannot be written; 130 interrupted.", ".SH SEE ALSO",
            others.map { ".BR \(Self.line($0)) (1)" }.joined(separator: "\n"),
        ]
        text = lines.joined(separator: "\n") + "\n"
    }

    /// Text that roff takes as it is.
    fileprivate static func line(_ text: String) -> String {
        let escaped = text.replacingOccurrences(of: "\\", with: "\\e").replacingOccurrences(of: "-", with: "\\-")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }

    /// Paragraphs that blank lines separate; lines that are indented, such as examples, stay lines.
    fileprivate static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        for paragraph in text.components(separatedBy: "\n\n") {
            lines.append(".PP")
            for part in paragraph.split(separator: "\n") {
                lines +=
                    part.hasPrefix("  ")
                    ? [".RS 4", ".nf", line(part.trimmingCharacters(in: .whitespaces)), ".fi", ".RE"] : [line(String(part))]
            }
        }
        return lines
    }
}

extension CommandHelp.Argument {
    private var value: String { "<\(valueName ?? "value")>" }

    /// As the synopsis has it.
    var synopsis: String {
        var text = (names?.last).map { ManualPage.line($0.text) } ?? ""
        if kind != "flag" { text += (text.isEmpty ? "" : " ") + ManualPage.line(value) }
        if isRepeating { text += " ..." }
        return isOptional ? "[\(text)]" : text
    }

    var heading: String {
        let words = (names ?? []).map { ManualPage.line($0.text) }.joined(separator: ", ")
        return ".B \(words)\(kind == "flag" ? "" : (words.isEmpty ? "" : " ") + ManualPage.line(value))"
    }

    var meaning: [String] {
        var text = [abstract, discussion].compactMap { $0 }.joined(separator: " ")
        if let allValues, !allValues.isEmpty { text += " Values: \(allValues.joined(separator: ", "))." }
        if let defaultValue, !defaultValue.isEmpty { text += " Default: \(defaultValue)." }
        return text.split(separator: "\n").map { ManualPage.line(String($0)) }
    }
}
