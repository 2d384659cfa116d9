/// Presentation MathML from a short notation, so that equations stay readable in the source.
///
/// Letters are variables, digits numbers, everything else operators. `_` and `^` take one letter, number or `{…}`; primes are written
/// ′ and ″; `\frac{…}{…}`, `\sqrt{…}`, and functions by their names as in `\ln`. Spaces mean nothing.
struct MathML {
    private var rest: Substring

    private init(_ notation: String) { rest = notation[...] }

    /// The equation inside a line of text.
    static func inline(_ notation: String) -> HTML { element(notation, display: "inline") }

    /// The equation in a line of its own.
    static func block(_ notation: String) -> HTML { element(notation, display: "block") }

    private static func element(_ notation: String, display: String) -> HTML {
        var parser = MathML(notation)
        return "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"\(display)\">\(parser.row())</math>"
    }

    /// Items up to a closing brace, which is taken too, or to the end.
    private mutating func row() -> HTML {
        var items: [HTML] = []
        while let character = rest.first {
            if character == "}" {
                rest.removeFirst()
                break
            }
            if character == " " {
                rest.removeFirst()
            } else {
                items.append(item(isFirst: items.isEmpty))
            }
        }
        return "<mrow>\(items.joined(separator: ""))</mrow>"
    }

    /// An atom with its subscript, primes and superscript.
    private mutating func item(isFirst: Bool) -> HTML {
        let isSum = rest.first == "∑"
        let base = atom(isFirst: isFirst)
        var below: HTML?
        var primes: HTML = ""
        var raised: HTML?
        while let mark = rest.first, "_^′″".contains(mark) {
            rest.removeFirst()
            switch mark {
            case "_": below = atom()
            case "^": raised = atom()
            // Primes are raised by themselves: as superscripts they would be too small and too high in fonts that are not made for math.
            default: primes = "\(primes)<mo class=\"prime\">\(String(mark))</mo>"
            }
        }
        if !primes.isEmpty {
            let primed: HTML = "<mrow>\(below.map { "<msub>\(base)\($0)</msub>" } ?? base)\(primes)</mrow>"
            return raised.map { "<msup>\(primed)\($0)</msup>" } ?? primed
        }
        switch (below, raised) {
        case (nil, nil): return base
        case (let below?, nil): return isSum ? "<munder>\(base)\(below)</munder>" : "<msub>\(base)\(below)</msub>"
        case (nil, let raised?): return "<msup>\(base)\(raised)</msup>"
        case (let below?, let raised?): return "<msubsup>\(base)\(below)\(raised)</msubsup>"
        }
    }

    private mutating func atom(isFirst: Bool = true) -> HTML {
        guard let first = rest.first else { return "<mrow></mrow>" }
        if first == "\\" { return command() }
        if first == "{" {
            rest.removeFirst()
            return row()
        }
        if first.isNumber {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest.removeFirst(digits.count)
            return "<mn>\(String(digits))</mn>"
        }
        rest.removeFirst()
        if first.isLetter || first == "∂" || first == "∇" { return "<mi>\(String(first))</mi>" }
        // Brackets would otherwise grow with indices. A sign at the beginning stands close to what follows.
        if "()".contains(first) { return "<mo stretchy=\"false\">\(String(first))</mo>" }
        if first == "∑" { return "<mo class=\"sum\">∑</mo>" }
        let form = "=<+−".contains(first) ? (isFirst ? " form=\"prefix\"" : " form=\"infix\"") : ""
        return "<mo\(HTML(markup: form))>\(String(first))</mo>"
    }

    private mutating func command() -> HTML {
        rest.removeFirst()
        let name = rest.prefix { $0.isLetter }
        rest.removeFirst(name.count)
        switch name {
        case "frac":
            let numerator = argument()
            return "<mfrac>\(numerator)\(argument())</mfrac>"
        case "sqrt": return "<msqrt>\(argument())</msqrt>"
        default: return "<mi class=\"function\">\(String(name))</mi>"
        }
    }

    private mutating func argument() -> HTML {
        guard rest.first == "{" else { return "<mrow></mrow>" }
        rest.removeFirst()
        return row()
    }
}
