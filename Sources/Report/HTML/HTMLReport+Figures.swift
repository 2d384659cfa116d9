import Figures
import Foundation

extension HTMLReport {
    /// A figure with its caption, the criteria it was judged by, and its numbers.
    func figureArticle(_ figure: Figure, _ group: ClaimGroup, _ embedded: EmbeddedTables) -> HTML {
        let anchor = ClaimGroup.anchor(figure)
        let name = SVGRenderer.identifier(figure.id)
        let caption: HTML = figure.caption.isEmpty ? "" : "<p>\(RichText(figure.caption))</p>"
        let table: HTML = figure.data == nil ? "" : "The numbers: \(embedded.links("\(name).csv")). "
        let title: HTML = figure.title.isEmpty ? "\(group.name)" : "\(group.name): \(RichText(figure.title))"
        return """
            <article aria-labelledby="\(anchor)">
            <h3 id="\(anchor)">\(title)</h3>
            <figure aria-labelledby="\(anchor)">
            <div class="wide plot" role="group" aria-labelledby="\(anchor)">
            \(drawing(figure, .page))
            </div>
            <div class="narrow plot" role="group" aria-labelledby="\(anchor)">
            \(drawing(figure, .narrowPage))
            </div>
            <figcaption>
            \(caption)
            <p class="data">\(table)The drawing: <a href="\(name).svg">\(name).svg</a>.</p>
            </figcaption>
            </figure>
            \(criteria(group))
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

    /// Each criterion once, with the verdicts it led to.
    private func criteria(_ group: ClaimGroup) -> HTML {
        guard !group.claims.isEmpty else { return "" }
        var seen: Set<String> = []
        let criteria = group.claims.map(\.claim.criterion).filter { seen.insert($0).inserted }
        let items = criteria.map { criterion -> HTML in
            let judged = group.claims.filter { $0.claim.criterion == criterion }
            let badges = Claim.Verdict.allCases.compactMap { verdict -> HTML? in
                let count = judged.count { $0.claim.verdict == verdict }
                return count == 0 ? nil : Self.badge(verdict, count: judged.count == 1 ? nil : count)
            }
            let place = judged.first.map { "report.claim\($0.number)" } ?? "report.claims"
            return "<li><a class=\"criterion\" href=\"#\(place)\">\(RichText(criterion))</a> \(badges.joined(separator: " "))</li>"
        }
        return "<h4>Criteria</h4>\n<ul class=\"criteria\">\n\(items.joined())\n</ul>"
    }
}
