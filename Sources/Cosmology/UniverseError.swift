import Arrays

/// Why a universe cannot be set up, or ended early.
public enum UniverseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A quantity was given a value beyond its limit.
    case outOfRange(quantity: String, value: String, limit: String, remedy: String)
    /// The integration ended before the last requested time; `remedy` says what about this universe to change, if known.
    case stopped(IntegrationError, remedy: String)
    /// A text is no potential; the whole message.
    case badFormula(String)
    /// On the way the field came to where its potential, or a derivative that is needed, is not a finite number.
    case potentialNotFinite(potential: String, phi: Double, time: Double)
    /// ε did not rise to `epsilon` by `until` of the clock, where it is `last`; `remedy` says what to change.
    case eventNotReached(
        epsilon: Double, until: Double, last: Double, remedy: String = "Integrate for longer, or start where inflation ends sooner.")

    /// The message for people: value, limit and remedy.
    public var description: String {
        switch self {
        case .outOfRange(let quantity, let value, let limit, let remedy):
            "\(quantity) is \(value); it must be \(limit). \(remedy)"
        case .stopped(let error, let remedy):
            remedy.isEmpty ? error.description : "\(error) \(remedy)"
        case .badFormula(let text): text
        case .potentialNotFinite(let potential, let phi, let time):
            "the potential \(potential) is not a finite number, or has a derivative that is not, near φ = \(phi.text()), where the field comes "
                + "at \(time.text()) on the clock. End before it, start elsewhere, or give a potential that has values there."
        case .eventNotReached(let epsilon, let until, let last, let remedy):
            "epsilon does not rise to \(epsilon) before \(until), where it is \(last.text()). \(remedy)"
        }
    }

    static func requireFinite(_ value: Double, _ quantity: String) throws(UniverseError) {
        guard value.isFinite else {
            throw .outOfRange(quantity: quantity, value: "\(value)", limit: "a finite number", remedy: "Give a finite \(quantity).")
        }
    }

    static func requireSamples(_ samples: Int, until: Double) throws(UniverseError) {
        guard until > 0, until.isFinite else {
            throw .outOfRange(
                quantity: "until", value: "\(until)", limit: "positive and finite", remedy: "Give the last time; the first is 0.")
        }
        guard samples >= 2 else {
            throw .outOfRange(
                quantity: "samples", value: "\(samples)", limit: "at least 2, the first and the last time",
                remedy: "Use 200 for a figure.")
        }
    }

    static func requirePlanckMass(_ planckMass: Double) throws(UniverseError) {
        guard planckMass > 0, planckMass.isFinite else {
            throw .outOfRange(
                quantity: "Planck mass", value: "\(planckMass)", limit: "positive and finite",
                remedy: "Use 1, the convention in units of the reduced Planck mass.")
        }
    }

    /// For a constant H.
    static func requireNoFluids(_ fluids: [Fluid]) throws(UniverseError) {
        guard fluids.isEmpty else {
            throw .outOfRange(
                quantity: "the number of fluids", value: "\(fluids.count)", limit: "0 at constant H, which no density makes",
                remedy: "Use the Friedmann law.")
        }
    }
}
