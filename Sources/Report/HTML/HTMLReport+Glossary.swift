import Figures

extension HTMLReport {
    /// The words of what the page is about, with their meanings.
    var glossarySection: HTML {
        """
        <section aria-labelledby="report.glossary">
        <h2 id="report.glossary">Words</h2>
        <p class="prose">On a terminal <code>inflaton glossary</code> has the same.</p>
        <dl class="glossary">
        \(Glossary.entries(of: theories).map { entry -> HTML in
            "<div><dt id=\"\(entry.anchor)\">\(entry.word)</dt><dd>\(RichText(entry.meaning))</dd></div>"
        }.joined())
        </dl>
        </section>
        """
    }

    /// The words that may be explained in the text of a figure or group of claims; where it is not known what that is about, those that always
    /// mean the same.
    func words(_ theory: Theory?) -> [Glossary.Entry] { Glossary.entries(of: [theory ?? (theories.count == 1 ? theories[0] : .learning)]) }

    /// Text with the markup of figures, in which the first use of each word of the glossary leads there.
    /// - Parameters:
    ///   - words: those that may be linked.
    ///   - known: words that were linked before, and are not again.
    static func explained(_ text: String, by words: [Glossary.Entry], _ known: inout Set<String>) -> HTML {
        var pieces: [HTML] = []
        for run in RichText(text).runs {
            guard run.level == .base else {
                pieces.append("\(RichText(runs: [run]))")
                continue
            }
            var rest = run.text[...]
            while let (entry, range) = next(in: rest, words, known) {
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
    private static func next(
        in text: Substring, _ words: [Glossary.Entry], _ known: Set<String>
    ) -> (Glossary.Entry, Range<String.Index>)? {
        var best: (entry: Glossary.Entry, range: Range<String.Index>)?
        for entry in words where !known.contains(entry.word) {
            for form in entry.forms {
                guard let range = Glossary.place(of: form, in: text) else { continue }
                if let known = best?.range, (known.lowerBound, range.upperBound) <= (range.lowerBound, known.upperBound) { continue }
                best = (entry, range)
            }
        }
        return best.map { ($0.entry, $0.range) }
    }
}
