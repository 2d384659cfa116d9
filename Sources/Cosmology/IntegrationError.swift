/// Why an integration in time ended before its last requested time.
public enum IntegrationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The step needed for the tolerance fell below the spacing of floating-point numbers at `time`.
    case stepTooSmall(time: Double)
    /// `limit` steps, rejected ones included, do not reach `end`: about `needed` would, as far as `time` tells.
    case tooManySteps(limit: Int, time: Double, end: Double, needed: Int)
    /// The state or its rate of change was not a finite number just after `time`.
    case notFinite(time: Double)
    /// An argument was refused before any work; the text says which, its value, its limit and what to change.
    case badArguments(String)

    /// The message for people: value, limit and remedy.
    public var description: String {
        switch self {
        case .stepTooSmall(let time):
            "integration stopped at time \(time): the step that meets the tolerance is below the spacing of numbers there. "
                + "The solution diverges or is not smooth there, or its numbers are too large; end before it, or make them smaller."
        case .tooManySteps(let limit, let time, let end, let needed):
            "integration stopped at time \(time): time \(end) takes "
                + (needed < .max ? "about \(needed) steps" : "more steps than can be counted") + ", and the limit is \(limit)."
        case .notFinite(let time):
            "integration stopped at time \(time): the state or its rate of change is not a finite number beyond it. "
                + "End before this time, or change the initial state."
        case .badArguments(let text):
            text
        }
    }
}
