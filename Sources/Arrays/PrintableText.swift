/// Text from outside (names in stores and scan files, paths, words of the command line) as a terminal may be given it.
///
/// A control sequence of ECMA-48 in a store's scan name could move the cursor, hide what was printed, or set the window's title, and
/// an override of the direction of writing could show a path as another one.
extension String {
    /// This text in one line: characters that move the cursor, control the terminal, or change the order or visibility of others are
    /// written `\n`, `\t`, `\r` or `\u{1B}`. For values that stand in a message.
    public var printable: String { escaped(keepingLines: false) }

    /// As `printable`, but line breaks and tabs stay. For whole messages, whose lines are their own.
    public var printableLines: String { escaped(keepingLines: true) }

    private func escaped(keepingLines: Bool) -> String {
        func stays(_ scalar: Unicode.Scalar) -> Bool {
            !scalar.steersTerminal || keepingLines && (scalar == "\n" || scalar == "\t")
        }
        guard !unicodeScalars.allSatisfy(stays) else { return self }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if stays(scalar) {
                text.append(scalar)
            } else {
                text.append(contentsOf: scalar.printed.unicodeScalars)
            }
        }
        return String(text)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal does something else with this character than to show it: controls (C0, C1, delete), separators of lines and
    /// paragraphs, and formatting characters such as those that change the direction of writing. Joiners, which scripts and emoji
    /// need, are none.
    public var steersTerminal: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        if self == "\u{200C}" || self == "\u{200D}" { return false }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    /// How it is written instead.
    var printed: String {
        switch self {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        default: "\\u{" + String(value, radix: 16, uppercase: true) + "}"
        }
    }
}
