import Arrays
import Figures

/// The claims as a table for a terminal: aligned columns, long sentences wrapped.
public struct ClaimsTable: Sendable {
    /// Number of characters in a line; at least 80 are used. Default: 100.
    public var width: Int
    /// What the claims are about, which decides the words that the glossary explains. Default: the duality.
    public var theory: Theory

    public init(width: Int = 100, theory: Theory = .duality) {
        self.width = max(80, width)
        self.theory = theory
    }

    /// The table's text, each line ended by a newline; empty where there are no claims.
    public func render(_ claims: [Claim]) -> String {
        guard !claims.isEmpty else { return "" }
        // Where all are of one figure its name says nothing.
        let isOne = Set(claims.map(\.figure)).count == 1
        let rows =
            [[isOne ? "" : "figure", "claim", "criterion", "measured", "control", "verdict"]]
            + claims.map { claim in
                [
                    isOne ? "" : claim.figure, claim.claim, claim.criterion, claim.measuredText,
                    claim.control == nil ? "–" : claim.controlText,
                    claim.verdictText,
                ].map(Self.printable)
            }
        let widths = columnWidths(rows)
        var text = ""
        for (index, row) in rows.enumerated() {
            let cells = zip(row, widths).map { wrap($0, max(1, $1)) }
            for line in 0..<(cells.map(\.count).max() ?? 0) {
                let parts = zip(cells, widths).map { cell, width in
                    (line < cell.count ? cell[line] : "").padding(to: width)
                }
                text += parts.dropFirst(isOne ? 1 : 0).joined(separator: "  ").trimmingSuffix + "\n"
            }
            if index == 0 {
                text += widths.dropFirst(isOne ? 1 : 0).map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n"
            }
        }
        return text + footer(rows)
    }

    /// Which words of the table the glossary explains.
    private func footer(_ rows: [[String]]) -> String {
        let words = Glossary.words(in: rows.joined().joined(separator: " "), of: theory)
        guard !words.isEmpty else { return "" }
        return "\n" + wrap("inflaton glossary explains: \(words.joined(separator: ", "))", width).map { $0 + "\n" }.joined()
    }

    /// The columns' widths: the short columns what they need, the sentences what is left.
    private func columnWidths(_ rows: [[String]]) -> [Int] {
        let caps = width < 100 ? [10, .max, .max, 12, 12, 9] : [14, .max, .max, 20, 18, 14]
        var widths = (0..<6).map { column in min(caps[column], rows.map { $0[column].count }.max() ?? 0) }
        let left = max(24, width - 2 * 5 - widths[0] - widths[3] - widths[4] - widths[5])
        let wanted = (widths[1], widths[2])
        if wanted.0 + wanted.1 > left {
            let half = left / 2
            widths[1] = wanted.0 <= half ? wanted.0 : max(left - wanted.1, left * 11 / 20)
            widths[2] = left - widths[1]
        }
        return widths
    }

    private func wrap(_ text: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = String(word)
            if !line.isEmpty, line.count + 1 + word.count <= width {
                line += " " + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while word.count > width {
                lines.append(String(word.prefix(width)))
                word = String(word.dropFirst(width))
            }
            line = word
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// Without control characters, which a terminal would obey, and without the braces of subscripts and superscripts.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
            .replacing(/([_^])\{([^{}]*)\}/) { "\($0.output.1)\($0.output.2)" }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    fileprivate var trimmingSuffix: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

extension ClaimsTable {
    /// The claims as a table with the columns figure, claim, criterion, measured, standardError, control, verdict, controlModel, reason.
    ///
    /// `measured` is the number where there is one and the text elsewhere; `control` is the number that the same measurement gives for
    /// `controlModel`; `reason` says why nothing is decided. Missing values are empty cells.
    /// - Throws: nothing in practice; the columns are fixed.
    public static func csv(_ claims: [Claim]) throws -> CSVTable {
        try CSVTable(
            columns: ["figure", "claim", "criterion", "measured", "standardError", "control", "verdict", "controlModel", "reason"],
            rows: claims.map { claim in
                func text(_ text: String?) -> CSVTable.Cell { text.map { $0.isEmpty ? .empty : .text($0) } ?? .empty }
                func number(_ value: Double?) -> CSVTable.Cell { value.map { .number($0) } ?? .empty }
                return [
                    .text(claim.figure), .text(claim.claim), .text(claim.criterion),
                    claim.measured == nil ? .text(claim.measuredText) : number(claim.measured), number(claim.standardError),
                    number(claim.control?.value), .text(claim.verdictText), text(claim.control?.model), text(claim.reason),
                ]
            })
    }
}
