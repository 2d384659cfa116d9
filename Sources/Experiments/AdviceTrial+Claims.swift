import Duality
import Figures

extension AdviceTrial {
    func claims(_ verdicts: [AdviceVerdict]) -> [Claim] {
        let total = verdicts.count, failures = verdicts.filter { !$0.isGood }, warned = verdicts.filter(\.wasWarned)
        let unwarned = verdicts.filter { !$0.wasWarned }, last = verdicts.filter { !$0.isBest }
        let control = Claim.Control(fixedPair(verdicts), "the pair of the lattice, relative to stability, that is good most often")
        func goodness(_ word: AdviceTrust.Word) -> String {
            let own = verdicts.filter { $0.advice.trust.word == word }
            return "\(word.rawValue): \(own.count { $0.isGood }) of \(own.count)"
        }
        let words = AdviceTrust.Word.allCases.map(goodness).joined(separator: "; ")
        let setting = "\(total) random problems, erf, gelu and tanh, width 512 to 2048, 2 to 5 points, 20 to 160 steps"
        return [
            .judged(
                id, "The advised pair does as well as the best of 64 trained ones",
                "share of problems in which it reaches the lattice's least final loss, or 10^-4 of the first loss, in at most 10 % more steps "
                    + "≥ 0.9; \(setting)",
                Estimate(share: total - failures.count, of: total), .atLeast(0.9), unit: .percent, control: control, detail: words),
            .judged(
                id, "It does so to the last digit of the loss",
                "the same where losses below 10^-4 of the first count in full ≥ 0.9",
                Estimate(share: verdicts.count { $0.isBest }, of: total), .atLeast(0.9), unit: .percent,
                detail:
                    "of the \(last.count) failures \(last.count { $0.steps(floor: $0.rounding) != nil }) are below the rounding of the outputs; "
                    + "in others the best of 64 is one whose modes happen to cross their minimum at the last step"),
            .judged(
                id, "Where it is sure, it is right", "share of the problems without a warning in which it does as well ≥ 0.9",
                Estimate(share: unwarned.count { $0.isGood }, of: max(1, unwarned.count)), .atLeast(0.9), unit: .percent,
                control: warned.isEmpty
                    ? nil
                    : .init(
                        Double(warned.count { $0.isGood }) / Double(warned.count), "the same share of the problems with a warning")),
            .judged(
                id, "Where it fails, it had warned", "share of the failures with a warning ≥ 0.9",
                Estimate(share: failures.count { $0.wasWarned }, of: max(1, failures.count)), .atLeast(0.9), unit: .percent,
                control: .init(Double(warned.count) / Double(total), "the share of all problems with a warning"),
                detail: "\(failures.count) failures"),
        ]
    }

    /// How often the best pair of all does as well as the best of each: without any advice, and with the steps of the lattice.
    private func fixedPair(_ verdicts: [AdviceVerdict]) -> Double {
        let pairs = verdicts[0].lattice.indices
        let most = pairs.map { pair in verdicts.count { $0.lattice[pair] <= max($0.best, $0.learned) } }.max() ?? 0
        return Double(most) / Double(verdicts.count)
    }
}
