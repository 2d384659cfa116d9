import GRDB
import Runs

extension StoreReader {
    /// Which runs of a store are as they were stored.
    public struct Verification: Sendable {
        /// Runs whose checksums fit.
        public let sound: Int
        /// Runs of an earlier Inflaton, which have no checksum; they have all the rows that their parameters ask for.
        public let withoutChecksum: Int
        /// Everything else.
        public let problems: [Problem]
        /// The runs among those problems.
        public var unsound: Int { Set(problems.compactMap(\.run)).count }
    }

    /// Something that is not as it was stored.
    public struct Problem: Sendable, Encodable {
        /// The run that it is wrong of; nil where it is of none or of many.
        public let run: Int?
        /// The table and the row, or the run.
        public let place: String
        public let reason: String
    }

    /// Reads everything that a store holds, and compares it with the runs' checksums and parameters.
    /// - Throws: `StoreError` for a file that is no store, or whose tables are not those of a store.
    public func verify() throws -> Verification {
        let audit = try readDamaged { try StoreAudit.report($0) }
        return Verification(
            sound: audit.sound, withoutChecksum: audit.complete,
            problems: audit.problems.map { Problem(run: $0.run, place: $0.damage.place, reason: $0.damage.reason) })
    }
}
