import Arrays

/// What a check found.
public struct CheckResult: Sendable, Codable, CustomStringConvertible {
    public let name: String
    /// The arithmetic of the engine under test.
    public let precision: Precision
    /// |computed − expected| where it is largest in units of its bound; nil where nothing could be computed.
    public let measured: Double?
    public let bound: Double?
    /// Why it failed, where numbers do not say it.
    public let message: String?
    /// Whether `measured` is within `bound`.
    public let passed: Bool

    /// The result of a comparison.
    public init(name: String, precision: Precision, deviation: Deviation) {
        self.name = name
        self.precision = precision
        // JSON has no infinities.
        measured = deviation.measured.ifFinite
        bound = deviation.bound.ifFinite
        passed = deviation.isWithinBound && deviation.bound.isFinite
        message = deviation.measured.isFinite && deviation.bound.isFinite ? nil : "the numbers or their bound are not finite"
    }

    /// The result of a measurement; one that throws is a failed check.
    public init(name: String, precision: Precision, _ measure: () throws -> Deviation) {
        do {
            self.init(name: name, precision: precision, deviation: try measure())
        } catch {
            self.init(name: name, precision: precision, message: "\(error)")
        }
    }

    /// A check that could not be run.
    public init(name: String, precision: Precision, message: String) {
        self.name = name
        self.precision = precision
        self.message = message
        measured = nil
        bound = nil
        passed = false
    }

    /// Verdict, name, and the numbers.
    public var description: String {
        let numbers = measured.flatMap { m in bound.map { "measured \(m), bound \($0)" } }
        return
            "\(passed ? "passed" : "FAILED") \(name) [\(precision.rawValue)]: \([numbers, message].compactMap { $0 }.joined(separator: "; "))"
    }
}
