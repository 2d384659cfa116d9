import ArgumentParser
import Arrays
import Runs

/// The names of the subcommands, as somebody may have mistyped them.
enum CommandNames {
    /// Refuses a subcommand that there is not, and says which one may be meant. The parser would speak of an unexpected argument, or of an
    /// option that only the subcommand has.
    /// - Throws: `ValidationError`.
    static func check(_ words: [String], known: [String]) throws(ValidationError) {
        var words = words[...]
        if words.first == "help" { words = words.dropFirst() }
        guard let word = words.first, !word.hasPrefix("-"), word != "help", !known.contains(word) else { return }
        throw ValidationError("there is no command '\(word.printable)'\(suggestion(word, among: known, "see inflaton --help."))")
    }

    /// What to say after a word that is none of some known ones: the nearest of them, or something else.
    static func suggestion(_ word: String, among known: [String], _ otherwise: String) -> String {
        (NearestName.find(word, among: known).map { "; did you mean '\($0)'?" } ?? ";") + " " + otherwise
    }
}
