import Foundation

/// Writes XML. Every attribute and every text goes through `escape`, so nothing a user typed can become markup.
struct SVGBuilder {
    typealias Attributes = KeyValuePairs<String, String>

    private(set) var text = ""
    /// Whether marks say something on hovering.
    var showsTitles = true
    private var open: [String] = []

    mutating func begin(_ name: String, _ attributes: Attributes = [:]) {
        write(name, attributes, ending: ">\n")
        open.append(name)
    }

    mutating func end() {
        guard let name = open.popLast() else { return }
        text += "</\(name)>\n"
    }

    /// An element without children, or with a `<title>` that appears on hovering.
    mutating func element(_ name: String, _ attributes: Attributes, title: String? = nil) {
        guard let title, showsTitles else { return write(name, attributes, ending: "/>\n") }
        write(name, attributes, ending: "><title>\(Self.escape(title))</title></\(name)>\n")
    }

    /// An element that holds only text.
    mutating func content(_ name: String, _ content: String, attributes: Attributes = [:]) {
        write(name, attributes, ending: ">\(Self.escape(content))</\(name)>\n")
    }

    /// Rich text at a point; `angle` turns it about that point, in degrees.
    mutating func label(
        _ rich: RichText, x: Double, y: Double, size: Double, anchor: String = "start", bold: Bool = false, opacity: Double = 1,
        angle: Double = 0
    ) {
        guard !rich.isEmpty else { return }
        var tag = "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\" text-anchor=\"\(anchor)\""
        if bold { tag += " font-weight=\"600\"" }
        if opacity < 1 { tag += " fill-opacity=\"\(Self.number(opacity))\"" }
        if angle != 0 { tag += " transform=\"rotate(\(Self.number(angle)) \(Self.number(x)) \(Self.number(y)))\"" }
        // Without this, renderers drop the spaces at the ends of a span.
        if rich.runs.count > 1 { tag += " xml:space=\"preserve\"" }
        text += tag + ">"
        var level = 0.0
        for run in rich.runs {
            let wanted = run.level == .sub ? 0.24 * size : run.level == .sup ? -0.38 * size : 0
            let scale = run.level == .base ? "" : " font-size=\"\(Self.number(size * RichText.scriptScale))\""
            let shift = wanted == level ? "" : " dy=\"\(Self.number(wanted - level))\""
            text += shift.isEmpty && scale.isEmpty ? Self.escape(run.text) : "<tspan\(shift)\(scale)>\(Self.escape(run.text))</tspan>"
            level = wanted
        }
        text += "</text>\n"
    }

    private mutating func write(_ name: String, _ attributes: Attributes, ending: String) {
        text += "<" + name
        for (key, value) in attributes where !value.isEmpty { text += " \(key)=\"\(Self.escape(value))\"" }
        text += ending
    }

    /// The text with the five special characters as entities, and without the characters that XML 1.0 forbids.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result += " "
            default:
                if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF, !(0x7F...0x9F).contains(scalar.value) {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    /// A coordinate to a hundredth of a pixel; far outside the picture, clamped, so that no renderer overflows.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let hundredths = Int((min(max(value, -1e5), 1e5) * 100).rounded())
        if hundredths.isMultiple(of: 100) { return String(hundredths / 100) }
        let magnitude = abs(hundredths)
        let fraction = magnitude % 100
        let digits = fraction.isMultiple(of: 10) ? "\(fraction / 10)" : fraction < 10 ? "0\(fraction)" : "\(fraction)"
        return (hundredths < 0 ? "-" : "") + "\(magnitude / 100).\(digits)"
    }
}
