import Foundation
import Report
import Testing

/// The number a label shows: true minus sign, `m×10^{k}`, `10^{k}`.
private func value(_ label: String) -> Double? {
    let ascii = label.replacingOccurrences(of: "−", with: "-")
    guard let ten = ascii.range(of: "10^{") else {
        if ascii.hasSuffix("×10") { return Double(ascii.dropLast(3)).map { $0 * 10 } }
        return Double(ascii)
    }
    let exponent = Double(ascii[ten.upperBound...].dropLast())
    let mantissa = ascii.hasPrefix("10^") ? 1 : Double(ascii[..<ten.lowerBound].dropLast())
    guard let exponent, let mantissa else { return nil }
    return mantissa * pow(10, exponent)
}

@Suite("Ticks")
struct TicksTests {
    static let ranges: [(Double, Double)] = [
        (0, 1), (-1, 1), (0, 60), (-0.3, 1.7), (1e-7, 3e-7), (-4e12, 9e12), (99.5, 100.5), (1e6, 1e6 + 3), (-2e-300, 5e-290), (0, 8e307),
        (-8e307, 8e307), (0.1, 0.30000000000000004),
    ]

    @Test("Linear ticks are inside the range, ascending, evenly spaced by 1, 2 or 5 times a power of ten", arguments: ranges, 2...9)
    func linear(bounds: (Double, Double), count: Int) throws {
        let ticks = Ticks.linear(bounds.0...bounds.1, count: count)
        // Neighbouring steps differ by a factor of at most 2.5, so the nearest one in the logarithm gives between
        // count / 1.6 and 1.6 count intervals; one tick is lost at an end that is not a multiple.
        #expect(Double(ticks.major.count) >= (Double(count) / 1.6).rounded(.down))
        #expect(Double(ticks.major.count) <= 1.6 * Double(count) + 1)
        #expect(ticks.labels.count == ticks.major.count)
        #expect(zip(ticks.major, ticks.major.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ticks.major.allSatisfy { (bounds.0...bounds.1).contains($0) })
        guard ticks.major.count > 1 else { return }
        let step = ticks.major[1] - ticks.major[0]
        let mantissa = step / pow(10, log10(step).rounded(.down))
        // The step is a difference of ticks: its error is a few roundings of the largest tick.
        let rounding = 8 * (ticks.major.map(abs).max() ?? 0) * .ulpOfOne / step
        #expect([1, 2, 5, 10].contains { abs(mantissa - $0) <= 10 * rounding + 1e-9 }, "step \(step)")
    }

    @Test("Labels say what the ticks are, to the last digit shown", arguments: ranges)
    func labels(bounds: (Double, Double)) throws {
        let ticks = Ticks.linear(bounds.0...bounds.1, count: 6)
        try #require(ticks.major.count > 1)
        let step = ticks.major[1] - ticks.major[0]
        for (tick, label) in zip(ticks.major, ticks.labels) {
            let shown = try #require(value(label)) * pow(10, Double(ticks.exponent))
            // A wrong last digit would be off by at least a fifth of a step, a tick of 5 shown without its decimals too.
            #expect(abs(shown - tick) <= 1e-3 * step + 4 * abs(tick) * .ulpOfOne)
            #expect(!label.contains("-"))
        }
        #expect(Set(ticks.labels).count == ticks.labels.count)
    }

    @Test("Logarithmic ticks show decades where there are two", arguments: [(-3.0, 3.0), (-0.2, 1.1), (-12.5, 4.2), (-300, 300)])
    func decades(bounds: (Double, Double)) throws {
        let ticks = Ticks.logarithmic(bounds.0...bounds.1, count: 6)
        #expect((2...8).contains(ticks.major.count))
        for (tick, label) in zip(ticks.major, ticks.labels) {
            #expect(tick == tick.rounded())
            let shown = try #require(value(label))
            #expect(abs(log10(shown) - tick) < 1e-9)
        }
        #expect(Set(ticks.major).isDisjoint(with: ticks.minor))
    }

    @Test("Minor ticks of two decades are 2 to 9")
    func minor() {
        let ticks = Ticks.logarithmic(0...2, count: 6)
        #expect(ticks.major == [0, 1, 2])
        #expect(ticks.minor.count == 16)
        for (index, digit) in (2...9).enumerated() { #expect(abs(pow(10, ticks.minor[index]) - Double(digit)) < 1e-12) }
    }

    @Test("A logarithmic range within a decade has at least two right labels", arguments: [(0.1, 0.9), (0.31, 0.47), (-7.4, -7.1)])
    func withinDecade(bounds: (Double, Double)) throws {
        let ticks = Ticks.logarithmic(bounds.0...bounds.1, count: 5)
        #expect(ticks.major.count >= 2)
        for (tick, label) in zip(ticks.major, ticks.labels) {
            let shown = try #require(value(label)) * pow(10, Double(ticks.exponent))
            #expect(abs(log10(shown) - tick) < 1e-6)
        }
    }

    @Test("A range without width, or beyond what a Double can hold, has no ticks")
    func degenerate() {
        #expect(Ticks.linear(1...1, count: 5).major.isEmpty)
        #expect(Ticks.linear(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, count: 5).major.isEmpty)
        #expect(Ticks.linear(0...Double.infinity, count: 5).major.isEmpty)
        #expect(Ticks.logarithmic(2...2, count: 5).major.isEmpty)
    }
}
