import Arrays

/// Why a text is no expression: what was expected where.
public struct ExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The whole text.
    public let text: String
    /// The position in characters, from 1; one beyond the last where the text ends too early.
    public let position: Int
    /// What was expected there, with the remedy.
    public let expected: String

    /// One sentence: the text (of a long one, the part around the position), the position, and what was expected.
    public var description: String {
        let characters = Array(text), index = min(position - 1, characters.count)
        let window = max(0, index - Self.context)..<min(characters.count, index + Self.context)
        // A character may be of any length.
        let shown = Excerpt.of(String(characters[window]), longest: 4 * Self.context)
        let part = (window.lowerBound > 0 ? "…" : "") + shown + (window.upperBound < characters.count ? "…" : "")
        let found = index < characters.count ? "'\(Excerpt.of(String(characters[index]), longest: 8))' at position \(position)" : "the end"
        return "in the expression '\(part)', \(expected) was expected instead of \(found)"
    }

    /// Characters that are shown on either side.
    private static let context = 40
}
