import Figures

extension Sequence<Claim> {
    /// What those of the claims do that miss their criterion: the word that all of them have, or else that they do not hold.
    var failureWord: String {
        let words = Set(filter { $0.verdict == .fails }.map(\.verdictText))
        return words.count == 1 ? words.first ?? Claim.Verdict.fails.rawValue : Claim.Verdict.fails.rawValue
    }

    /// "1 holds", "2 do not hold", "3 fail", "4 not decided".
    func counted(_ verdict: Claim.Verdict) -> String {
        let count = self.count { $0.verdict == verdict }
        switch verdict {
        case .holds: return count == 1 ? "1 holds" : "\(count) hold"
        case .fails where failureWord == Claim.Verdict.fails.rawValue: return count == 1 ? "1 does not hold" : "\(count) do not hold"
        case .fails:
            let word = failureWord
            return "\(count) \(count != 1 && word.hasSuffix("s") ? String(word.dropLast()) : word)"
        default: return "\(count) \(verdict.rawValue)"
        }
    }
}
