import Foundation

/// Searches the values of a kernel's parameters, one parameter after the other and again while that helps, within a time.
///
/// A variant is timed only if its results pass the check of accuracy, in turn with the best so far. It replaces it if the median of the
/// ratios is below 1 by more than three standard errors, both of these ratios and of those of the portable variant with itself, and by
/// more than 1 % in any case. Of n variants that are equally fast about n/700 pass that by chance, so the one that is left is checked
/// on all shapes and measured once more against the portable values, with turns of its own.
public struct TuningSearch {
    let kernel: TunableKernel
    let axes: [TuningAxis]
    let portable: [String: Int]
    let subject: any TuningSubject
    let budget: Double
    /// Called between measurements; throws to stop.
    let proceed: () throws -> Void
    /// Called before a variant with the number of those before it, and of those that one pass has.
    let progress: (_ done: Int, _ total: Int) -> Void

    // Turns of a comparison; from the third on one that is 10 % slower is given up.
    private static let turns = 9, finalTurns = 15, fewestTurns = 3, fewestFinalTurns = 9
    private static let hopeless = log(1.1), leastGain = 0.01
    /// What the last measurement and check are left.
    private static let reserve = 0.2

    /// A search.
    /// - Parameters:
    ///   - budget: seconds. The first check and measurement of the portable values are always made, and a variant whose compilation was
    ///     begun is measured three times; a fifth of the time is kept for the last check and measurement.
    ///   - proceed: called between measurements; throws to stop.
    ///   - progress: called before a variant with the number of those before it, and of those that one pass has.
    public init(
        _ kernel: TunableKernel, axes: [TuningAxis], portable: [String: Int], subject: any TuningSubject, budget: Double,
        proceed: @escaping () throws -> Void = {}, progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        self.kernel = kernel
        self.axes = axes
        self.portable = portable
        self.subject = subject
        self.budget = budget
        self.proceed = proceed
        self.progress = progress
    }

    /// Searches.
    /// - Parameter start: values to begin with, such as those of an earlier search. Default: the portable ones.
    /// - Throws: what `proceed` throws, and what timing the portable values throws.
    public func run(from start: [String: Int]? = nil) throws -> TuningOutcome {
        var outcome = TuningOutcome(kernel, portable: portable)
        let first = try subject.deviation(of: portable, thorough: false)
        guard first.isWithinBound else {
            outcome.verdict = .failed
            outcome.message = "the portable values fail the check of accuracy: \(Self.text(first))"
            outcome.seconds = subject.elapsed
            return outcome
        }
        let noise = try compare(portable, with: portable, turns: Self.turns, until: budget / 4).standardError
        var best = portable
        let isFinished = try descend(from: start, &best, noise: noise, &outcome)
        outcome.isComplete = isFinished
        outcome.verdict = outcome.timed > 0 || isFinished ? .portable : .undecided
        if best != portable { try confirm(best, noise: noise, &outcome) }
        outcome.seconds = subject.elapsed
        return outcome
    }

    /// Whether all values of all parameters were tried from where the search ended.
    private func descend(
        from start: [String: Int]?, _ best: inout [String: Int], noise: Double, _ outcome: inout TuningOutcome
    ) throws -> Bool {
        var tried: Set<[String: Int]> = [portable], spent = 0.0, done = 0
        let deadline = budget * (1 - Self.reserve)
        let total = axes.reduce(0) { $0 + $1.values.count - 1 }
        /// False if there is no time left for it.
        func consider(_ values: [String: Int]) throws -> Bool {
            guard !tried.contains(values), subject.refusal(of: values) == nil else { return true }
            let began = subject.elapsed
            guard began + spent / Double(max(1, done)) <= deadline else { return false }
            defer { spent += subject.elapsed - began }
            try proceed()
            progress(done, max(total, done))
            done += 1
            tried.insert(values)
            guard isAccurate(values, thorough: false, &outcome) else { return true }
            let comparison = try compare(values, with: best, turns: Self.turns, until: deadline, givesUp: true)
            outcome.timed += 1
            if comparison.median < -Self.threshold(comparison, noise) { best = values }
            return true
        }
        if let start, start != portable, try !consider(start) { return false }
        while true {
            let before = best
            for axis in axes {
                for value in axis.values where value != best[axis.name] {
                    guard try consider(best.merging([axis.name: value]) { $1 }) else { return false }
                }
            }
            if best == before { return true }
        }
    }

    /// Checks the winner on all shapes and measures it against the portable values.
    private func confirm(_ best: [String: Int], noise: Double, _ outcome: inout TuningOutcome) throws {
        guard isAccurate(best, thorough: true, &outcome) else { return }
        let comparison = try compare(best, with: portable, turns: Self.finalTurns, atLeast: Self.fewestFinalTurns, until: budget)
        let threshold = Self.threshold(comparison, noise)
        outcome.threshold = exp(-threshold)
        guard comparison.median < -threshold else { return }
        outcome.verdict = .tuned
        outcome.found = best
        outcome.ratio = exp(comparison.median)
    }

    /// Whether results pass; those that do not, and errors, are noted.
    private func isAccurate(_ values: [String: Int], thorough: Bool, _ outcome: inout TuningOutcome) -> Bool {
        do {
            let deviation = try subject.deviation(of: values, thorough: thorough)
            guard !deviation.isWithinBound else { return true }
            outcome.excluded.append(.init(parameters: values, reason: "wrong: \(Self.text(deviation))"))
        } catch {
            outcome.excluded.append(.init(parameters: values, reason: "cannot be run: \(error)"))
        }
        return false
    }

    /// Times two variants in turn, changing which comes first. Stops at the time, and if told so where the first is clearly slower.
    private func compare(
        _ values: [String: Int], with other: [String: Int], turns: Int, atLeast fewest: Int = fewestTurns, until deadline: Double,
        givesUp: Bool = false
    ) throws -> TimeComparison {
        var comparison = TimeComparison()
        for turn in 0..<turns {
            if turn >= fewest, subject.elapsed > deadline { break }
            try proceed()
            if turn.isMultiple(of: 2) {
                let times = try subject.seconds(of: values)
                comparison.add(times, over: try subject.seconds(of: other))
            } else {
                let others = try subject.seconds(of: other)
                comparison.add(try subject.seconds(of: values), over: others)
            }
            if givesUp, turn + 1 >= Self.fewestTurns, comparison.median > Self.hopeless { break }
        }
        return comparison
    }

    /// The gain that is more than noise. `noise` is that of as many turns as a comparison has.
    private static func threshold(_ comparison: TimeComparison, _ noise: Double) -> Double {
        max(leastGain, 3 * noise, 3 * comparison.standardError)
    }

    private static func text(_ deviation: Deviation) -> String {
        "off by \(deviation.measured), where rounding explains \(deviation.bound)"
    }
}
