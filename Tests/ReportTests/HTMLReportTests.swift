import Arrays
import Figures
import Foundation
import Report
import Testing

@Suite("HTML report")
struct HTMLReportTests {
    static let claims = [
        Claim(
            figure: "evolve", claim: "The field ends where the network does", criterion: "median error ≤ 1 %; Θ_0 l(f_0) < 0.1 V_{max}",
            measured: 0.1 + 0.2, unit: .percent, standardError: 5.6394674517171104e-05, bound: .atMost(0.01),
            control: .init(1e-9, "null model")),
        Claim(
            figure: "figure3", claim: "It rolls", criterion: "slope", measured: -1.25, bound: .within(-1.5...(-1)),
            detail: "two of three"),
        Claim(figure: "figure3", claim: "It turns", criterion: "slope", measured: nil, bound: .atMost(0)),
        Claim(
            figure: "figure3", claim: "By construction, it falls", criterion: "slope", measured: -1, bound: .atMost(-1),
            basis: .construction),
        Claim(
            figure: "absent", claim: "It stands", criterion: "none", measured: .nan, bound: .atMost(0),
            control: .init(.infinity, "a shuffle")),
    ]

    static func report(_ figures: [Figure] = DemoFigures.all, provenance: [String: String] = ["version": "1.2.3"]) -> HTMLReport {
        HTMLReport(figures: figures, claims: claims, provenance: provenance)
    }

