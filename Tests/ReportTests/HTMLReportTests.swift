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
            document.root.all("nav")[0].all("a").count == DemoFigures.all.count + 4
                && document.root.all("nav")[0].all("li").count == DemoFigures.all.count + 4)
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
        #expect(rows[0].all("data").map(\.text) == ["0.3", "5.6 × 10−5", "1 × 10−9"])
        #expect(rows[0].text.contains("30\u{A0}% ± 0.0056\u{A0}%"), "\(rows[0].text)")
        #expect(rows[0].text.contains("null model"))
        #expect(rows[0].all("sub").map(\.text) == ["0", "0", "max"])
        #expect(rows[1].text.contains("−1.25; two of three") && rows[1].all("data").count == 1)
        // Nothing measured, and why, in place of the number; no standard error, no control.
        #expect(rows[2].all("td", class: "none").count == 2 && rows[2].text.contains("nothing was measured"))
        #expect(rows[4].all("data").first?.attributes["value"] == "nan" && rows[4].text.contains("a shuffle"))
        let groups = try HTMLDocument(Self.report().render().text).root.all("tr", class: "group").map(\.text)
        #expect(groups.count == 3 && groups[0].contains("1 does not hold"))
        #expect(groups[1].contains("1 holds · 1 not decided · 1 by construction"))
        #expect(groups[1].contains("Figure 3") && groups[2].contains("absent"))
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
        #expect(document.root.all("figcaption").first?.text.contains("Width 512, erf, η = 0.01, γ = 0.9.") == true)
        let criteria = document.root.all("ul", class: "criteria").map { $0.all("li").map(\.text) }
        #expect(criteria.map(\.count) == [1, 1])
        #expect(["✓ holds", "? not decided", "≡ by construction"].allSatisfy(criteria[1][0].contains))
        let tables = document.root.all("a").filter { $0.attributes["download"] != nil }
        #expect(tables.compactMap { $0.attributes["download"] } == ["claims.csv", "evolve.csv"])
        let texts = tables.compactMap { $0.attributes["href"]?.split(separator: ",", maxSplits: 1).last?.removingPercentEncoding }
        #expect(texts == [try ClaimsTable.csv(Self.claims).text, try #require(DemoFigures.trajectory.data).text])
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
        #expect(document.root.all("figcaption")[0].text.contains("too large"))
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
        for place in ["h3", "figcaption", "pre", "td", "dd"] {
            #expect(document.root.all(place).contains { $0.text.contains(seen) }, "\(place)")
        }
        // One claim's sentence, criterion, measured words, control, and the group's name.
        #expect(document.root.all("tbody").first?.text.components(separatedBy: seen).count == 7)
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
            uniqueKeysWithValues: zip(document.root.all("dt").map(\.text), document.root.all("dd").map(\.text)))
        #expect(
            facts == [
                "Engine": "opencl", "Device": "Card", "Driver": "Driver 1", "Precision": "float32", "Host": "node7, Debian",
                "Begun": "2026-01-02 03:04 UTC", "Version": "1.2.3, git revision abc", "Options": "quick true; seed 7",
                "Command": "inflaton reproduce --quick",
            ])
        let details = try #require(document.root.all("details").first)
        #expect(details.all("td").count == 10)
        #expect(document.root.all("pre").first?.text == Citation.bibtex(version: "1.2.3", revision: "abc"))
        #expect(Citation.bibtex(version: "1.2.3", revision: "abc").contains("version = {1.2.3}"))
    }

    @Test("A report of nothing is a page too")
    func empty() throws {
        let document = try HTMLDocument(HTMLReport(figures: [], claims: [], provenance: [:]).render().text)
        #expect(document.root.all("tr", class: "claim").isEmpty && document.root.all("svg").isEmpty)
        #expect(document.root.all("section").count == 4 && !document.root.all("a").contains { $0.attributes["href"] == "#report.claims" })
    }
}
