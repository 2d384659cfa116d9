import Arrays
import Figures

extension HTMLReport {
    /// The file of a subject's data.
    static let subjectTable = "table.csv"

    /// What the report is about: the subject's own text, or the paper.
    var introduction: HTML {
        let counts: HTML = "\(HTMLNumber.count(figures.count, "figure")), \(HTMLNumber.count(claims.count, "claim")):"
        let ofLearning: HTML = """
            <p class="prose">What is claimed by \(Self.learningPaper), as measurements on networks that Inflaton trains. \(counts)</p>
            """
        guard let subject else {
            guard theories != [.learning] else { return ofLearning }
            let also: HTML =
                theories.contains(.learning)
                ? " Beside them stand ensembles that learn with noise, with what is claimed of them by \(Self.learningPaper)." : ""
            return """
                <p class="prose">Real networks, made and trained by Inflaton, beside the scalar field in an expanding universe that they are dual \
                to according to \(Self.paper).\(also) \(counts)</p>
                """
        }
        let lines = subject.text.split(separator: "\n", omittingEmptySubsequences: false)
        let paragraphs = lines.split { $0.allSatisfy(\.isWhitespace) }.map { $0.joined(separator: " ") }
        let text = paragraphs.map { paragraph -> HTML in "<p class=\"prose\">\(paragraph)</p>" }
        return (text + (subject.theory == .learning && !claims.isEmpty ? [ofLearning] : [])).joined()
    }

    var hasOverview: Bool { subject.map { !$0.tables.isEmpty || $0.data != nil || !$0.notes.isEmpty } ?? false }

    /// The subject's tables and its data; empty where there are none.
    func overviewSection(_ embedded: EmbeddedTables) -> HTML {
        guard let subject, hasOverview else { return "" }
        let tables = subject.tables.enumerated().map { index, table -> HTML in
            let header = table.header.map { name -> HTML in "<th scope=\"col\">\(name)</th>" }.joined(separator: "")
            let rows = table.rows.map { row -> HTML in
                let cells = row.enumerated().map { column, text -> HTML in
                    column == 0 ? "<th scope=\"row\">\(text)</th>" : "<td>\(text)</td>"
                }
                return "<tr>\(cells.joined(separator: ""))</tr>"
            }
            return """
                <h3 id="report.table\(index + 1)">\(table.title)</h3>
                <div class="scroll" role="region" aria-labelledby="report.table\(index + 1)" tabindex="0">
                <table class="summary">
                <thead><tr>\(header)</tr></thead>
                <tbody>
                \(rows.joined())
                </tbody>
                </table>
                </div>
                """
        }
        let notes: HTML =
            subject.notes.isEmpty
            ? "" : "<ul class=\"plain\">\n\(subject.notes.map { note -> HTML in "<li>\(RichText(note))</li>" }.joined())\n</ul>"
        let data: HTML =
            subject.data.map { table in
                "<p class=\"data\">All \(HTMLNumber.count(table.rows.count, "run")): \(embedded.links(Self.subjectTable)).</p>"
            } ?? ""
        return """
            <section aria-labelledby="report.overview">
            <h2 id="report.overview">Overview</h2>
            \(notes)
            \(tables.joined())
            \(data)
            </section>
            """
    }
}
