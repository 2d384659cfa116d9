import Foundation

extension Claim {
    /// What a measurement says of a claim.
    public enum Verdict: String, Sendable, Equatable, Codable, CaseIterable {
        /// The measurement meets the criterion, by more than two standard errors, and the control does not.
        case holds
        /// The measurement misses the criterion, by more than two standard errors.
        case fails = "does not hold"
        /// The measurement cannot tell: the control meets the criterion too, the bound is within two standard errors, or nothing was
        /// measured.
        case undecided = "not decided"
        /// The criterion is met by definitions, symmetry or equations alone; no network could have missed it.
        case constructed = "by construction"
        /// The criterion is met because somebody made the system so that it is: nothing that learns by itself does it.
        case synthesised = "synthesised, not emergent"
        /// Nobody has measured it.
        case untested = "not tested"
        /// Nothing that could be measured is defined.
        case untestable = "not testable"
    }

    /// Which numbers meet a criterion.
    public enum Bound: Sendable, Equatable {
        /// This number and lesser ones.
        case atMost(Double)
        /// This number and greater ones.
        case atLeast(Double)
        /// Lesser numbers.
        case lessThan(Double)
        /// Greater numbers.
        case moreThan(Double)
        /// Both ends and what lies between them.
        case within(ClosedRange<Double>)

        /// Whether the number meets the criterion; NaN never does.
        public func admits(_ value: Double) -> Bool {
            switch self {
            case .atMost(let limit): value <= limit
            case .atLeast(let limit): value >= limit
            case .lessThan(let limit): value < limit
            case .moreThan(let limit): value > limit
            case .within(let range): range.contains(value)
            }
        }

        /// Whether no number from `least` to `greatest` meets the criterion.
        func excludes(from least: Double, to greatest: Double) -> Bool {
            switch self {
            case .atMost, .lessThan: !admits(least)
            case .atLeast, .moreThan: !admits(greatest)
            case .within(let range): greatest < range.lowerBound || least > range.upperBound
            }
        }
    }

    /// How many standard errors a measurement must keep from its bound.
    public static let decisiveErrors = 2.0

    public var verdict: Verdict { judgement.verdict }

    /// The verdict as people read it.
    public var verdictText: String { verdict == .fails ? failureWord : verdict.rawValue }

    /// Why nothing is decided; empty where something is.
    public var reason: String { judgement.reason }

    /// The one place where claims are judged.
    ///
    /// A claim whose control meets the criterion is never found to hold, and none is decided within two standard errors of its bound.
    private var judgement: (verdict: Verdict, reason: String) {
        switch basis {
        case .untested: return (.untested, "")
        case .untestable: return (.untestable, "")
        case .measurement, .construction, .synthesis: break
        }
        guard let measured, !measured.isNaN else { return (.undecided, "nothing was measured") }
        guard let (least, greatest) = range(around: measured) else { return (.undecided, "the standard error is no number") }
        // Bounds are intervals: what admits both ends of another admits it whole.
        guard bound.admits(least), bound.admits(greatest) else {
            return bound.excludes(from: least, to: greatest) ? (.fails, "") : (.undecided, "the bound is within two standard errors")
        }
        if basis == .construction { return (.constructed, "") }
        let met = basis == .synthesis ? Verdict.synthesised : .holds
        guard let control else { return (met, "") }
        if control.value.isNaN { return (.undecided, "the control is no number") }
        return bound.admits(control.value) ? (.undecided, "the control meets the criterion too") : (met, "")
    }

    /// Two standard errors to either side of the number; nil where the error is none.
    private func range(around measured: Double) -> (least: Double, greatest: Double)? {
        guard let standardError, standardError != 0 else { return (measured, measured) }
        let margin = Self.decisiveErrors * standardError
        guard margin.isFinite, margin > 0 else { return nil }
        switch scale {
        case .linear: return (measured - margin, measured + margin)
        case .logarithmic:
            guard measured > 0 else { return nil }
            let factor = exp(margin / measured)
            return (measured / factor, measured * factor)
        }
    }
}
