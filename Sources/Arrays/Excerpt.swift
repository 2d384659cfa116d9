extension String {
    /// The text as a message may repeat it: at most 120 characters of its start and none that would act on a terminal.
    ///
    /// Names and values from files are anybody's, of any length.
    public var excerpt: String {
        var text = "", length = 0
        for scalar in unicodeScalars {
            guard length < 120 else { return text + "…" }
            length += 1
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: text += scalar.escaped(asASCII: true)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Collection<String> {
    /// The names as a message lists them: the first twelve, and how many more there are; "nothing" for none.
    public var listed: String {
        guard !isEmpty else { return "nothing" }
        let names = prefix(12).map(\.excerpt).joined(separator: ", ")
        return count > 12 ? "\(names) and \(count - 12) more" : names
    }
}

extension Collection<Int> {
    /// A shape as a message shows it, the way NumPy does, and no more than eight axes of it.
    public var shapeText: String {
        "(" + prefix(8).map { "\($0)" }.joined(separator: ", ") + (count > 8 ? ", … \(count) axes)" : count == 1 ? ",)" : ")")
    }
}
