import Runs

/// A share of a scan.
public struct ScanShard: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// Which one, from 0.
    public let index: Int
    /// How many there are.
    public let count: Int

    /// A share; 0 ≤ index < count.
    public init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// What stands behind the name of a scan of which this share was computed.
    public var suffix: String { " (shard \(self))" }

    /// Of a name that ends so: stores of earlier programs say it nowhere else.
    init?(ofName name: String) {
        guard let match = name.suffix(64).wholeMatch(of: /(?s).* \(shard ([0-9]+)\/([0-9]+)\)/), let index = Int(match.1),
            let count = Int(match.2),
            index < count
        else { return nil }
        self.init(index: index, count: count)
    }

    /// `I/N`.
    public var description: String { "\(index)/\(count)" }

    /// By the number of shares, then in their order.
    public static func < (left: ScanShard, right: ScanShard) -> Bool { (left.count, left.index) < (right.count, right.index) }
}
