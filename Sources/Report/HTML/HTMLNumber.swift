import Foundation

/// Numbers and sizes as a page shows them.
enum HTMLNumber {
    /// The number with so many significant digits, and a minus sign where C writes a hyphen.
    static func text(_ value: Double, digits: Int) -> String {
        String(format: "%.\(digits)g", value).replacing("-", with: "−")
    }

    /// Bytes in the decimal unit that leaves one to three digits.
    static func bytes(_ count: Int) -> String {
        switch count {
        case ..<1000: "\(count) B"
        case ..<1_000_000: "\(Int((Double(count) / 1e3).rounded())) kB"
        default: String(format: "%.1f MB", Double(count) / 1e6)
        }
    }

    /// A count with its noun, which takes an s in the plural.
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
