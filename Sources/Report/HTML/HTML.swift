/// A piece of a page. What is written literally is markup; what is interpolated is text and is escaped, so that nothing that came
/// from a file or an option can become markup by being forgotten.
///
/// All markup is written so that it is well-formed XML too: tests can then read the page with an XML parser.
struct HTML: ExpressibleByStringInterpolation, Equatable {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Text, escaped.
    init(escaping text: String) { self.text = SVGBuilder.escape(text) }

    /// Markup that another renderer made and escaped.
    init(markup: String) { text = markup }

    /// Text in lines, escaped, with its line ends: for preformatted text.
    init(lines text: String) {
        self.text = text.split(separator: "\n", omittingEmptySubsequences: false).map { SVGBuilder.escape(String($0)) }
            .joined(separator: "\n")
    }

    var isEmpty: Bool { text.isEmpty }

    struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ html: HTML) { text += html.text }

        mutating func appendInterpolation(_ plain: String) { text += SVGBuilder.escape(plain) }

        mutating func appendInterpolation(_ number: Int) { text += String(number) }

        /// Text with the markup of figures and claims, as `<sub>` and `<sup>`.
        mutating func appendInterpolation(_ rich: RichText) {
            for run in rich.runs {
                // A percent sign does not begin a line.
                let escaped = SVGBuilder.escape(run.text).replacing(" %", with: "\u{A0}%")
                switch run.level {
                case .base: text += escaped
                case .sub: text += "<sub>\(escaped)</sub>"
                case .sup: text += "<sup>\(escaped)</sup>"
                }
            }
        }

        /// A number with its significant digits, powers of ten written as such.
        mutating func appendInterpolation(number value: Double, digits: Int = 4) {
            appendInterpolation(RichText(Self.markup(value, digits: digits)))
        }

        private static func markup(_ value: Double, digits: Int) -> String {
            let parts = HTMLNumber.text(value, digits: digits).split(separator: "e")
            guard parts.count == 2, let exponent = Int(parts[1].replacing("−", with: "-")) else { return String(parts.first ?? "") }
            return "\(parts[0]) × 10^{\(exponent)}"
        }
    }
}

extension Sequence where Element == HTML {
    /// All pieces one after another.
    func joined(separator: HTML = "\n") -> HTML { HTML(markup: map(\.text).joined(separator: separator.text)) }
}
