import Foundation

/// Text with subscripts and superscripts, measured and broken into lines. The markup is described at `Figure`.
struct RichText: Equatable {
    enum Level: Int { case sub = -1, base = 0, sup = 1 }

    struct Run: Equatable {
        var text: String
        var level: Level
    }

    private(set) var runs: [Run] = []

    init(runs: [Run]) { self.runs = runs }

    init(_ markup: String) {
        let characters = Array(markup.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        var base = ""
        var index = 0
        func flush() {
            if !base.isEmpty { runs.append(Run(text: base, level: .base)) }
            base = ""
        }
        while index < characters.count {
            let character = characters[index]
            if character == "\\", index + 1 < characters.count, "_^\\{}".contains(characters[index + 1]) {
                base.append(characters[index + 1])
                index += 2
            } else if character == "_" || character == "^", let end = Self.scriptEnd(characters, from: index + 1) {
                flush()
                let braced = characters[index + 1] == "{"
                let script = String(characters[(index + (braced ? 2 : 1))..<(braced ? end - 1 : end)])
                runs.append(Run(text: Self.withMinusSigns(script), level: character == "_" ? .sub : .sup))
                index = end
            } else {
                base.append(character)
                index += 1
            }
        }
        flush()
    }

    var isEmpty: Bool { runs.allSatisfy { $0.text.isEmpty } }

    /// The text without its markup, for titles and descriptions.
    var plain: String { runs.map(\.text).joined() }

    static let scriptScale = 0.72

    /// Estimated width in pixels at the given font size.
    func width(size: Double, bold: Bool = false) -> Double {
        runs.reduce(0) {
            $0 + TextMetrics.width($1.text, size: $1.level == .base ? size : size * Self.scriptScale, bold: bold)
        }
    }

    /// The position after the script that starts at `start`, or nil where the marker is to be read literally.
    private static func scriptEnd(_ characters: [Character], from start: Int) -> Int? {
        guard start < characters.count else { return nil }
        if characters[start] == "{" {
            guard let close = characters[start...].firstIndex(of: "}"), close > start + 1 else { return nil }
            return close + 1
        }
        var end = start
        if "-−".contains(characters[end]) { end += 1 }
        let digits = end
        while end < characters.count, characters[end].isNumber { end += 1 }
        if end == digits {
            guard end == start, end < characters.count, characters[end].isLetter || "*+†".contains(characters[end]) else { return nil }
            end += 1
        }
        if end < characters.count, characters[end].isLetter || characters[end].isNumber || characters[end] == "_" { return nil }
        return end
    }

    private static func withMinusSigns(_ text: String) -> String { text.replacingOccurrences(of: "-", with: "−") }

    /// The text in lines no wider than `limit`, broken at spaces that are not beside a sign such as "=", at these where what they join is too
    /// wide, and inside a word only where the word alone is.
    func lines(limit: Double, size: Double, bold: Bool = false) -> [RichText] {
        Self.lines(of: terms(), limit: limit, size: size, bold: bold)
    }

    private static func lines(of units: [[[Run]]], limit: Double, size: Double, bold: Bool) -> [RichText] {
        var lines: [RichText] = []
        var line: [Run] = []
        func fits(_ runs: [Run]) -> Bool { RichText(runs: runs).width(size: size, bold: bold) <= limit }
        for word in units.flatMap({ unit in fits(joined(unit)) ? [joined(unit)] : unit }) {
            let candidate = line.isEmpty ? word : line + [Run(text: " ", level: .base)] + word
            if fits(candidate) {
                line = candidate
                continue
            }
            if !line.isEmpty { lines.append(RichText(runs: line)) }
            line = []
            for run in word {
                for character in run.text {
                    let next = line + [Run(text: String(character), level: run.level)]
                    if !line.isEmpty, RichText(runs: next).width(size: size, bold: bold) > limit {
                        lines.append(RichText(runs: line))
                        line = [Run(text: String(character), level: run.level)]
                    } else {
                        line = next
                    }
                }
            }
        }
        if !line.isEmpty { lines.append(RichText(runs: line)) }
        return lines.map(\.merged)
    }

    /// As many lines as ``lines(limit:size:bold:)`` has, broken after commas alone where that takes no more of them, and as even as they can
    /// be, so that the last of a title is no single word.
    func evenLines(limit: Double, size: Double, bold: Bool = false) -> [RichText] {
        var lines = self.lines(limit: limit, size: size, bold: bold), units = terms()
        func width(_ unit: [[Run]]) -> Double { RichText(runs: Self.joined(unit)).width(size: size, bold: bold) }
        let phrases = self.phrases(), broken = Self.lines(of: phrases, limit: limit, size: size, bold: bold)
        if broken.count == lines.count, phrases.allSatisfy({ width($0) <= limit }) { (lines, units) = (broken, phrases) }
        let widest = units.map(width).max() ?? 0
        guard lines.count > 1, widest < limit else { return lines }
        // What fits narrower lines fits wider ones; to a pixel.
        var tooNarrow = widest - 1, enough = limit
        while enough - tooNarrow > 1 {
            let middle = (tooNarrow + enough) / 2
            if middle >= widest, Self.lines(of: units, limit: middle, size: size, bold: bold).count == lines.count {
                enough = middle
            } else {
                tooNarrow = middle
            }
        }
        return Self.lines(of: units, limit: enough, size: size, bold: bold)
    }

    /// The text cut to a width, with an ellipsis where something is missing.
    func truncated(to limit: Double, size: Double) -> RichText {
        if width(size: size) <= limit { return self }
        var room = limit - TextMetrics.width("…", size: size)
        var kept: [Run] = []
        for run in runs {
            for character in run.text {
                room -= RichText(runs: [Run(text: String(character), level: run.level)]).width(size: size)
                if room < 0 { return RichText(runs: kept + [Run(text: "…", level: .base)]).merged }
                kept.append(Run(text: String(character), level: run.level))
            }
        }
        return self
    }

    /// Words, each of one or more runs; only base text breaks at spaces.
    private func words() -> [[Run]] {
        var words: [[Run]] = [[]]
        for run in runs {
            guard run.level == .base else {
                words[words.count - 1].append(run)
                continue
            }
            for (index, part) in run.text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
                if index > 0 { words.append([]) }
                if !part.isEmpty { words[words.count - 1].append(Run(text: String(part), level: .base)) }
            }
        }
        return words.filter { !$0.isEmpty }
    }

