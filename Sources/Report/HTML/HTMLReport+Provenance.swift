import Figures
import Foundation

extension HTMLReport {
    /// What the page is about, how the claims came out, and what was run on what.
    func heading(_ groups: [ClaimGroup]) -> HTML {
        // Verdicts that only theories get are listed where one got them.
        let always: [Claim.Verdict] = [.holds, .fails, .undecided, .constructed]
        let listed = Claim.Verdict.allCases.filter { verdict in always.contains(verdict) || claims.contains { $0.verdict == verdict } }
        let scores = listed.map { verdict -> HTML in
            "<li><a href=\"#\(Self.place(verdict))\">\(Self.badge(verdict, of: claims)) <strong>\(claims.count { $0.verdict == verdict })</strong></a></li>"
        }
        // Typed, because a bare literal would be text, not markup.
        let scoreList: HTML = claims.isEmpty ? "" : "<ul class=\"scores\">\n\(scores.joined())\n</ul>"
        let overviewLinks: [HTML] = hasOverview ? ["<li><a href=\"#report.overview\">Overview</a></li>"] : []
        let claimLinks: [HTML] =
            claims.isEmpty
            ? []
            : [("failures", failuresTitle), ("undecided", "What is not decided"), ("claims", "How claims are judged")].map {
                place, name in
                "<li><a href=\"#report.\(place)\">\(name)</a></li>"
            }
        let figureLinks = zip(figures, groups).map { figure, group -> HTML in
            "<li><a href=\"#\(ClaimGroup.anchor(figure))\">\(group.name)</a></li>"
        }
        let dictionaryLink: HTML = theories.contains(.duality) ? "<li><a href=\"#report.dictionary\">The dictionary</a></li>" : ""
        return """
            <header>
            <p class="kicker">Inflaton report</p>
            <h1>\(title)</h1>
            \(introduction)
            \(scoreList)
            <nav aria-label="Contents"><ul>
            \((figureLinks + overviewLinks + claimLinks).joined())
            \(dictionaryLink)
            <li><a href="#report.glossary">Words</a></li>
            <li><a href="#report.provenance">Provenance</a></li>
            <li><a href="#report.cite">How to cite</a></li>
            </ul></nav>
            </header>
            """
    }

    /// Where a reader of the count finds the claims, or what the verdict means.
    private static func place(_ verdict: Claim.Verdict) -> String {
        switch verdict {
        case .holds: "report.figures"
        case .fails: "report.failures"
        case .undecided: "report.undecided"
        case .constructed, .synthesised, .untested, .untestable: "report.claims"
        }
    }

    var provenanceSection: HTML {
        let facts = self.facts.map { fact -> HTML in
            "<div class=\"fact\(["Options", "Command"].contains(fact.name) ? " wide" : "")\"><dt>\(fact.name)</dt><dd>\(fact.value)</dd></div>"
        }
        // An option that was not given says nothing.
        let stated = provenance.filter { !$0.value.isEmpty }
        let rows = stated.sorted { $0.key < $1.key }.map { entry -> HTML in
            "<tr><th scope=\"row\">\(entry.key)</th><td>\(entry.value)</td></tr>"
        }
        let bibtex = Citation.bibtex(
            version: provenance["version"] ?? "unknown", revision: provenance["revision"] ?? "unknown", theories: theories)
        return """
            <section aria-labelledby="report.provenance">
            <h2 id="report.provenance">Provenance</h2>
            <dl class="facts">
            \(facts.joined())
            </dl>
            <p class="prose">The same command with the same version gives the same networks on every device. These entries stand in \
            <a href="provenance.json">provenance.json</a> beside this page.</p>
            <details>
            <summary>All \(HTMLNumber.count(stated.count, "parameter"))</summary>
            <div class="scroll" role="region" aria-labelledby="report.provenance" tabindex="0">
            <table class="plain">
            <thead><tr><th scope="col">Parameter</th><th scope="col">Value</th></tr></thead>
            <tbody>
            \(rows.joined())
            </tbody>
            </table>
            </div>
            </details>
            </section>
            <section aria-labelledby="report.cite">
            <h2 id="report.cite">How to cite</h2>
            <p class="prose">\(theories.count == 1 ? "The paper" : "The papers"), and the program with the version that made this page.</p>
            <pre class="scroll" tabindex="0">\(HTML(lines: bibtex))</pre>
            </section>
            """
    }

    /// Where and with what the work was done, from the names that a run's provenance has; the other entries are its options.
    private var facts: [(name: String, value: HTML)] {
        let known = ["engine", "host", "operatingSystem", "date", "version", "revision", "command", "commandLine", "weightStream"]
        var facts: [(name: String, value: HTML)] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { facts.append((name, "\(value)")) }
        }
        let engine = provenance["engine"]?.components(separatedBy: " · ") ?? []
        if engine.count == 4 {
            // A described engine is name · device · driver · precision.
            for (name, value) in zip(["Engine", "Device", "Driver", "Precision"], engine) { add(name, value) }
        } else {
            add("Engine", provenance["engine"])
        }
        add("Host", [provenance["host"], provenance["operatingSystem"]].compactMap { $0 }.joined(separator: ", "))
        add("Begun", provenance["date"].map(Self.readable))
        add("Version", provenance["version"].map { "\($0), git revision \(provenance["revision"] ?? "unknown")" })
        let options = provenance.filter { !known.contains($0.key) && !$0.value.isEmpty }.sorted { $0.key < $1.key }
        add("Options", options.map { "\($0.key) \($0.value)" }.joined(separator: "; "))
        if let command = provenance["commandLine"] ?? provenance["command"] { facts.append(("Command", "<code>\(command)</code>")) }
        return facts
    }

    /// "2026-11-21 10:08 UTC" from an ISO 8601 time in UTC; any other text as it is.
    private static func readable(_ date: String) -> String {
        guard date.count == 20, date.hasSuffix("Z"), (try? Date(date, strategy: .iso8601)) != nil else { return date }
        return date.prefix(16).replacing("T", with: " ") + " UTC"
    }
}
