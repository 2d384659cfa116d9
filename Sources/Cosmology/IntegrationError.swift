import Arrays

/// Why an integration in time ended before its last requested time.
public indirect enum IntegrationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The step needed for the tolerance fell below the spacing of floating-point numbers at `time`.
    case stepTooSmall(time: Double)
    /// `limit` steps, rejected ones included, do not reach `end`: about `needed` would, as far as `time` tells.
    case tooManySteps(limit: Int, time: Double, end: Double, needed: Int)
    /// The state or its rate of change was not a finite number just after `time`.
    case notFinite(time: Double)
    /// An argument was refused before any work; the text says which, its value, its limit and what to change.
    case badArguments(String)
    /// One of these, of an integration over e-folds.
    case inEFolds(IntegrationError)

    /// What went wrong, without the integration's variable.
    public var kind: IntegrationError { if case .inEFolds(let error) = self { error.kind } else { self } }

    /// The message for people: value, limit and remedy.
    public var description: String {
        switch kind {
        case .stepTooSmall:
            cause + ". The solution diverges or is not smooth there, or its numbers are too large; end before it, or make them smaller."
        case .notFinite: cause + ". End before it, or change the initial state."
        case .tooManySteps, .badArguments, .inEFolds: cause + (cause.hasSuffix(".") ? "" : ".")
        }
    }

    /// The message without its remedy and full stop.
    public var cause: String {
        let place: String
        if case .inEFolds = self { place = "N = " } else { place = "time " }
        return switch kind {
        case .stepTooSmall(let time):
            "integration stopped at \(place)\(time.text(digits: 6)): the step that meets the tolerance is below the spacing of numbers there"
        case .tooManySteps(let limit, let time, let end, let needed):
            "integration stopped at \(place)\(time.text(digits: 6)): \(place)\(end.text(digits: 6)) takes "
                + (needed < .max ? "about \(needed) steps" : "more steps than can be counted") + ", and the limit is \(limit)"
        case .notFinite(let time):
            "integration stopped at \(place)\(time.text(digits: 6)): the state or its rate of change is not a finite number beyond it"
        case .badArguments(let text): text
        case .inEFolds(let error): error.cause
        }
    }
}
