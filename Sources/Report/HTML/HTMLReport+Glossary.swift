import Figures

extension HTMLReport {
    /// All words with their meanings.
    static let glossarySection: HTML = """
        <section aria-labelledby="report.glossary">
        <h2 id="report.glossary">Words</h2>
        <p class="prose">On a terminal <code>inflaton glossary</code> has the same.</p>
        <dl class="glossary">
        \(Glossary.entries.map { entry -> HTML in
            "<div><dt id=\"\(entry.anchor)\">\(entry.word)</dt><dd>\(RichText(entry.meaning))</dd></div>"
        }.joined())
        </dl>
        </section>
        """

    /// Text with the markup of figures, in which the first use of each word of the glossary leads there.
    /// - Parameter known: words that were linked before, and are not again.
    static func explained(_ text: String, _ known: inout Set<String>) -> HTML {
        var pieces: [HTML] = []
        for run in RichText(text).runs {
            guard run.level == .base else {
                pieces.append("\(RichText(runs: [run]))")
                continue
            }
            var rest = run.text[...]
            while let (entry, range) = next(in: rest, known) {
                known.insert(entry.word)
                let word = String(rest[range])
                pieces.append("\(RichText(runs: [.init(text: String(rest[..<range.lowerBound]), level: .base)]))")
                pieces.append("<a class=\"word\" href=\"#\(entry.anchor)\" title=\"\(RichText(entry.meaning).plain)\">\(word)</a>")
                rest = rest[range.upperBound...]
            }
            pieces.append("\(RichText(runs: [.init(text: String(rest), level: .base)]))")
        }
        return pieces.joined(separator: "")
    }

    /// The word that comes first, and of those the longest.
    private static func next(in text: Substring, _ known: Set<String>) -> (Glossary.Entry, Range<String.Index>)? {
        var best: (entry: Glossary.Entry, range: Range<String.Index>)?
        for entry in Glossary.entries where !known.contains(entry.word) {
            for form in entry.forms {
                guard let range = Glossary.place(of: form, in: text) else { continue }
                if let known = best?.range, (known.lowerBound, range.upperBound) <= (range.lowerBound, known.upperBound) { continue }
                best = (entry, range)
            }
        }
        return best.map { ($0.entry, $0.range) }
    }
}
