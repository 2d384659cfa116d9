import Figures

/// How claims came out, in a few lines for a terminal.
public struct ClaimsSummary: Sendable {
    /// The most claims that do not hold which are named, those of one sentence together; the others are
    /// counted. Default: 6.
    public var named: Int
    /// Characters in a line, at least 40; what is longer is cut. Default: 120.
    public var width: Int

    public init(named: Int = 6, width: Int = 120) {
        self.named = max(0, named)
        self.width = max(40, width)
    }

    /// The count of each verdict, and of what does not hold a line each: at most `named` + 2 lines, each ended by a newline.
    public func render(_ claims: [Claim]) -> String {
        guard !claims.isEmpty else { return "" }
        let counts = Claim.Verdict.allCases.filter { verdict in claims.contains { $0.verdict == verdict } }.map(claims.counted)
        var lines = ["\(claims.count) claim\(claims.count == 1 ? "" : "s"): \(counts.joined(separator: ", "))"]
        let groups = Dictionary(grouping: claims.filter { $0.verdict == .fails }, by: \.figure)
        var seen: Set<String> = []
        let failed = claims.map(\.figure).filter { seen.insert($0).inserted }.flatMap { figure in
            ClaimFamily.all((groups[figure] ?? []).map { (0, $0) }).map { (figure: figure, family: $0) }
        }
        lines += failed.prefix(named).map { line($0.figure, $0.family) }
        let left = failed.dropFirst(named).reduce(0) { $0 + $1.family.members.count }
        if left > 0 { lines.append("  … and \(left) more that \(left == 1 ? "does" : "do") not hold") }
        return lines.map { ClaimsTable.printable($0) + "\n" }.joined()
    }

    /// What does not hold, with its number and the bound; of several settings, how many. The sentence is cut so that the numbers stay.
    private func line(_ figure: String, _ family: ClaimFamily) -> String {
        let first = family.members[0], count = family.members.count
        let number = first.claim.numberText
        let ending = (number.isEmpty ? "" : ": \(number), not \(first.claim.boundText)") + (count == 1 ? "" : ", and \(count - 1) more")
        let room = max(20, width - ending.count)
        let whole = ClaimsTable.printable("  ✗ \(figure): \(count == 1 ? first.claim.claim : family.sentence)")
        guard whole.count > room else { return whole + ending }
        // A setting in parentheses is left out as a whole: half of one reads as another.
        let text = ClaimsTable.printable("  ✗ \(figure): \(family.sentence)"), shortened = text == whole ? text : text + " (…)"
        guard shortened.count > room else { return shortened + ending }
        let cut = text.prefix(room - 1)
        return String(cut[..<(cut.lastIndex(of: " ") ?? cut.endIndex)]) + "…" + ending
    }
}
