import Arrays
import Testing

@Suite struct ExcerptTests {
    @Test func shortTextsAreWhatTheyAre() {
        #expect(Excerpt.of("σ_w = 1, \"ü\" 🙂") == "σ_w = 1, \"ü\" 🙂")
        #expect(Excerpt.of("").isEmpty)
    }

    /// What a terminal would obey, reorder or break is shown by its number.
    @Test(arguments: [
        ("\u{1B}[31mred", "\\u{1B}[31mred"), ("a\nb\tc\rd", "a\\nb\\tc\\rd"), ("\u{0}\u{7F}\u{9B}", "\\u{0}\\u{7F}\\u{9B}"),
        ("a\u{202E}b", "a\\u{202E}b"), ("a\u{2028}b", "a\\u{2028}b"), ("\u{FEFF}a", "\\u{FEFF}a"),
    ]) func controlsAreEscaped(_ text: String, _ expected: String) { #expect(Excerpt.of(text) == expected) }

    @Test func longTextsAreCut() {
        let text = String(repeating: "x", count: 1_000_000)
        #expect(Excerpt.of(text) == String(repeating: "x", count: Excerpt.longest - 1) + "…")
        #expect(Excerpt.of(text, longest: 5) == "xxxx…")
        // Escapes count as what they take.
        #expect(Excerpt.of(String(repeating: "\u{1B}", count: 1000)).count <= Excerpt.longest)
    }

    @Test func listsSayHowManyThereAre() {
        #expect(Excerpt.list(["a", "b"]) == "a, b" && Excerpt.list([]) == "nothing")
        #expect(Excerpt.list((0..<5000).map { "\($0)" }, longest: 2) == "0, 1, … (5000 in all)")
    }
}
