import Foundation

/// Lines of a name and a value, the values aligned: how commands print results for people.
struct Listing {
    private var lines: [(name: String, value: String)] = []

    /// Adds a line.
    mutating func add(_ name: String, _ value: String) { lines.append((name, value)) }

    /// Adds a line with a number of six significant digits.
    mutating func add(_ name: String, _ value: Double) { add(name, NumberText.rounded(value, digits: 6)) }

    /// Adds a line for each file that was written, or would be.
    mutating func add(outputs: [String], isWritten: Bool) {
        for output in outputs { add(isWritten ? "wrote" : "would write", output) }
    }

    var text: String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.value + "\n" }.joined()
    }
}

/// Numbers as people read them.
enum NumberText {
    /// With that many significant digits.
    static func rounded(_ value: Double, digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }

    /// An index below the line: ₁₀.
    static func subscripted(_ index: Int) -> String {
        "\(index)".map { digit in digit.wholeNumberValue.map { Array("₀₁₂₃₄₅₆₇₈₉")[$0] } ?? digit }.reduce(into: "") { $0.append($1) }
    }

    /// A number of bytes in the largest binary unit that leaves at least 1.
    static func bytes(_ count: Int) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(count), unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(unit == 0 ? "\(count)" : rounded(value)) \(units[unit])"
    }

    /// A time in the units that people would say it in.
    static func duration(_ seconds: Double) -> String {
        guard seconds >= 0, seconds < 1e8 else { return "long" }
        let whole = Int(seconds.rounded(.up))  // bounded: seconds from 0 to 1e8
        return whole < 60 ? "\(whole) s" : whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
