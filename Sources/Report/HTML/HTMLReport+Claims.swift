import Figures

extension HTMLReport {
    func claimsSection(_ groups: [ClaimGroup], _ embedded: EmbeddedTables) -> HTML {
        """
        <section aria-labelledby="report.claims">
        <h2 id="report.claims">Claims</h2>
        <p class="prose">Each claim has a criterion that stands in the program before it measures. The control is what the same \
        measurement gives where the claim is not true, such as for a null model. One rule makes all verdicts. A claim <em>holds</em>, or \
        <em>does not hold</em>, if its number meets, or misses, the criterion by more than two standard errors. It is <em>not \
        decided</em> within two standard errors, and where the control meets the criterion too. It is true <em>by construction</em> where \
        definitions, symmetry or equations alone make the number, whatever the networks do: such a claim is a check of the program and no \
        finding. What somebody designed to meet its criterion is <em>synthesised, not emergent</em>; what nobody measured is <em>not \
        tested</em>, and <em>not testable</em> where nothing that could be measured is defined. Standard errors of ratios are those of their logarithms. Where a measurement is in hundredths, its number stands below it; standard error and control are in that number's \
        unit.</p>
        <div class="scroll" role="region" aria-labelledby="report.claims" tabindex="0">
        <table class="claims" role="table">
        <thead role="rowgroup"><tr role="row">\(Self.header)</tr></thead>
        \(groups.filter { !$0.claims.isEmpty }.map(tableBody).joined())
        </table>
        </div>
        <p class="data">The table: \(embedded.links("claims.csv")).</p>
        </section>
        """
    }

    private static let header: HTML = ["Verdict", "Claim", "Criterion", "Measured", "Standard error", "Control"].map { name -> HTML in
        "<th scope=\"col\" role=\"columnheader\">\(name)</th>"
    }.joined(separator: "")

    private func tableBody(_ group: ClaimGroup) -> HTML {
        let name: HTML = group.anchor.map { "<a href=\"#\($0)\">\(group.name)</a>" } ?? "\(group.name)"
        let title: HTML = group.title.isEmpty ? "" : " <span class=\"title\">\(RichText(group.title))</span>"
        return """
            <tbody role="rowgroup">
            <tr class="group" role="row"><th scope="rowgroup" role="rowheader" colspan="6">\(name)\(title) <span class="tally">\
            \(Self.tally(group))</span></th></tr>
            \(group.claims.map { row($0.number, $0.claim) }.joined())
            </tbody>
            """
    }

    private func row(_ number: Int, _ claim: Claim) -> HTML {
        """
        <tr class="claim" role="row" id="report.claim\(number)">\
        <td class="verdict" role="cell">\(Self.badge(claim.verdict))</td>\
        <th class="statement" scope="row" role="rowheader">\(RichText(claim.claim))</th>\
        \(cell("Criterion", "\(RichText(claim.criterion))"))\
        \(cell("Measured", measured(claim)))\
        \(cell("Standard error", claim.standardError.map { Self.data($0, digits: 2) }))\
        \(cell("Control", control(claim)))</tr>
        """
    }

    /// A cell; on a narrow screen, where rows become blocks, its name stands before it.
    private func cell(_ name: String, _ content: HTML?) -> HTML {
        guard let content, !content.isEmpty else { return "<td class=\"none\" role=\"cell\" data-name=\"\(name)\">–</td>" }
        return "<td role=\"cell\" data-name=\"\(name)\"><div>\(content)</div></td>"
    }

    /// The measurement as people read it with the exact number behind it, and the number itself where the text is in other units.
    private func measured(_ claim: Claim) -> HTML? {
        guard let value = claim.measured else { return claim.measuredText.isEmpty ? nil : "\(RichText(claim.measuredText))" }
        switch claim.unit {
        case .plain:
            return "<data value=\"\(value.description)\" title=\"\(value.description)\">\(RichText(claim.measuredText))</data>"
        case .percent:
            return "\(RichText(claim.measuredText)) <span class=\"number\">\(Self.data(value))</span>"
        }
    }

    private func control(_ claim: Claim) -> HTML? {
        claim.control.map { control in "\(Self.data(control.value)): \(RichText(control.model))" }
    }

    /// A number as people read it, with the number as the table has it behind it and on hovering.
    private static func data(_ value: Double, digits: Int = 3) -> HTML {
        "<data value=\"\(value.description)\" title=\"\(value.description)\">\(number: value, digits: digits)</data>"
    }

    /// A verdict in words, with a sign and a colour.
    static func badge(_ verdict: Claim.Verdict, count: Int? = nil) -> HTML {
        let (name, sign) =
            switch verdict {
            case .holds: ("holds", "✓")
            case .fails: ("fails", "✗")
            case .undecided: ("undecided", "?")
            case .constructed: ("constructed", "≡")
            case .synthesised: ("constructed", "⚙")
            case .untested, .untestable: ("undecided", "–")
            }
        let times: HTML = count.map { " · \($0)" } ?? ""
        return "<span class=\"badge \(name)\"><span aria-hidden=\"true\">\(sign)</span> \(verdict.rawValue)\(times)</span>"
    }

    /// How many claims came out how, for example "3 hold · 1 does not hold".
    static func tally(_ group: ClaimGroup) -> HTML {
        let words = Claim.Verdict.allCases.compactMap { verdict -> HTML? in
            let count = group.count(verdict)
            guard count > 0 else { return nil }
            switch verdict {
            case .holds: return count == 1 ? "1 holds" : "\(count) hold"
            case .fails: return count == 1 ? "1 does not hold" : "\(count) do not hold"
            case .undecided, .constructed, .synthesised, .untested, .untestable: return "\(count) \(verdict.rawValue)"
            }
        }
        return words.isEmpty ? "no claims" : words.joined(separator: " · ")
    }
}
