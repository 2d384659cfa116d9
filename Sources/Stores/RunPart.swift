import Arrays
import GRDB

/// Runs of a query, or where they are more than so many a random part of them: which are in it depends on their digests alone.
struct RunPart {
    private let share: Double

    /// - Parameters:
    ///   - query: whose runs are counted.
    ///   - limit: the size of the part, about.
    init(of query: RunQuery, _ database: Database, limit: Int) throws {
        var runs = 0
        if limit < .max { try query.forEach(database) { _ in runs += 1 } }
        share = runs <= limit ? 1 : Double(limit) / Double(runs)
    }

    /// Whether the run of that digest is in it.
    func includes(_ digest: CSVTable.Cell) -> Bool {
        guard share < 1, case .text(let digest) = digest else { return true }
        let number = UInt32(digest.prefix(8), radix: 16) ?? 0  // bounded: nil where it is none
        return Double(number) < share * 0x1p32
    }
}
