import Figures
import Foundation

/// The words that figures, claims and tables use and a newcomer cannot know.
public enum Glossary {
    /// A word and what it means.
    public struct Entry: Sendable, Equatable, Encodable {
        /// The word as it is looked up.
        public let word: String
        /// What else it is called in figures and tables.
        public let others: [String]
        /// What it means, in a sentence or two; see `Figure` for the markup.
        public let meaning: String

        init(_ word: String, _ others: [String] = [], _ meaning: String) {
            self.word = word
            self.others = others
            self.meaning = meaning
        }
    }

    /// Those that mean the same whatever a report is about.
    private static let common: Set<String> = [
        "by construction", "control", "criterion", "Kolmogorov–Smirnov distance", "share of the variance", "standard error", "verdict",
    ]

    /// The words that mean in reports of these theories what is said here, in the order of the alphabet.
    public static func entries(of theories: [Theory]) -> [Entry] {
        theories.contains(.duality) ? entries : entries.filter { common.contains($0.word) }
    }

    /// All words, in the order of the alphabet.
    public static let entries: [Entry] = [
        .init(
            "back-reaction", ["Back-reaction"],
            "What the modes do to the mean field: with a loss of higher power than 2 their spread changes the force on the mean."),
        .init(
            "by construction", ["By construction"],
            "True by definitions, symmetry or equations alone, whatever networks do: a check of the program and no finding."),
        .init(
            "control", [],
            "What the same measurement gives where the claim is not true, such as for the null model. A criterion that the control meets too "
                + "decides nothing."),
        .init("criterion", [], "The bound that a claim's number must meet. It stands in the program before anything is measured."),
        .init(
            "curvature", [],
            "In an error budget: what a prediction misses because outputs are no linear functions of the weights, by their second derivatives "
                + "along each step."),
        .init(
            "dictionary", [],
            "Which universe belongs to a network: friction, force, initial velocity and vacuum energy as functions of learning rate η and "
                + "momentum γ. The paper's takes the limit of small steps, the corrected one keeps the next order, the exact one holds for "
                + "quadratic losses."),
        .init(
            "discretisation", [],
            "What a prediction misses because training goes in steps of time √η where the field's equation knows none."),
        .init(
            "drift", ["kernel drift", "drift of the tangent kernel", "drift of the kernel"],
            "How much the tangent kernel changes during the training, |ΔΘ|/|Θ|. Predictions take it as 0, and it is what they miss most. In an "
                + "error budget: what this change makes of the output, as a share of the travel."),
        .init("e-folds", ["e-fold"], "The logarithm of how much a universe has grown: N = ∫ H dt."),
        .init("eq. 24", [], "The paper's equation for the modes, as printed: friction and the mode's own eigenvalue, and no source."),
        .init(
            "equation of state", [],
            "Pressure over energy density: −1 of vacuum energy, 0 of matter, 1/3 of radiation, 1 of a field that moves and has no potential."
        ),
        .init(
            "force factor", [],
            "F in f″ + 3H f′ + F Θ_0 l′(f) = 0: 1 by the paper's dictionary, 1 + O(√η) and the momentum's part by the others."),
        .init(
            "friction", ["3H"],
            "What slows a field that rolls in an expanding universe: 3H in f″ + 3H f′ + F Θ_0 l′(f) = 0. For a network it is made by the "
                + "momentum: (1 − γ)/√η by the paper's dictionary."),
        .init(
            "frozen kernel", ["frozen field", "frozen system", "frozen"],
            "The network as if its tangent kernel stayed what it was before the training: the limit of infinite width."),
        .init("Hubble rate", [], "How fast a universe expands, the growth of ln a in a unit of time."),
        .init(
            "Hubble time", ["Hubble length", "Hubble lengths", "Hubble times"],
            "1/H, and how far light comes in that time: the units of an expanding universe."),
        .init(
            "Kolmogorov–Smirnov distance", [],
            "The greatest difference between two cumulative distributions: 0 where they are alike, 1 where they do not overlap."),
        .init(
            "leading eigenvalue", ["leading mode", "leading eigenvalues"],
            "λ_1, the greatest eigenvalue of the tangent kernel on the training points, and the combination of outputs that it drives fastest."
        ),
        .init(
            "mean field", ["homogeneous field"],
            "The mean of a network's outputs over its points, a field that is the same everywhere; the modes are what differs from it."),
        .init(
            "mode", ["modes"],
            "An eigenvector of the tangent kernel: a combination of outputs that trains by itself, at the rate of its eigenvalue."),
        .init("momentum", [], "γ, the share of the last step that the next one repeats; 1 − γ is the friction of a step."),
        .init(
            "null model", ["null"],
            "The prediction without inertia, 3H f′ = −Θ_0 l′(f). A training that it predicts as well says nothing about a universe."),
        .init(
            "regime", ["continuum dual"],
            "How the leading mode goes to its end: it creeps (overdamped), swings (underdamped), flips its sign every step, which no field in "
                + "continuous time does, or diverges. q = ηL_1 l″ tells."),
        .init("replica", ["replicas", "seed", "seeds"], "The same network with other random initial weights, drawn by another seed."),
        .init(
            "share of the variance", [],
            "How much of the scatter of a number one parameter explains: the variance between the means of its levels over the whole, 0 to 1."
        ),
        .init(
            "slow-roll parameter", ["ε", "epsilon"],
            "ε = −H′/H², how fast the expansion slows down; inflation is ε < 1 and ends where it is 1."),
        .init(
            "small step", [],
            "That steps are small beside what changes from one to the next: how far training in steps and in continuous time part, by closed "
                + "forms, over the travel."),
        .init(
            "source", ["source term", "with source"],
            "The force on a mode that follows from the motion of the mean field where the leading mode is not exactly uniform. The paper's "
                + "eq. 24 lacks it."),
        .init(
            "standard error", [],
            "What stands behind ±: by how much a number would scatter if other networks were drawn, one standard deviation. Verdicts keep two "
                + "of them from the bound."),
        .init(
            "tangent kernel", ["kernel", "kernels"],
            "Θ(x, x′), how much a step that changes the output at x′ changes that at x; Θ_0 on one point. It is the inverse mass of the field."
        ),
        .init(
            "travel", ["travelled"],
            "How far the output moved during the training: |f(T) − f(0)|, and the greatest travel max |f(t) − f(0)| over all steps t, root mean "
                + "squares over points. Errors over travel are shares of the greatest, those of the mean of several points (figures 5 and 6) of "
                + "the travel at the end."),
        .init(
            "vacuum domination", [], "That the vacuum energy is greater than all others, here ten times Θ_0 l(f_0), so that H is constant."),
        .init("vacuum energy", [], "V_0, the energy that drives the expansion while nothing moves; the dictionary makes it of η and γ."),
        .init("verdict", [], "What number, standard error, criterion and control say of a claim, by one rule for all."),
    ]

