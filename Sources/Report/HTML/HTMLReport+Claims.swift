import Figures

extension HTMLReport {
    /// The lines that matter most of a figure's claims; empty where there are none.
    func findings(_ group: ClaimGroup, _ known: inout Set<String>) -> HTML {
        let families = ClaimFamily.leading(ClaimFamily.all(group.claims), count: 3)
        guard !families.isEmpty else { return "" }
        var lines: [HTML] = []
        for family in families { lines.append(finding(family, words(group.theory), &known)) }
        return "<ul class=\"findings\">\n\(lines.joined())\n</ul>"
    }

    private func finding(_ family: ClaimFamily, _ words: [Glossary.Entry], _ known: inout Set<String>) -> HTML {
        let badges = Claim.Verdict.allCases.filter { family.count($0) > 0 }.map { verdict in
            Self.badge(verdict, of: family.members.map(\.claim), count: family.members.count > 1 ? family.count(verdict) : nil)
        }
        let shown = family.members.prefix(4).filter { !$0.claim.numberText.isEmpty }.map { member -> HTML in
            let setting: HTML = family.members.count == 1 || member.setting.isEmpty ? "" : "\(RichText(member.setting)): "
            let bound: HTML =
                member.claim.verdict == .holds || member.claim.verdict == .fails ? " (\(RichText(member.claim.boundText)))" : ""
            return "<a href=\"#report.claim\(member.number)\">\(setting)\(RichText(member.claim.numberText))</a>\(bound)"
        }
        let more: HTML = family.members.count > 4 ? "; and \(family.members.count - 4) more" : ""
        let setting: HTML =
            family.members.count == 1 && !family.members[0].setting.isEmpty ? " (\(RichText(family.members[0].setting)))" : ""
        return """
            <li>\(badges.joined(separator: " "))<p>\(Self.explained(family.sentence, by: words, &known))\(setting)</p>\
            <p class="numbers">\(shown.joined(separator: "; "))\(more)</p></li>
            """
    }

    /// All claims of a figure, folded.
    func claimsTable(_ group: ClaimGroup) -> HTML {
        guard !group.claims.isEmpty else { return "" }
        let name = "report.claims-\(group.claims[0].number)"
        return """
            <details class="all">
            <summary id="\(name)">All \(HTMLNumber.count(group.claims.count, "claim")): <span class="tally">\(Self.tally(group))</span></summary>
            <div class="scroll" role="region" aria-labelledby="\(name)" tabindex="0">
            <table class="claims" role="table">
            <thead role="rowgroup"><tr role="row">\(Self.header)</tr></thead>
            <tbody role="rowgroup">
            \(group.claims.map { row($0.number, $0.claim) }.joined())
            </tbody>
            </table>
            </div>
            </details>
            """
    }

    /// Claims of figures that are not in the page.
    func otherClaims(_ groups: [ClaimGroup]) -> HTML {
        groups.filter { !$0.claims.isEmpty }.map { group -> HTML in
            var known: Set<String> = []
            return """
                <article aria-labelledby="report.group-\(group.claims[0].number)">
                <h3 id="report.group-\(group.claims[0].number)">\(group.name)</h3>
                \(findings(group, &known))
                \(claimsTable(group))
                </article>
                """
        }.joined()
    }

    /// What does not hold and why, what is not decided, and how claims are judged.
    func verdictSections(_ groups: [ClaimGroup], _ embedded: EmbeddedTables) -> HTML {
        let failures = groups.flatMap { group in
            ClaimFamily.all(group.claims.filter { $0.claim.verdict == .fails }).map { failure($0, group) }
        }
        let failed: HTML =
            failures.isEmpty ? "<p>Everything that was decided holds.</p>" : "<ul class=\"failures\">\n\(failures.joined())\n</ul>"
        let isExplained = claims.contains { $0.verdict == .fails && !$0.explanation.isEmpty }
        return """
            <section aria-labelledby="report.failures">
            <h2 id="report.failures">\(failuresTitle)\(isExplained ? ", and why" : "")</h2>
            \(failed)
            </section>
            <section aria-labelledby="report.undecided">
            <h2 id="report.undecided">What is not decided</h2>
            \(undecided(groups))
            </section>
            \(rules(embedded))
            """
    }

    /// What the section is called that lists what misses its criterion.
    var failuresTitle: String { "What \(claims.failureWord)" }

    private func failure(_ family: ClaimFamily, _ group: ClaimGroup) -> HTML {
        let members = family.members.map { member -> HTML in
            let setting: HTML = member.setting.isEmpty ? "" : "\(RichText(member.setting)): "
            return """
                <p class="numbers">\(setting)<a href="#report.claim\(member.number)">\(RichText(member.claim.numberText))</a>, where the \
                criterion is: \(RichText(member.claim.criterion))</p>
                """
        }
        let reason = family.members.lazy.map(\.claim.explanation).first { !$0.isEmpty } ?? ""
        let why: HTML = reason.isEmpty ? "" : "<p>\(RichText(reason))</p>"
        let place: HTML = group.anchor.map { "<a href=\"#\($0)\">\(group.name)</a>" } ?? "\(group.name)"
        return """
            <li><p>\(Self.badge(.fails, of: family.members.map(\.claim), count: family.members.count > 1 ? family.members.count : nil)) <strong>\(RichText(family.sentence))\
            </strong> <span class="tally">\(place)</span></p>\(why)\(members.joined())</li>
            """
    }

