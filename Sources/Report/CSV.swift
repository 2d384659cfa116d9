import Experiments

/// Writes tables as RFC 4180: comma-separated, lines ended by CR LF, fields quoted where they must be.
public enum CSV {
    /// The table with a header line. Numbers have the fewest digits that read back as the same Double; not-a-number is `nan`,
    /// infinities are `inf` and `-inf`, as NumPy and pandas read them.
    public static func text(_ table: DataTable) -> String {
        var lines = [table.columns.map(\.name)]
        for row in 0..<table.rowCount {
            lines.append(
                table.columns.map { column in
                    guard row < column.count else { return "" }
                    switch column.values {
                    case .numbers(let numbers): return number(numbers[row])
                    case .words(let words): return words[row]
                    }
                })
        }
        return text(lines)
    }

    /// The claims with the columns figure, claim, criterion, measured, standardError, control, verdict.
    ///
    /// `measured` is the number where there is one and the text elsewhere; missing values are empty.
    public static func text(_ claims: [Claim]) -> String {
        let header = ["figure", "claim", "criterion", "measured", "standardError", "control", "verdict"]
        return text(
            [header]
                + claims.map { claim in
                    let control =
                        switch claim.control {
                        case nil: ""
                        case .value(let value): number(value)
                        case .words(let words): words
                        }
                    return [
                        claim.figure, claim.claim, claim.criterion, claim.measured.map(number) ?? claim.measuredText,
                        claim.standardError.map(number) ?? "", control, claim.verdict.rawValue,
                    ]
                })
    }

    private static func text(_ lines: [[String]]) -> String {
        lines.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func number(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func field(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
