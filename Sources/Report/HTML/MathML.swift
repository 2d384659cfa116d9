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
                items.append(item())
            }
        }
        return "<mrow>\(items.joined(separator: ""))</mrow>"
    }

    /// An atom with its subscript, primes and superscript.
    private mutating func item() -> HTML {
        let isSum = rest.first == "∑"
        let base = atom()
        var below: HTML?
        var above: [HTML] = []
        while let mark = rest.first, "_^′″".contains(mark) {
            switch mark {
            case "_":
                rest.removeFirst()
                below = atom()
            case "^":
                rest.removeFirst()
                above.append(atom())
            default:
                rest.removeFirst()
                above.append("<mo>\(String(mark))</mo>")
            }
        }
        let raised: HTML? = above.isEmpty ? nil : above.count == 1 ? above[0] : "<mrow>\(above.joined(separator: ""))</mrow>"
        switch (below, raised) {
        case (nil, nil): return base
        case (let below?, nil): return isSum ? "<munder>\(base)\(below)</munder>" : "<msub>\(base)\(below)</msub>"
        case (nil, let raised?): return "<msup>\(base)\(raised)</msup>"
        case (let below?, let raised?): return "<msubsup>\(base)\(below)\(raised)</msubsup>"
        }
    }

    private mutating func atom() -> HTML {
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
        // Brackets would otherwise grow with primes and indices.
        return "()".contains(first) ? "<mo stretchy=\"false\">\(String(first))</mo>" : "<mo>\(String(first))</mo>"
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
        default: return "<mi>\(String(name))</mi>"
        }
    }

    private mutating func argument() -> HTML {
        guard rest.first == "{" else { return "<mrow></mrow>" }
        rest.removeFirst()
        return row()
    }
}
