/// Estimates of text widths for the sans-serif fonts of the common systems.
///
/// No font is at hand when a figure is written, so the widths are those of a wide face (advance widths of the order of
/// DejaVu Sans); the narrower faces of other systems then leave a little more air, and nothing is cut off.
enum TextMetrics {
    static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
        var ems = 0.0
        for character in text { ems += width(character) }
        return ems * size * (bold ? 1.1 : 1)
    }

    /// Advance width in ems.
    private static func width(_ character: Character) -> Double {
        switch character {
        case "i", "j", "l", "I", "|", "'": 0.29
        case " ", ".", ",", ":", ";", "·": 0.33
        case "f", "t", "r", "(", ")", "[", "]", "/", "\\", "-": 0.40
        case "m", "M", "W", "w", "%", "@", "…", "—": 0.98
        case "+", "−", "=", "<", ">", "≤", "≥", "×", "±", "~", "∝", "≈": 0.84
        case "0"..."9", "$", "#": 0.64
        case "a"..."z": 0.62
        case "A"..."Z": 0.72
        default:
            if character.unicodeScalars.allSatisfy({ $0.value < 0x0530 }) {
                0.72
            } else if character.unicodeScalars.allSatisfy({ (0x2000...0x22FF).contains($0.value) }) {
                0.8
            } else {
                1.1
            }
        }
    }
}
