import Arrays
import Expressions
import Networks

/// Eras one after the other, as words: `de-sitter:5,radiation:20,matter:20`, each a fluid and for how long it drives the expansion.
public struct EraList: Sendable, CustomStringConvertible {
    /// w of each era, and how long it is in the time t = k√η.
    public let eras: [(equationOfState: Double, time: Double)]
    /// As it was written.
    public let description: String

    /// The most steps that eras may take.
    public static let mostSteps = 10_000_000

    /// Eras from words.
    /// - Parameter text: fluids by name (`Schedule.Era.named`) or by w, and times, both numbers or expressions without names.
    /// - Returns: nil for a text that is something else, times that are not positive, and w below −1.
    public init?(_ text: String) {
        var eras: [(equationOfState: Double, time: Double)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: ":", omittingEmptySubsequences: false).map { String($0.trimmingPrefix(" ")) }
            guard words.count == 2, let time = Self.number(words[1]), time > 0,
                let w = Schedule.Era.named.first(where: { $0.name == words[0] })?.equationOfState ?? Self.number(words[0]), w >= -1
            else { return nil }
            eras.append((w, time))
        }
        self.eras = eras
        description = text
    }

    /// The schedule from a first H on, each era for the nearest number of steps.
    /// - Throws: `NetworkError` for an era of less than half a step, for more than ``mostSteps``, and what `Schedule.eras` refuses.
    public func schedule(learningRate: Double, hubble: Double) throws(NetworkError) -> Schedule {
        let counts = counts(learningRate: learningRate)
        guard counts.allSatisfy({ $0 >= 1 }), counts.reduce(0, +) <= Double(Self.mostSteps) else {
            throw .outOfRange(
                what: "the length of eras", value: "\(counts) steps of √η", limit: "1 or more each, and at most \(Self.mostSteps) together",
                remedy: "use other times or another learning rate")
        }
        return try .eras(
            learningRate: learningRate, hubble: hubble,
            // bounded: counted above.
            zip(eras, counts).map { .init(equationOfState: $0.equationOfState, steps: Int($1)) })
    }

    /// How many steps the eras take; nil where they cannot be counted.
    public func steps(learningRate: Double) -> Int? {
        let steps = counts(learningRate: learningRate).reduce(0, +)
        return steps >= 1 && steps <= 1e9 ? Int(steps) : nil  // bounded: from 1 to 1e9
    }

    /// Of each era, whole ones, though none and more than can be counted are among them.
    private func counts(learningRate: Double) -> [Double] { eras.map { ($0.time / learningRate.squareRoot()).rounded() } }

    private static func number(_ text: String) -> Double? { (try? ConstantNumber.value(text)).flatMap(\.ifFinite) }
}
