import Runs

/// What a store's scans lack of being finished, as far as the scans themselves can tell.
public struct ScanCoverage: Sendable {
    /// Shares of one scan that are not there, or not to their end.
    public struct Gap: Sendable, Hashable {
        /// The scan's name, without a share.
        public let name: String
        /// Which shares, in order, neighbours as one range.
        public let shards: [ClosedRange<Int>]
        /// Of how many.
        public let count: Int
        /// Whether they were begun.
        public let isBegun: Bool

        /// What people read: `shard 2/3 is missing`.
        public var text: String {
            let names = shards.prefix(8).map { range in
                range.count == 1 ? "\(range.lowerBound)/\(count)" : "\(range.lowerBound)/\(count) to \(range.upperBound)/\(count)"
            }
            let isOne = shards.count == 1 && shards[0].count == 1
            let list = names.joined(separator: ", ") + (shards.count > 8 ? ", …" : "")
            return "\(isOne ? "shard" : "shards") \(list) \(isOne ? "is" : "are") \(isBegun ? "not finished" : "missing")"
        }
    }

    /// The shares that are not there, scan by scan.
    public let gaps: [Gap]
    /// Whether the scan of each attempt, of which it may be a share, has all that it needs.
    private let isComplete: [String: Bool]

    /// What that is for the scans of a store.
    /// - Parameters:
    ///   - scans: all of them.
    ///   - runs: how many runs the store has.
    public init(_ scans: [ScanStatus], runs: Int) {
        var gaps: [Gap] = [], isComplete: [String: Bool] = [:]
        for (key, attempts) in Dictionary(grouping: scans, by: Key.init).sorted(by: { $0.key < $1.key }) {
            // A scan that is finished needs as many runs as it says, which it shares with others.
            let finished = attempts.filter { $0.state == .finished && $0.total <= runs }
            let divided = Dictionary(grouping: attempts.filter { $0.shard != nil }, by: { $0.shard?.count ?? 1 }).sorted { $0.key < $1.key }
            let own = divided.map { count, attempts in
                Self.gaps(key.name, count, begun: attempts, finished: finished.filter { $0.shard?.count == count })
            }
            let isWhole = finished.contains { $0.shard == nil } || own.contains { $0.isEmpty }
            if !isWhole { gaps += own.flatMap { $0 } }
            for attempt in attempts { isComplete[attempt.identity] = isWhole }
        }
        self.gaps = gaps
        self.isComplete = isComplete
    }

    /// Whether all shares of an attempt's scan are there.
    public func isComplete(_ scan: ScanStatus) -> Bool { isComplete[scan.identity] ?? false }

    private static func gaps(_ name: String, _ count: Int, begun: [ScanStatus], finished: [ScanStatus]) -> [Gap] {
        let done = Set(finished.compactMap { $0.shard?.index }), begun = Set(begun.compactMap { $0.shard?.index })
        // What is between those that were begun was not; there may be very many.
        var missing: [ClosedRange<Int>] = [], next = 0
        for index in begun.sorted() {
            if index > next { missing.append(next...(index - 1)) }
            next = index + 1
        }
        if next < count { missing.append(next...(count - 1)) }
        let open = begun.subtracting(done).sorted().map { $0...$0 }
        return [(open, true), (missing, false)].filter { !$0.0.isEmpty }.map { Gap(name: name, shards: $0.0, count: count, isBegun: $0.1) }
    }

    /// What the shares of one scan have in common.
    private struct Key: Hashable, Comparable {
        let name: String
        let file: String

        init(_ scan: ScanStatus) {
            let suffix = scan.shard?.suffix ?? ""
            name = scan.name.hasSuffix(suffix) ? String(scan.name.dropLast(suffix.count)) : scan.name
            file = scan.file
        }

        static func < (left: Key, right: Key) -> Bool { (left.name, left.file) < (right.name, right.file) }
    }
}