    @Test("The page is well-formed, has a language, a width for phones, and is the same every time")
    func wellFormed() throws {
        let page = try Self.report().render()
        let document = try HTMLDocument(page.text)
        #expect(page == (try Self.report().render()))
        #expect(page.onlyLinked.isEmpty)
        #expect(document.root.all("html").first?.attributes["lang"] == "en")
        #expect(document.root.all("meta").contains { $0.attributes["name"] == "viewport" })
        let identifiers = document.root.all.compactMap { $0.attributes["id"] }
        #expect(Set(identifiers).count == identifiers.count)
        let links = document.root.all("a").compactMap { $0.attributes["href"] }
        let targets = links.filter { $0.hasPrefix("#") }.map { String($0.dropFirst()) }
        #expect(targets.count > 8 && Set(targets).subtracting(identifiers).isEmpty)
        #expect(
            document.root.all("nav")[0].all("a").count == DemoFigures.all.count + 7
                && document.root.all("nav")[0].all("li").count == DemoFigures.all.count + 7)
        #expect(document.root.all("ul", class: "scores")[0].all("li").count == 4)
        // Markup that was taken for text would show itself.
        #expect(!document.root.text.contains("</") && !document.root.text.contains("HTML("))
        let labels = document.root.all.compactMap { $0.attributes["aria-labelledby"] }
        #expect(!labels.isEmpty && Set(labels).subtracting(identifiers).isEmpty)
    }

    @Test("Every claim has a row with its verdict in words and its numbers to the last digit, and those of a figure stand together")
    func claimRows() throws {
        let rows = try HTMLDocument(Self.report().render().text).root.all("tr", class: "claim")
        try #require(rows.count == Self.claims.count)
        #expect(rows.map { $0.attributes["id"] } == (1...5).map { "report.claim\($0)" })
        let verdicts = ["does not hold", "holds", "not decided", "by construction", "not decided"]
        #expect(zip(rows, verdicts).allSatisfy { $0.all("span", class: "badge")[0].text.hasSuffix(" " + $1) })
        #expect(
            rows[0].all("data").compactMap { $0.attributes["value"] } == ["0.30000000000000004", "5.6394674517171104e-05", "1e-09"])
        // One unit in all three: hundredths.
        let texts = rows[0].all("data").map(\.text)
        #expect(texts[0].hasPrefix("30\u{A0}% ± 0.0056\u{A0}%") && texts.dropFirst() == ["0.0056\u{A0}%", "1 × 10−7\u{A0}%"], "\(texts)")
        #expect(rows[0].text.contains("30\u{A0}% ± 0.0056\u{A0}%"), "\(rows[0].text)")
        #expect(rows[0].text.contains("null model"))
        #expect(rows[0].all("sub").map(\.text) == ["0", "0", "max"])
        #expect(rows[1].text.contains("−1.25; two of three") && rows[1].all("data").count == 1)
        // Nothing measured, and why, in place of the number; no standard error, no control.
        #expect(rows[2].all("td", class: "none").count == 2 && rows[2].text.contains("nothing was measured"))
        #expect(rows[4].all("data").first?.attributes["value"] == "nan" && rows[4].text.contains("a shuffle"))
        // Folded below the figure they are of, those of no figure last.
        let document = try HTMLDocument(Self.report().render().text)
        let groups = document.root.all("article").filter { !$0.all("table", class: "claims").isEmpty }
        let tallies = groups.map { $0.all("details", class: "all")[0].all("summary")[0].text }
        #expect(tallies.count == 3 && tallies[0] == "All 1 claim: 1 does not hold")
        #expect(tallies[1] == "All 3 claims: 1 holds · 1 not decided · 1 by construction")
        #expect(groups[1].all("h3")[0].text.contains("Figure 3") && groups[2].all("h3")[0].text == "absent")
    }

    private static func claim(_ text: String, holds: Bool, basis: Claim.Basis = .measurement, explanation: String = "") -> Claim {
        Claim(
            figure: "evolve", claim: text, criterion: "x ≤ 1", measured: holds ? 0.5 : 2, bound: .atMost(1), basis: basis,
            explanation: explanation)
    }

    @Test(
        "Beside a figure stand three lines: claims of one sentence as one, the first that fails among them, constructions only for want of more"
    )
    func findings() throws {
        let claims = [
            Self.claim("By construction, it falls", holds: true, basis: .construction), Self.claim("It rolls (n = 2)", holds: true),
            Self.claim("It falls as 1/(a b)", holds: true),
            Self.claim("It rolls (n = 4, f(0) = 1)", holds: false, explanation: "Too steep."),
            Self.claim("It turns", holds: true), Self.claim("It stops", holds: false, explanation: "It has no brakes."),
        ]
        let document = try HTMLDocument(HTMLReport(figures: [DemoFigures.trajectory], claims: claims, provenance: [:]).render().text)
        let lines = document.root.all("ul", class: "findings")[0].all("li")
        #expect(lines.map { $0.all("p")[0].text } == ["It rolls", "It falls as 1/(a b)", "It turns"])
        #expect(lines[0].all("span", class: "badge").map(\.text) == ["✓ holds · 1", "✗ does not hold · 1"])
        #expect(lines[0].all("a").compactMap { $0.attributes["href"] } == ["#report.claim2", "#report.claim4"])
        #expect(lines[0].all("p")[1].text == "n = 2: 0.5 (≤ 1); n = 4, f(0) = 1: 2 (≤ 1)")
        // Without a failure among the first, one takes the last line.
        let rest = try HTMLDocument(
            HTMLReport(figures: [DemoFigures.trajectory], claims: claims.filter { $0.explanation != "Too steep." }, provenance: [:])
                .render().text)
        #expect(
            rest.root.all("ul", class: "findings")[0].all("li").map { $0.all("p")[0].text } == [
                "It rolls (n = 2)", "It falls as 1/(a b)", "It stops",
            ])
        // What fails is listed with the reason, and the count leads there.
        let failures = document.root.all("ul", class: "failures")[0].all("li")
        #expect(
            failures.count == 2 && failures[0].text.contains("Too steep.") && failures[0].text.contains("n = 4, f(0) = 1: 2, where the"))
        #expect(failures[1].text.contains("It has no brakes.") && failures[1].text.contains("x ≤ 1"))
        let scores = document.root.all("ul", class: "scores")[0].all("a").compactMap { $0.attributes["href"] }
        #expect(scores == ["#report.figures", "#report.failures", "#report.undecided", "#report.claims"])
    }

    @Test("Words of the glossary lead to their meaning where they are first used, and only as whole words")
    func words() throws {
        var figure = DemoFigures.trajectory
        figure.caption = "The travel of a travelling Θ_0: travel, null model, modest modes."
        let document = try HTMLDocument(HTMLReport(figures: [figure], claims: [], provenance: [:]).render().text)
        let links = document.root.all("div", class: "caption")[0].all("a", class: "word")
        #expect(links.map(\.text) == ["travel", "null model", "modes"])
        #expect(links.compactMap { $0.attributes["href"] } == ["#report.word-travel", "#report.word-null-model", "#report.word-mode"])
        #expect(document.root.all("div", class: "caption")[0].text.contains(figure.caption.replacing("_", with: "")))
        let glossary = document.root.all("dl", class: "glossary")[0]
        #expect(glossary.all("dt").map(\.text) == Glossary.entries.map(\.word))
        #expect(
            Glossary.entry("Travel")?.word == "travel" && Glossary.entry("kernel drift")?.word == "drift"
                && Glossary.entry("nothing") == nil)
        #expect(Glossary.words(in: "the travel of a null model, frozenly") == ["null model", "travel"])
        let words = Glossary.entries.flatMap { [$0.word] + $0.others }
        #expect(Glossary.entries.map(\.word).map { $0.lowercased() }.sorted() == Glossary.entries.map { $0.word.lowercased() })
        #expect(Set(words).count == words.count)
        // The terms of evolve's tables that a newcomer met and asked for.
        for term in ["ε", "regime", "force factor", "discretisation", "curvature", "small step", "Hubble rate", "equation of state"] {
            #expect(Glossary.entry(term) != nil, "\(term)")
        }
    }

    @Test("A terminal has at most eight lines of how claims came out, what fails by name")
    func summary() {
        let claims = (1...9).map { Self.claim("It fails \($0) " + String(repeating: "long ", count: 40), holds: false) } + Self.claims
        let lines = ClaimsSummary().render(claims).split(separator: "\n")
        #expect(lines[0] == "14 claims: 1 holds, 10 do not hold, 2 not decided, 1 by construction")
        #expect(lines.count == 8 && lines[7] == "  … and 4 more that do not hold")
        let family = [Self.claim("It rolls (n = 2)", holds: false), Self.claim("It rolls (n = 4)", holds: false)]
        #expect(ClaimsSummary().render(family).split(separator: "\n").last == "  ✗ evolve: It rolls: 2, not ≤ 1, and 1 more")
        #expect(
            lines[1].hasPrefix("  ✗ evolve: It fails 1 long") && lines[1].hasSuffix("…: 2, not ≤ 1") && lines.allSatisfy { $0.count <= 120 }
        )
        let setting = "(relu, width 512, " + String(repeating: "σ_b = 1, ", count: 20) + "x)"
        let long = Self.claim("The field ends where the network does " + setting, holds: false)
        #expect(ClaimsSummary().render([long]).contains("  ✗ evolve: The field ends where the network does (…): 2, not ≤ 1\n"))
        #expect(ClaimsSummary().render([]).isEmpty && ClaimsSummary().render([claims[0]]).hasPrefix("1 claim: 1 does not hold\n"))
    }

    @Test("The page says how the claims came out, by every verdict")
    func scores() throws {
        let scores = try HTMLDocument(Self.report().render().text).root.all("ul", class: "scores")[0].all("li").map(\.text)
        #expect(scores.map { $0.filter { !$0.isWhitespace } } == ["✓holds1", "✗doesnothold1", "?notdecided2", "≡byconstruction1"])
    }

    @Test("Figures stand in the page with their captions, criteria and tables; the copy of a table is the table")
    func figures() throws {
        let document = try HTMLDocument(Self.report().render().text)
        #expect(document.root.all("svg").compactMap { $0.attributes["id"] } == DemoFigures.all.flatMap { [$0.id, $0.id + ".narrow"] })
        #expect(document.root.all("svg").compactMap { $0.attributes["aria-label"] } == DemoFigures.all.flatMap { [$0.title, $0.title] })
        #expect(document.root.all("div", class: "caption").first?.text.contains("Width 512, erf, η = 0.01, γ = 0.9.") == true)
        let tables = document.root.all("a").filter { $0.attributes["download"] != nil }
        #expect(tables.compactMap { $0.attributes["download"] } == ["evolve.csv", "claims.csv"])
        let texts = tables.compactMap { $0.attributes["href"]?.split(separator: ",", maxSplits: 1).last?.removingPercentEncoding }
        #expect(texts == [try #require(DemoFigures.trajectory.data).text, try ClaimsTable.csv(Self.claims).text])
        #expect(document.root.all("a").contains { $0.attributes["href"] == "evolve.csv" })
    }

    @Test("A table that would make the page too large is linked only, and the page and the report say so")
    func largeTables() throws {
        var report = Self.report()
        report.embeddingLimit = 2000
        let page = try report.render()
        #expect(page.onlyLinked == ["evolve.csv"])
        let document = try HTMLDocument(page.text)
        #expect(document.root.all("a").compactMap { $0.attributes["download"] } == ["claims.csv"])
        #expect(document.root.all("div", class: "caption")[0].text.contains("too large"))
    }

    static let hostile = "\"'><script>alert(1)</script><img src=x onerror=\"alert(2)\"/>]]>&amp;<!--\u{0}\u{1B}</style></svg>`"

    @Test("Text from files and options is text, in every place that takes one")
    func hostileText() throws {
        let bad = Self.hostile
        let figure = Figure(
            id: bad, title: bad, caption: bad,
            panels: [
                Panel(
                    title: bad, x: Axis(bad), y: Axis(bad),
                    layers: [
                        .scatter(Scatter(x: [1, 2], y: [1, 2], colour: .init([0, 1], label: bad), titles: [bad], name: bad)),
                        .line(Line(x: [1, 2], y: [1, 2], name: bad, marksPoints: true)), .rule(Rule(.horizontal(y: 1), label: bad)),
                    ])
            ], data: try CSVTable(columns: [bad], rows: [[.text(bad)]]))
        let claim = Claim(
            figure: bad, claim: bad, criterion: bad, measured: 1, bound: .atMost(1), control: .init(2, bad), detail: bad)
        let lost = Claim(figure: bad + "2", claim: "", criterion: "", measured: nil, bound: .atMost(1), detail: bad)
        let names = ["engine", "host", "operatingSystem", "date", "version", "revision", "command", bad]
        let page = try HTMLReport(
            figures: [figure], claims: [claim, lost], provenance: Dictionary(uniqueKeysWithValues: names.map { ($0, bad) })
        ).render()
        let document = try HTMLDocument(page.text)
        #expect(!page.text.contains("<script") && !page.text.contains("<img") && !page.text.contains("<!--"))
        #expect(document.root.all("script").isEmpty && document.root.all("img").isEmpty && document.root.all("style").count == 3)
        #expect(!document.root.all.contains { $0.attributes.keys.contains { $0.hasPrefix("on") } })
        // Nothing was dropped either: what a reader sees is the text, without the characters that XML forbids.
        let seen = "\"'><script>alert(1)</script><img src=x onerror=\"alert(2)\"/>]]>&amp;<!--</style></svg>`"
        for place in ["h3", "p", "pre", "td", "dd"] {
            #expect(document.root.all(place).contains { $0.text.contains(seen) }, "\(place)")
        }
        // One claim's sentence, criterion, measured words and control.
        #expect(document.root.all("tbody").first?.text.components(separatedBy: seen).count == 5)
    }

    @Test("The page loads nothing, runs nothing, and its links lead to its own files and to the paper")
    func loadsNothing() throws {
        let page = try Self.report().render().text
        let document = try HTMLDocument(page)
        let loading: Set = ["script", "img", "link", "iframe", "object", "embed", "image", "use", "video", "audio", "base", "form"]
        #expect(!document.root.all.contains { loading.contains($0.name) || $0.attributes["src"] != nil || $0.attributes["srcset"] != nil })
        #expect(document.root.all("style").allSatisfy { !$0.text.contains("url(") && !$0.text.contains("@import") })
        let addresses = document.root.all.flatMap { element in
            element.attributes.filter { $0.key.hasSuffix("href") }.map(\.value)
        }
        let elsewhere = addresses.filter { !$0.hasPrefix("#") && !$0.hasPrefix("data:text/csv;") }
        #expect(Set(elsewhere.filter { $0.contains(":") }) == ["https://arxiv.org/abs/2202.11104"])
        #expect(Set(elsewhere.filter { !$0.contains(":") }).isSuperset(of: ["claims.csv", "evolve.csv", "evolve.svg", "provenance.json"]))
        let policy = document.root.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
        #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'") == true)
    }

    @Test("Equations are valid MathML: every schema has the children that it must")
    func equations() throws {
        let equations = try HTMLDocument(Self.report().render().text).root.all("math")
        #expect(equations.count > 20)
        let children = ["mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "msubsup": 3]
        for element in equations.flatMap(\.all) {
            if let count = children[element.name] { #expect(element.children.count == count, "\(element.name): \(element.text)") }
            if ["mi", "mn", "mo"].contains(element.name) { #expect(element.children.isEmpty && !element.text.isEmpty) }
        }
        let texts = Set(equations.map(\.text))
        #expect(texts.isSuperset(of: ["θk+1=θk+γ(θk−θk−1)−η∇L(θk)", "fk+1=fk+γ(fk−fk−1)−ηNΘl′(fk)", "−lnγη"]))
        #expect(!texts.contains { $0.contains("\\") || $0.contains("{") || $0.contains("_") || $0.contains("^") })
    }

    @Test("What was run, on what, and how to cite it")
    func provenance() throws {
        let document = try HTMLDocument(
            Self.report(provenance: [
                "engine": "opencl · Card · Driver 1 · float32", "host": "node7", "operatingSystem": "Debian",
                "date": "2026-01-02T03:04:05Z", "version": "1.2.3", "revision": "abc", "command": "inflaton reproduce --quick",
                "quick": "true", "seed": "7", "experiments": "",
            ]).render().text)
        let facts = Dictionary(
            uniqueKeysWithValues: zip(
                document.root.all("dl", class: "facts")[0].all("dt").map(\.text),
                document.root.all("dl", class: "facts")[0].all("dd").map(\.text)))
        #expect(
            facts == [
                "Engine": "opencl", "Device": "Card", "Driver": "Driver 1", "Precision": "float32", "Host": "node7, Debian",
                "Begun": "2026-01-02 03:04 UTC", "Version": "1.2.3, git revision abc", "Options": "quick true; seed 7",
                "Command": "inflaton reproduce --quick",
            ])
        let details = try #require(document.root.all("details").last)
        // All that have a value.
        #expect(details.all("td").count == 9)
        #expect(document.root.all("pre").first?.text == Citation.bibtex(version: "1.2.3", revision: "abc"))
        #expect(Citation.bibtex(version: "1.2.3", revision: "abc").contains("version = {1.2.3}"))
    }

    @Test("A page on learning has its subject's words, its own paper, and neither the dictionary nor words that mean other things there")
    func learning() throws {
        var figure = DemoFigures.trajectory
        figure.theory = .learning
        figure.caption = "The drift and momentum of a mode, beside the control."
        let claim = Claim(
            figure: figure.id, claim: "It turns", criterion: "n ≤ 1", measured: 2, bound: .atMost(1), failureWord: "fails")
        let subject = ReportSubject(title: "Whether it turns", text: "Claimed: it turns.", notes: ["n = 2"], theory: .learning)
        for subject in [subject, nil] {
            let document = try HTMLDocument(
                HTMLReport(figures: [figure], claims: [claim], provenance: [:], subject: subject).render().text)
            let text = document.root.text
            #expect(
                !text.contains("Krippendorf") && !text.contains("How a network is read as a universe") && !text.contains("does not hold"))
            #expect(document.root.all("pre")[0].text.contains("2111.00903") && text.contains("Vanchurin, Towards"))
            #expect(document.root.all("a", class: "word").map(\.text).first == "control")
            #expect(document.root.all("span", class: "badge").contains { $0.text == "✗ fails" })
            #expect(document.root.all("h2").contains { $0.text == "What fails" })
            #expect(document.root.all("summary")[0].text == "All 1 claim: 1 fails")
            let identifiers = Set(document.root.all.compactMap { $0.attributes["id"] })
            let links = document.root.all("a").compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("#") }
            #expect(Set(links.map { String($0.dropFirst()) }).isSubset(of: identifiers))
            guard subject != nil else { continue }
            #expect(document.root.all("h1")[0].text == "Whether it turns" && text.contains("Claimed: it turns.") && text.contains("n = 2"))
        }
        // A page on both cites both, and explains words by figure.
        let both = try HTMLDocument(HTMLReport(figures: [figure] + DemoFigures.all.dropFirst(), claims: [], provenance: [:]).render().text)
        #expect(both.root.all("pre")[0].text.contains("2111.00903") && both.root.all("pre")[0].text.contains("2202.11104"))
        #expect(both.root.all("div", class: "caption")[0].all("a", class: "word").map(\.text) == ["control"])
        #expect(ClaimsSummary().render([claim]).hasPrefix("1 claim: 1 fails\n"))
        #expect(ClaimsSummary().render([claim, claim]).hasPrefix("2 claims: 2 fail\n"))
    }

    @Test("A report of nothing is a page too")
    func empty() throws {
        let document = try HTMLDocument(HTMLReport(figures: [], claims: [], provenance: [:]).render().text)
        #expect(document.root.all("tr", class: "claim").isEmpty && document.root.all("svg").isEmpty)
        #expect(document.root.all("section").count == 5 && !document.root.all("a").contains { $0.attributes["href"] == "#report.claims" })
    }
}