    /// The entry of that word or of one of its other forms, in any case; nil if there is none.
    public static func entry(_ word: String) -> Entry? {
        let wanted = word.lowercased()
        return entries.first { $0.word.lowercased() == wanted } ?? entries.first { $0.others.contains { $0.lowercased() == wanted } }
    }

    /// The words that a text uses, in the order of the alphabet.
    /// - Parameter theory: what the text is about. Default: the duality.
    public static func words(in text: String, of theory: Theory = .duality) -> [String] {
        entries(of: [theory]).filter { entry in entry.forms.contains { place(of: $0, in: text[...]) != nil } }.map(\.word)
    }

    /// Where a form stands first in a text, as a whole word.
    static func place(of form: String, in text: Substring) -> Range<String.Index>? {
        var rest = text
        while let range = rest.range(of: form) {
            let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : " "
            let after = range.upperBound < text.endIndex ? text[range.upperBound] : " "
            if !before.isLetter, !before.isNumber, before != "-", !after.isLetter, !after.isNumber, after != "-" { return range }
            rest = text[range.upperBound...]
        }
        return nil
    }
}

extension Glossary.Entry {
    /// The word and its other forms, longest first.
    var forms: [String] { ([word] + others).sorted { $0.count > $1.count } }

    /// Its place in a report.
    var anchor: String { "report.word-" + word.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined() }
}
