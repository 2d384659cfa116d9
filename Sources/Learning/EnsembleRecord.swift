import Arrays

/// What an ensemble's weights did, in whole numbers: the same on every device whose division and roots are those of IEEE 754.
public struct EnsembleRecord: Sendable, Hashable {
    /// Networks in each bin, (densities, parts, counts, bins).
    public let counts: [[[[Int]]]]
    /// What weights did in single steps, by the bins in which these began: the first step after every count, of every other count where each
    /// step is counted.
    public let changes: BinnedChanges
    /// The last of the recorded steps after which all weights were finite; −1 if there is none.
    public let lastFinite: Int
    /// Its χ.
    package let knownMeter: KnownMeter

    /// Rows that changes take in ``values``: their number, their sum, and their squares in two parts.
    private static let rowsOfChanges = 4
    /// Squares may need more than the 53 bits of a double.
    private static let squareBits = 26

    /// How many numbers ``values`` has.
    public static func valueCount(starts: Int, records: Int, bins: Int) -> Int {
        starts.times(EnsembleTraining.parts, records).plus(rowsOfChanges).times(bins)
    }

    /// All of it but ``lastFinite`` as exact doubles: counts, then changes.
    public var values: [Double] {
        var values = counts.flatMap { $0.flatMap { $0.flatMap { $0.map(Double.init) } } }
        values += changes.count.map(Double.init)
        values += changes.sum.map(Double.init)
        values += changes.squares.map { Double($0 >> Self.squareBits) }
        values += changes.squares.map { Double($0 & (1 << Self.squareBits - 1)) }
        return values
    }

    /// The same back.
    /// - Parameters:
    ///   - values: as many as ``valueCount(starts:records:bins:)``; nil for another number of them, and where one is not whole.
    ///   - knownMeter: what is known of its χ. Default: nothing.
    package init?(_ values: [Double], of training: EnsembleTraining, lastFinite: Int, knownMeter: KnownMeter = KnownMeter()) {
        let bins = training.bins.count, records = training.recordedSteps.count, starts = training.starts.count
        guard values.count == Self.valueCount(starts: starts, records: records, bins: bins) else { return nil }
        let whole = values.compactMap { Int(exactly: $0) }
        guard whole.count == values.count else { return nil }
        func row(_ number: Int) -> [Int] { Array(whole[number * bins..<(number + 1) * bins]) }
        counts = (0..<starts).map { start in
            (0..<EnsembleTraining.parts).map { part in
                (0..<records).map { row((start * EnsembleTraining.parts + part) * records + $0) }
            }
        }
        let first = starts * EnsembleTraining.parts * records
        var changes = BinnedChanges(bins: bins)
        (changes.count, changes.sum) = (row(first), row(first + 1))
        changes.squares = zip(row(first + 2), row(first + 3)).map { $0 << Self.squareBits | $1 }
        self.changes = changes
        self.lastFinite = lastFinite
        self.knownMeter = knownMeter
    }

    /// Trains the ensemble.
    /// - Throws: errors of the device; what `device.proceed` throws.
    init(_ training: EnsembleTraining, on device: LearningDevice) throws {
        let problem = training.problem, parts = EnsembleTraining.parts
        let ensemble = try device.ensemble(problem)
        var changes = BinnedChanges(bins: problem.bins.count), counts: [[[[Int]]]] = [], lastFinite = training.steps
        for (place, start) in training.starts.enumerated() {
            try device.proceed("  \(place + 1) of \(training.starts.count)")
            counts.append([])
            for part in 0..<parts {
                // bounded: `check` lets no ensemble have more networks than there are numbers of 32 bits
                let first = UInt32((place * parts + part) * problem.count)
                try Self.train(ensemble, training, start, first)
                counts[place].append(try ensemble.counts())
                changes.add(try ensemble.changes())
                guard try !ensemble.weights().allSatisfy(\.isFinite) else { continue }
                // Once more, to see when; rare, and the same to the last bit.
                var last = -1
                try Self.train(ensemble, training, start, first) { step in
                    guard try ensemble.weights().allSatisfy(\.isFinite) else { return false }
                    last = step
                    return true
                }
                lastFinite = min(lastFinite, last)
            }
        }
        (self.counts, self.changes, self.lastFinite) = (counts, changes, lastFinite)
        knownMeter = KnownMeter()
    }

    /// - Parameter goesOn: heard after every count; `false` ends it.
    private static func train(
        _ ensemble: any TrainedEnsemble, _ training: EnsembleTraining, _ start: EnsembleTraining.Start, _ first: UInt32,
        goesOn: (_ step: Int) throws -> Bool = { _ in true }
    ) throws {
        try ensemble.start(mean: start.mean, deviation: start.deviation, firstNetwork: first)
        try ensemble.record()
        guard try goesOn(0) else { return }
        var before = 0
        for (record, step) in training.recordedSteps.enumerated().dropFirst() {
            let every = step - before
            if every > 1 || record.isMultiple(of: 2) { try ensemble.advanceMeasuring() } else { try ensemble.advance(steps: 1) }
            try ensemble.advance(steps: every - 1)
            try ensemble.record()
            before = step
            guard try goesOn(step) else { return }
        }
    }

    /// Shares of a density's networks by bins, (counts, bins).
    func shares(_ start: Int) -> [[Double]] {
        let parts = counts[start], all = Double(parts.reduce(0) { $0 + $1[0].reduce(0, +) })
        return parts[0].indices.map { record in
            parts[0][record].indices.map { bin in Double(parts.reduce(0) { $0 + $1[record][bin] }) / all }
        }
    }
}

extension EnsembleTraining {
    /// What became of it: from a store where the device has one (``LearningDevice/source``), else computed now.
    /// - Throws: errors of the device or the store; what `device.proceed` throws.
    func record(on device: LearningDevice) throws -> EnsembleRecord {
        if let source = device.source { return try source(self) }
        return try computed(on: device)
    }

    /// What becomes of it.
    /// - Throws: errors of the device; what `device.proceed` throws.
    package func computed(on device: LearningDevice) throws -> EnsembleRecord { try EnsembleRecord(self, on: device) }
}
