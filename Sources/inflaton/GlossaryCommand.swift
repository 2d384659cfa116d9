import ArgumentParser
import Arrays
import Engines
import Foundation
import Report

struct GlossaryCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "glossary", abstract: "What the words mean that figures, tables and claims use, such as travel, drift or null model.")

    @Argument(help: "Words to look up, one a quoted argument. Default: all.", completion: .list(Glossary.entries.map(\.word)))
    var words: [String] = []

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    var usedFiles: CommandFiles { .init() }

    func run() throws {
        let entries = try words.isEmpty ? Glossary.entries : words.map(Self.entry)
        try Console(json: json, quiet: false).finish(
            "glossary", provenance: Provenance(parameters: [:], engine: nil), result: ["words": entries],
            text: entries.map { Self.text($0) }.joined(separator: "\n"))
    }

    private static func entry(_ word: String) throws -> Glossary.Entry {
        guard let entry = Glossary.entry(word) else {
            let known = Glossary.entries.map(\.word)
            throw ValidationError(
                "the glossary has no word '\(word.printable)'"
                    + CommandNames.suggestion(word, among: known, "it has \(known.joined(separator: ", ")).")
            )
        }
        return entry
    }

    /// The word, and its meaning in lines of 100 characters below it.
    private static func text(_ entry: Glossary.Entry) -> String {
        var lines = [""]
        for word in entry.meaning.replacing("_0", with: "₀").replacing("_1", with: "₁").split(separator: " ") {
            if lines[lines.count - 1].count + word.count > 96 { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return entry.word + "\n" + lines.map { "    " + $0 + "\n" }.joined()
    }
}
