import Arrays
import Figures
import Foundation

/// Figures, claims and their provenance as one page that needs nothing beside it: no script, no font, no network.
///
/// The page is HTML that is well-formed XML as well. Its own identifiers contain a dot, which those of figures cannot.
public struct HTMLReport: Sendable {
    /// A page, and what it does not hold.
    public struct Page: Sendable, Equatable {
        /// The HTML document.
        public var text: String
        /// Names of the tables that are only linked because the page would become too large with them.
        public var onlyLinked: [String]
    }

    /// The figures in the order shown, each with its own `id`.
    public var figures: [Figure]
    /// The claims; those of no figure come last.
    public var claims: [Claim]
    /// Parameters, version, engine and so on by their names, as in `provenance.json`.
    public var provenance: [String: String]
    /// What the report is about; nil for the paper's figures and claims. Default: nil.
    public var subject: ReportSubject?
    /// The most bytes of tables that are embedded in the page; smaller ones first. Default: 6,000,000.
    public var embeddingLimit: Int
    /// Draws the figures.
    public var svg: SVGRenderer

    /// Makes a report; see the properties for what each value means.
    public init(
        figures: [Figure], claims: [Claim], provenance: [String: String], subject: ReportSubject? = nil, embeddingLimit: Int = 6_000_000,
        svg: SVGRenderer = SVGRenderer()
    ) {
        self.figures = figures
        self.claims = claims
        self.provenance = provenance
        self.subject = subject
        self.embeddingLimit = embeddingLimit
        self.svg = svg
    }

    /// Draws the page. The same report gives the same page, byte for byte.
    /// - Throws: `CSVError`, in practice never: the columns of the claims are fixed.
    public func render() throws -> Page {
        var tables: [(name: String, text: String)] = []
        if !claims.isEmpty { tables.append(("claims.csv", try ClaimsTable.csv(claims).text)) }
        if let data = subject?.data { tables.append((Self.subjectTable, data.text)) }
        for figure in figures {
            if let data = figure.data { tables.append(("\(SVGRenderer.identifier(figure.id)).csv", data.text)) }
        }
        let embedded = EmbeddedTables(tables, limit: embeddingLimit)
        let own = figures.map { ClaimGroup($0, among: claims) }, others = ClaimGroup.others(claims, figures), groups = own + others
        let body: HTML = """
            <body>
            <a class="skip" href="#report.figures">Skip the introduction</a>
            \(heading(groups))
            <main>
            <section aria-labelledby="report.figures">
            <h2 id="report.figures">Figures</h2>
            \(figures.isEmpty ? noFigures : zip(figures, own).map { figureArticle($0, $1, embedded) }.joined())
            \(otherClaims(others))
            </section>
            \(overviewSection(embedded))
            \(claims.isEmpty ? "" : verdictSections(groups, embedded))
            \(theories.contains(.duality) ? Self.dictionarySection : "")
            \(glossarySection)
            \(provenanceSection)
            </main>
            </body>
            """
        let page: HTML = """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
            <title>\(title)</title>
            <style>
            \(HTML(markup: HTMLStyle.sheet))
            </style>
            </head>
            \(body)
            </html>

            """
        return Page(text: page.text, onlyLinked: embedded.onlyLinked)
    }

    /// What the figures are about, or what the subject says.
    var theories: [Theory] {
        if let theory = subject?.theory { return [theory] }
        let found = Theory.allCases.filter { theory in figures.contains { $0.theory == theory } }
        return found.isEmpty ? [.duality] : found
    }

    var title: String {
        subject?.title
            ?? (theories == [.learning] ? "Learning as quantum mechanics and gravity" : "Wide neural networks and their dual universes")
    }

    private var noFigures: HTML {
        hasOverview
            ? "<p>None: too few runs came out for a picture, or all alike. <a href=\"#report.overview\">The overview</a> has the numbers.</p>"
            : "<p>None.</p>"
    }

    static let learningPaper: HTML =
        "<a href=\"https://arxiv.org/abs/2111.00903\">Vanchurin, <cite>Towards a theory of quantum gravity from neural networks</cite></a>"
    static let paper: HTML =
        "<a href=\"https://arxiv.org/abs/2202.11104\">Krippendorf and Spannowsky, <cite>A duality connecting neural network and cosmological dynamics</cite></a>"
}