    /// Where nothing was decided, by the reason.
    private func undecided(_ groups: [ClaimGroup]) -> HTML {
        let open = groups.flatMap(\.claims).filter { $0.claim.verdict == .undecided }
        guard !open.isEmpty else { return "<p>Every claim is decided.</p>" }
        var seen: Set<String> = []
        let items = open.map(\.claim.reason).filter { seen.insert($0).inserted }.map { reason -> HTML in
            let links = open.filter { $0.claim.reason == reason }.map { number, claim -> HTML in
                "<li><a href=\"#report.claim\(number)\">\(RichText(claim.claim))</a> <span class=\"tally\">\(RichText(claim.numberText))</span></li>"
            }
            return """
                <details><summary>\(RichText(reason)): \(HTMLNumber.count(links.count, "claim"))</summary>
                <ul class="plain">
                \(links.joined())
                </ul>
                </details>
                """
        }
        return items.joined()
    }

    private func rules(_ embedded: EmbeddedTables) -> HTML {
        """
        <section aria-labelledby="report.claims">
        <h2 id="report.claims">How claims are judged</h2>
        <p class="prose">Each claim has a criterion that stands in the program before it measures. The control is what the same \
        measurement gives where the claim is not true, such as for a null model. One rule makes all verdicts. A claim <em>holds</em>, or \
        <em>\(claims.failureWord)</em>, if its number meets, or misses, the criterion by more than two standard errors. It is <em>not \
        decided</em> within two standard errors, and where the control meets the criterion too. It is true <em>by construction</em> where \
        definitions, symmetry or equations alone make the number, whatever the networks do: such a claim is a check of the program and no \
        finding. What somebody designed to meet its criterion is <em>synthesised, not emergent</em>; what nobody measured is <em>not \
        tested</em>, and <em>not testable</em> where nothing that could be measured is defined. Standard errors of ratios are those of \
        their logarithms. Standard error and control are in the unit of what was measured.</p>
        <p class="data">All claims as a table: \(embedded.links("claims.csv")).</p>
        </section>
        """
    }

    private static let header: HTML = ["Verdict", "Claim", "Criterion", "Measured", "Standard error", "Control"].map { name -> HTML in
        let text: HTML = Glossary.entry(name).map { "<a class=\"word\" href=\"#\($0.anchor)\">\(name)</a>" } ?? "\(name)"
        return "<th scope=\"col\" role=\"columnheader\">\(text)</th>"
    }.joined(separator: "")

    private func row(_ number: Int, _ claim: Claim) -> HTML {
        """
        <tr class="claim" role="row" id="report.claim\(number)">\
        <td class="verdict" role="cell">\(Self.badge(claim.verdict, of: [claim]))</td>\
        <th class="statement" scope="row" role="rowheader">\(RichText(claim.claim))</th>\
        \(cell("Criterion", "\(RichText(claim.criterion))"))\
        \(cell("Measured", measured(claim)))\
        \(cell("Standard error", claim.standardError.map { Self.data($0, claim.unit, digits: 2) }))\
        \(cell("Control", control(claim)))</tr>
        """
    }

    /// A cell; on a narrow screen, where rows become blocks, its name stands before it.
    private func cell(_ name: String, _ content: HTML?) -> HTML {
        guard let content, !content.isEmpty else { return "<td class=\"none\" role=\"cell\" data-name=\"\(name)\">–</td>" }
        return "<td role=\"cell\" data-name=\"\(name)\"><div>\(content)</div></td>"
    }

    /// The measurement as people read it with the exact number behind it.
    private func measured(_ claim: Claim) -> HTML? {
        guard let value = claim.measured else { return claim.measuredText.isEmpty ? nil : "\(RichText(claim.measuredText))" }
        return "<data value=\"\(value.description)\" title=\"\(value.description)\">\(RichText(claim.measuredText))</data>"
    }

    private func control(_ claim: Claim) -> HTML? {
        claim.control.map { control in "\(Self.data(control.value, claim.unit)): \(RichText(control.model))" }
    }

    /// A number as people read it, with the number as the table has it behind it and on hovering.
    private static func data(_ value: Double, _ unit: Claim.Unit, digits: Int = 3) -> HTML {
        let text: HTML = unit == .percent ? "\(number: 100 * value, digits: digits)\u{A0}%" : "\(number: value, digits: digits)"
        return "<data value=\"\(value.description)\" title=\"\(value.description)\">\(text)</data>"
    }

    /// A verdict in words, with a sign and a colour.
    /// - Parameter claims: those that it stands for, which may have a word of their own for what fails.
    static func badge(_ verdict: Claim.Verdict, of claims: [Claim], count: Int? = nil) -> HTML {
        let (name, sign) =
            switch verdict {
            case .holds: ("holds", "✓")
            case .fails: ("fails", "✗")
            case .undecided: ("undecided", "?")
            case .constructed: ("constructed", "≡")
            case .synthesised: ("constructed", "⚙")
            case .untested, .untestable: ("undecided", "–")
            }
        let word = verdict == .fails ? claims.failureWord : verdict.rawValue
        let times: HTML = count.map { " · \($0)" } ?? ""
        return "<span class=\"badge \(name)\"><span aria-hidden=\"true\">\(sign)</span> \(word)\(times)</span>"
    }

    /// How many claims came out how, for example "3 hold · 1 does not hold".
    static func tally(_ group: ClaimGroup) -> HTML {
        let claims = group.claims.map(\.claim)
        let words = Claim.Verdict.allCases.filter { group.count($0) > 0 }.map { verdict -> HTML in "\(claims.counted(verdict))" }
        return words.isEmpty ? "no claims" : words.joined(separator: " · ")
    }
}
