import Duality
import Engines
import Networks
import Runs

/// A column of the table `runs`.
public struct StoreColumn: Sendable, Hashable {
    /// What its cells hold, as SQLite names it.
    public enum Kind: String, Sendable, Hashable {
        /// A 64-bit integer.
        case integer = "INTEGER"
        /// A double. NaN is NULL.
        case real = "REAL"
        case text = "TEXT"
        case blob = "BLOB"
    }

    /// Its name; quantities' names contain dots, so SQL wants them in double quotes.
    public let name: String
    /// What its cells hold.
    public let kind: Kind

    /// What describes a run in words.
    static let words: [StoreColumn] = RunWords.names.map { StoreColumn(name: $0, kind: .text) }

    /// The quantities, in the order of the registry.
    static let quantities: [StoreColumn] = Quantity.all.map {
        StoreColumn(name: $0.name, kind: wholeNumbers.contains($0.name) ? .integer : .real)
    }

    /// All columns that describe a run or were measured of it.
    static let all = words + quantities

    /// Quantities that are counts, and look like counts in a table.
    private static let wholeNumbers: Set<String> = [
        "width", "depth", "parameterCount", "inputDimension", "points", "outputs", "seed", "degree", "steps", "divergedAt", "lastStep",
        "networks", "starts", "neurons", "batch", "mirrored", "warmUp", "sites", "recordings",
    ]

    /// As a column of the table `runs`. Quantities are added as the program learns them, so stores may lack some.
    var ofRuns: StoreTable.Column { StoreTable.Column(name: name, kind: kind, constraint: check, isOptional: true) }

    /// What SQLite refuses to store in it: texts and BLOBs, which are greater than every number, and BLOBs, which are greater than every
    /// text. A comparison costs a tenth of what `typeof` does.
    private var check: String { "CHECK (\(Self.quoted(name)) \(kind == .text ? "< x''" : "<= 9e999"))" }

    /// A name as it stands in SQL.
    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
