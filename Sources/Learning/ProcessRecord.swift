import Arrays

/// What came of a process (``LearningProcess``): numbers of its parts after the kept steps, and what was counted of all of them. Sums are of whole
/// numbers, so that neither threads nor shards change a bit.
public struct ProcessRecord: Sendable, Hashable {
    /// (kept steps, parts, numbers of a part); NaN after the last finite step.
    public let outputs: [Double]
    /// The mean free energy at the kept steps; empty where there is none.
    public let losses: [Double]
    /// Whole numbers, by parts and bins, or the weights of a lattice; empty where nothing is counted or learned.
    public let counts: [Double]
    /// The last of the kept steps after which every part was finite.
    public let lastFinite: Int

    /// What a store has of it.
    package init(outputs: [Double], losses: [Double] = [], counts: [Double], lastFinite: Int) {
        (self.outputs, self.losses, self.counts, self.lastFinite) = (outputs, losses, counts, lastFinite)
    }

    /// Moves parts on all cores.
    /// - Parameters:
    ///   - recordedSteps: ascending, 0 and the last among them.
    ///   - networks: of all parts, by which the steps between two of `device.proceed` are chosen.
    ///   - counts: of a part; empty where nothing is counted.
    /// - Throws: what `device.proceed` throws.
    package init<Part: ProcessPart>(
        moving first: [Part], recordedSteps: [Int], networks: Int, on device: LearningDevice, counts: (Part) -> [Int] = { _ in [] }
    ) throws {
        var parts = first, outputs: [Double] = [], step = 0, lastFinite = -1
        // A second or so.
        let piece = max(1, 10_000_000 / max(1, networks)), last = recordedSteps.last ?? 0
        for record in recordedSteps {
            while step < record, parts.allSatisfy(\.isFinite) {
                let range = step..<min(record, step + piece)
                try device.proceed("  step \(step) of \(last)")
                parts = try parts.parallelMap { part in
                    var part = part
                    part.advance(range)
                    return part
                }
                step = range.upperBound
            }
            let isFinite = parts.allSatisfy(\.isFinite)
            if isFinite { lastFinite = record }
            outputs += parts.flatMap { part in isFinite ? part.numbers : part.numbers.map { _ in .nan } }
        }
        self.init(outputs: outputs, counts: parts.flatMap { counts($0).map(Double.init) }, lastFinite: lastFinite)
    }

    /// The numbers of the parts after one of the kept steps, (parts, numbers).
    func rows(_ record: Int, parts: Int, numbers: Int) -> [ArraySlice<Double>] {
        (0..<parts).map { part in
            let first = (record * parts + part) * numbers
            return outputs[first..<first + numbers]
        }
    }
}

/// Networks that move without hearing of others.
package protocol ProcessPart: Sendable {
    /// What is kept of it.
    var numbers: [Double] { get }
    /// Whether its numbers are any.
    var isFinite: Bool { get }
    /// Takes those steps; does nothing once it is not finite.
    mutating func advance(_ steps: Range<Int>)
}

extension [Double] {
    /// Mean of the values of independent parts, and its standard error from their scatter.
    var meanOfParts: (mean: Double, error: Double) {
        let n = Double(count), mean = reduce(0, +) / n
        let scatter = reduce(0.0) { (sum: Double, one: Double) -> Double in sum + (one - mean) * (one - mean) }
        return (mean, (scatter / (n * (n - 1))).squareRoot())
    }
}
