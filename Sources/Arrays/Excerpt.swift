/// Foreign text as messages quote it: at most a line of it, on one line, and nothing that a terminal would obey.
public enum Excerpt {
    /// Characters that a message shows of one text at the most.
    public static let longest = 120

    /// The beginning of a text, with control characters escaped (`\n`, `\u{1B}`) and `…` where it is cut. Costs no more than what is shown.
    /// - Parameter longest: characters at the most. Default: ``longest``.
    public static func of(_ text: some StringProtocol, longest: Int = Excerpt.longest) -> String {
        var result = "", count = 0
        for scalar in text.unicodeScalars {
            let piece = scalar.steersTerminal ? scalar.printed : String(Character(scalar))
            count += piece.unicodeScalars.count
            guard count < longest else { return result + "…" }
            result += piece
        }
        return result
    }

    /// The first names of a list, each as an excerpt, and how many there are where some are left out; "nothing" for none.
    /// - Parameter longest: names at the most. Default: 8.
    public static func list(_ names: some Collection<String>, longest: Int = 8, separator: String = ", ") -> String {
        guard !names.isEmpty else { return "nothing" }
        let shown = names.prefix(longest).map { of($0, longest: 40) }.joined(separator: separator)
        return names.count > longest ? "\(shown)\(separator)… (\(names.count) in all)" : shown
    }
}
