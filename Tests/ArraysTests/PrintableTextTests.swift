import Arrays
import Testing

@Suite struct PrintableTextTests {
    /// The escapes follow from the definition: the name of the character in braces.
    @Test(arguments: [
        ("\u{1B}[2J", "\\u{1B}[2J"), ("a\u{9B}31m", "a\\u{9B}31m"), ("\u{7F}\u{0}\u{8}", "\\u{7F}\\u{0}\\u{8}"),
        ("gpj.\u{202E}exe", "gpj.\\u{202E}exe"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("one\u{2028}two", "one\\u{2028}two"),
        ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"), ("\u{FEFF}name", "\\u{FEFF}name"),
    ])
    func escapesWhatSteersATerminal(text: String, expected: String) {
        #expect(text.printable == expected)
    }

    @Test(arguments: ["", "σ_w = 1, η̇ 漢字", "خط\u{200C}ها", "👩\u{200D}🔬", "C:\\new ~!'\"$`", "e\u{301}"])
    func leavesWords(text: String) {
        #expect(Array(text.printable.unicodeScalars) == Array(text.unicodeScalars))
        #expect(Array(text.printableLines.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test func keepsTheLinesOfMessages() {
        #expect("a\n\tb\u{1B}c\rd".printableLines == "a\n\tb\\u{1B}c\\rd")
    }
}
