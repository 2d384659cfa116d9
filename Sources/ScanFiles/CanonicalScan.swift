import Runs

/// A scan file in one spelling: a line a key, in the order of the file, which is that of the axes.
enum CanonicalScan {
    static func text(_ documents: [ScanDocument], _ files: [String: Digest]) -> String {
        let bodies = documents.map { document in document.entries.map { "\($0.key): \(flow($0.node))\n" }.joined() }
        let sources = files.sorted { $0.key < $1.key }.map { "# \(quoted($0.key)) sha256:\($0.value)\n" }.joined()
        return bodies.joined(separator: "---\n") + sources
    }

    private static func flow(_ node: ScanNode) -> String {
        switch node {
        case .mapping(let mapping): "{" + mapping.pairs.map { "\($0.key.string): \(flow($0.value))" }.joined(separator: ", ") + "}"
        case .sequence(let sequence): "[" + sequence.elements.map(flow).joined(separator: ", ") + "]"
        case .scalar(let text): scalar(text.string)
        }
    }

    /// Numbers by their shortest decimal, words as they are, all else in quotes.
    private static func scalar(_ text: String) -> String {
        if let integer = UInt64(text) { return "\(integer)" }
        if let number = Double(text), number.isFinite, text.allSatisfy({ "0123456789.eE+-".contains($0) }) { return number.scanText }
        let isWord = text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return isWord && !["null", "Null", "NULL"].contains(text) ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
