import Figures

/// Claims that say the same of different settings, which stand in parentheses at their ends.
struct ClaimFamily {
    /// What they say, without the setting.
    let sentence: String
    /// The claims, each with its number in the table and its setting.
    private(set) var members: [(number: Int, setting: String, claim: Claim)]

    /// The families of claims, in the order of their first members.
    static func all(_ claims: [(number: Int, claim: Claim)]) -> [ClaimFamily] {
        var families: [ClaimFamily] = []
        for (number, claim) in claims {
            let (sentence, setting) = parts(claim.claim)
            if let index = families.firstIndex(where: { $0.sentence == sentence }) {
                families[index].members.append((number, setting, claim))
            } else {
                families.append(ClaimFamily(sentence: sentence, members: [(number, setting, claim)]))
            }
        }
        return families
    }

    /// The families that matter most: the first findings in their order, one that does not hold among them where there is one; what is
    /// true by construction only where nothing else is.
    static func leading(_ families: [ClaimFamily], count: Int) -> [ClaimFamily] {
        let findings = families.filter { $0.members.contains { $0.claim.verdict != .constructed } }
        let ordered = findings + families.filter { family in !findings.contains { $0.sentence == family.sentence } }
        guard ordered.count > count, let failed = ordered.firstIndex(where: \.fails), failed >= count else {
            return Array(ordered.prefix(count))
        }
        return ordered.prefix(count - 1) + [ordered[failed]]
    }

    /// Whether any does not hold.
    var fails: Bool { members.contains { $0.claim.verdict == .fails } }

    func count(_ verdict: Claim.Verdict) -> Int { members.count { $0.claim.verdict == verdict } }

    /// "It rolls (n = 2)" as "It rolls" and "n = 2".
    private static func parts(_ text: String) -> (sentence: String, setting: String) {
        guard text.last == ")" else { return (text, "") }
        var depth = 0
        for index in text.indices.reversed() {
            if text[index] == ")" { depth += 1 }
            guard text[index] == "(" else { continue }
            depth -= 1
            guard depth == 0 else { continue }
            // Without a space before it the parenthesis belongs to a formula.
            guard index > text.startIndex, text[text.index(before: index)] == " " else { return (text, "") }
            return (String(text[..<text.index(before: index)]), String(text[text.index(after: index)..<text.index(before: text.endIndex)]))
        }
        return (text, "")
    }
}