    /// Signs at which no line ends or begins.
    private static let signs: Set<String> = ["=", "≈", "≤", "≥", "<", ">", "+", "−", "-", "/", "×", "±", "∝"]

    /// Words that one line keeps together: those beside a sign.
    private func terms() -> [[[Run]]] {
        var terms: [[[Run]]] = [], isOpen = false
        for word in words() {
            let isSign = Self.signs.contains(word.map(\.text).joined())
            if !terms.isEmpty, isOpen || isSign { terms[terms.count - 1].append(word) } else { terms.append([word]) }
            isOpen = isSign
        }
        return terms
    }

    /// Words up to a comma.
    private func phrases() -> [[[Run]]] {
        var phrases: [[[Run]]] = [], isOpen = false
        for word in words() {
            if isOpen { phrases[phrases.count - 1].append(word) } else { phrases.append([word]) }
            isOpen = word.last?.text.last != ","
        }
        return phrases
    }

    private static func joined(_ words: [[Run]]) -> [Run] { Array(words.joined(separator: [Run(text: " ", level: .base)])) }

    private var merged: RichText {
        var result: [Run] = []
        for run in runs {
            if let last = result.last, last.level == run.level {
                result[result.count - 1].text += run.text
            } else {
                result.append(run)
            }
        }
        return RichText(runs: result)
    }
}
