import Foundation

/// All numbers that a term may have as its value where its arguments have ranges and every operation rounds.
struct TermRange: Sendable, Equatable {
    var low: Double
    var high: Double

    static let all = TermRange(low: -.infinity, high: .infinity)

    var size: Double { max(abs(low), abs(high)) }

    /// The range with what rounding to a part of its size may add; without an end where the range has none or is no number.
    func rounded(_ part: Double, _ smallest: Double) -> TermRange {
        let more = part * size + smallest
        guard more.isFinite else { return .all }
        return TermRange(low: (low - more).nextDown, high: (high + more).nextUp)
    }

    static func product(_ a: TermRange, _ b: TermRange) -> TermRange {
        let ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
        guard ends.allSatisfy(\.isFinite), let low = ends.min(), let high = ends.max() else { return .all }
        return TermRange(low: low, high: high)
    }

    /// 1/a.
    var inverse: TermRange { low > 0 || high < 0 ? TermRange(low: 1 / high, high: 1 / low) : .all }

    /// That of a function which rises from `low` to `high`.
    func rising(_ function: (Double) -> Double) -> TermRange { TermRange(low: function(low), high: function(high)) }
}

extension SymbolicTerm {
    /// Roundings that a device's function of one number counts as: OpenCL allows 5 units in the last place, of 2 each.
    private static let functionRoundings = 12.0
    /// Those of a power, for which OpenCL allows 16 units.
    private static let powerRoundings = 36.0

    /// The values that the term may have on a device whose arithmetic has this unit roundoff and flushes what is below `smallest`.
    func range(_ arguments: [TermRange], unit: Double, smallest: Double) -> TermRange {
        func value(_ term: SymbolicTerm) -> TermRange { term.range(arguments, unit: unit, smallest: smallest) }
        switch self {
        case .number(let value): return TermRange(low: value, high: value).rounded(unit, 0)
        case .argument(let place): return arguments[place]
        case .sum(let a, let b):
            let (a, b) = (value(a), value(b))
            return TermRange(low: a.low + b.low, high: a.high + b.high).rounded(unit, smallest)
        case .difference(let a, let b):
            let (a, b) = (value(a), value(b))
            return TermRange(low: a.low - b.high, high: a.high - b.low).rounded(unit, smallest)
        case .product(let a, let b): return TermRange.product(value(a), value(b)).rounded(unit, smallest)
        // OpenCL allows a division 2.5 units in the last place.
        case .quotient(let a, let b): return TermRange.product(value(a), value(b).inverse).rounded(6 * unit, smallest)
        case .negative(let a):
            let a = value(a)
            return TermRange(low: -a.high, high: -a.low)
        case .call(let function, let a):
            return Self.range(function, value(a)).rounded(Self.functionRoundings * unit, smallest)
        case .power(let a, .number(let exponent)) where exponent == exponent.rounded() && (2...16).contains(exponent):
            let a = value(a), (low, high) = (pow(a.low, exponent), pow(a.high, exponent))
            let isEven = exponent.remainder(dividingBy: 2) == 0
            let range =
                isEven
                ? TermRange(low: a.low <= 0 && a.high >= 0 ? 0 : min(low, high), high: max(low, high)) : TermRange(low: low, high: high)
            return range.rounded(Self.powerRoundings * unit, exponent * smallest)
        case .power(let a, let b):
            let (a, b) = (value(a), value(b))
            guard a.low > 0 else { return .all }
            let logarithm = TermRange.product(a.rising { log($0) }, b)
            return logarithm.rising { exp($0) }.rounded(Self.powerRoundings * unit, smallest)
        }
    }

    private static func range(_ function: ExpressionFunction, _ a: TermRange) -> TermRange {
        switch function {
        case .sqrt: return a.low >= 0 ? a.rising { $0.squareRoot() } : .all
        case .exp: return a.rising { exp($0) }
        case .log: return a.low > 0 ? a.rising { log($0) } : .all
        case .log10: return a.low > 0 ? a.rising { log10($0) } : .all
        case .sinh: return a.rising { sinh($0) }
        case .tanh: return a.rising { tanh($0) }
        case .cosh:
            let ends = [cosh(a.low), cosh(a.high)]
            return TermRange(low: a.low <= 0 && a.high >= 0 ? 1 : min(ends[0], ends[1]), high: max(ends[0], ends[1]))
        // They change by no more than their arguments do.
        case .sin, .cos:
            let middle = 0.5 * (a.low + a.high), half = 0.5 * (a.high - a.low), centre = function.value(middle)
            guard half.isFinite else { return TermRange(low: -1, high: 1) }
            return TermRange(low: max(-1, centre - half), high: min(1, centre + half)).rounded(0x1p-50, 0)
        case .tan:
            let turn = (a.low / .pi + 0.5).rounded(.down)
            return turn == (a.high / .pi + 0.5).rounded(.down) ? a.rising { tan($0) } : .all
        case .abs, .floor, .round: return .all
        }
    }
}

extension ScalarFunction {
    /// The values that the code of the function and of its derivatives may have where the arguments are anywhere in their ranges: interval
    /// arithmetic, in which every operation rounds by what OpenCL allows it.
    ///
    /// - Parameters:
    ///   - unit: the unit roundoff u of the device's arithmetic.
    ///   - smallest: its smallest normal number, below which it may flush to zero.
    /// - Returns: infinite ranges where there is no bound, as for a division by what may be zero.
    /// - Throws: `NoCode`, as ``code(_:)``.
    public func ranges(
        _ arguments: [ClosedRange<Double>], unit: Double, smallest: Double
    ) throws(NoCode) -> (value: ClosedRange<Double>, derivatives: [ClosedRange<Double>]) {
        let term: SymbolicTerm
        do { term = try SymbolicTerm(self) } catch { throw NoCode(what: error.what) }
        let ranges = arguments.map { TermRange(low: $0.lowerBound, high: $0.upperBound) }
        func closed(_ term: SymbolicTerm) -> ClosedRange<Double> {
            let range = term.range(ranges, unit: unit, smallest: smallest)
            return range.low <= range.high ? range.low...range.high : -.infinity ... .infinity
        }
        return (closed(term), self.arguments.indices.map { closed(term.derivative(by: $0)) })
    }
}
