import Foundation

extension Int {
    /// So many things in a sentence: `1 run`, `2 runs`.
    /// - Parameters:
    ///   - one: one of them.
    ///   - many: several of them. Default: with an s.
    package func number(of one: String, _ many: String? = nil) -> String { "\(self) \(self == 1 ? one : many ?? one + "s")" }

    /// A number of bytes as a person reads it, and exactly: `2.18 TiB = 2400000000576 bytes`.
    package var bytesText: String {
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        guard self >= 1024 else { return number(of: "byte") }
        var value = Double(self) / 1024, unit = 0
        while value >= 1024, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return "\(value.text(digits: value >= 100 ? 4 : 3)) \(units[unit]) = \(self) bytes"
    }
}

extension Double {
    /// With so many significant digits, as a person reads a number in a sentence: `2.581`, `1e-05`, `12`. A message says no more than decides.
    package func text(digits: Int = 4) -> String {
        guard isFinite, self != 0 else { return self == 0 ? "0" : "\(self)" }
        return String(format: "%.\(digits)g", self)
    }

    /// All digits, and no `.0` behind whole numbers: `0.5`, `1`.
    package var plainText: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
