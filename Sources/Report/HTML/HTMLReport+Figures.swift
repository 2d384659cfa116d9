import Figures
import Foundation

extension HTMLReport {
    /// A figure beside the claims that matter most of it, with its caption, its numbers, and all its claims folded.
    func figureArticle(_ figure: Figure, _ group: ClaimGroup, _ embedded: EmbeddedTables) -> HTML {
        let anchor = ClaimGroup.anchor(figure)
        let name = SVGRenderer.identifier(figure.id)
        var known: Set<String> = []
        let findings = findings(group, &known)
        let caption: HTML = figure.caption.isEmpty ? "" : "<p>\(Self.explained(figure.caption, by: words(figure.theory), &known))</p>"
        let subtitle: HTML = figure.subtitle.isEmpty ? "" : "<p class=\"subtitle\">\(RichText(figure.subtitle))</p>"
        let table: HTML = figure.data == nil ? "" : "The numbers: \(embedded.links("\(name).csv")). "
        let title: HTML = figure.title.isEmpty ? "\(group.name)" : "\(group.name): \(RichText(figure.title))"
        return """
            <article aria-labelledby="\(anchor)">
            <h3 id="\(anchor)">\(title)</h3>
            \(subtitle)
            <div class="beside\(findings.isEmpty ? " alone" : "")">
            <figure aria-labelledby="\(anchor)">
            <div class="wide plot" role="group" aria-labelledby="\(anchor)">
            \(drawing(figure, .page))
            </div>
            <div class="narrow plot" role="group" aria-labelledby="\(anchor)">
            \(drawing(figure, .narrowPage))
            </div>
            </figure>
            \(findings)
            </div>
            <div class="caption">
            \(caption)
            <p class="data">\(table)The drawing: <a href="\(name).svg">\(name).svg</a>, and <a href="\(name).pdf">\(name).pdf</a> for talks.</p>
            </div>
            \(claimsTable(group))
            </article>
            """
    }

    /// The drawing as a part of the page, which has its title already. The style sheet shows one of the two settings.
    private func drawing(_ figure: Figure, _ setting: SVGRenderer.Setting) -> HTML {
        let document = svg.render(figure, for: setting)
        // A declaration may stand only at the beginning of a document.
        guard let start = document.range(of: "<svg") else { return "" }
        return HTML(markup: String(document[start.lowerBound...]))
    }
}
