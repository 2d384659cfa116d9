import Figures

/// The claims that one figure supports or not, with their places among all claims.
struct ClaimGroup {
    /// What the group is called: "Figure 3", or the figure's `id`.
    var name: String
    /// The figure's title; empty where there is no figure.
    var title: String
    /// What the figure is about; nil where there is no figure.
    var theory: Theory?
    /// The figure's article in the page; nil where there is no figure.
    var anchor: String?
    /// The claims, each with its number in the table, counted from 1.
    var claims: [(number: Int, claim: Claim)]

    init(_ figure: Figure, among claims: [Claim]) {
        name = Self.name(figure.id)
        title = figure.title
        theory = figure.theory
        anchor = Self.anchor(figure)
        self.claims = Self.numbered(claims) { $0.figure == figure.id }
    }

    private init(name: String, claims: [(number: Int, claim: Claim)]) {
        self.name = name
        title = ""
        self.claims = claims
    }

    /// Claims of figures that are not there, by the names they state, in the order of their first claims.
    static func others(_ claims: [Claim], _ figures: [Figure]) -> [ClaimGroup] {
        var seen = Set(figures.map(\.id))
        return claims.map(\.figure).filter { seen.insert($0).inserted }.map { id in
            ClaimGroup(name: name(id), claims: numbered(claims) { $0.figure == id })
        }
    }

    /// The figure's article in the page.
    static func anchor(_ figure: Figure) -> String { "report.\(SVGRenderer.identifier(figure.id))" }

    func count(_ verdict: Claim.Verdict) -> Int { claims.count { $0.claim.verdict == verdict } }

    private static func numbered(_ claims: [Claim], where belongs: (Claim) -> Bool) -> [(number: Int, claim: Claim)] {
        claims.enumerated().filter { belongs($0.element) }.map { ($0.offset + 1, $0.element) }
    }

    /// "Figure 3" for `figure3`, "Figure 5, expansion" for `figure5-expansion`.
    private static func name(_ id: String) -> String {
        let parts = id.dropFirst("figure".count).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard id.hasPrefix("figure"), let digits = parts.first, !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return id
        }
        return "Figure \(digits)" + (parts.count > 1 ? ", \(parts[1])" : "")
    }
}
