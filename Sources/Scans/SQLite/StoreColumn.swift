import Networks

/// A column of the table `runs`.
public struct StoreColumn: Sendable, Hashable {
    /// What its cells hold, as SQLite names it.
    public enum Kind: String, Sendable, Hashable {
        /// A 64-bit integer.
        case integer = "INTEGER"
        /// A double. NaN is NULL.
        case real = "REAL"
        /// Text.
        case text = "TEXT"
        /// Bytes.
        case blob = "BLOB"
    }

    /// Its name; quantities' names contain dots, so SQL wants them in double quotes.
    public let name: String
    /// What its cells hold.
    public let kind: Kind

    /// Names of a run's kind rather than numbers, exact spellings of what quantities round or reduce to one number, and why predictions,
    /// and quantities of the kernel, have no numbers.
    public static let words: [StoreColumn] = [
        "activation", "parameterisation", "precision", "lossForm", "tangentKernel", "widths", "predictionFailures",
    ].map { StoreColumn(name: $0, kind: .text) }

    /// The quantities, in the order of the registry.
    static let quantities: [StoreColumn] = Quantity.all.map {
        StoreColumn(name: $0.name, kind: wholeNumbers.contains($0.name) ? .integer : .real)
    }

    /// All columns that describe a run or were measured of it.
    static let all = words + quantities

    /// Quantities that are counts, and look like counts in a table.
    private static let wholeNumbers: Set<String> = [
        "width", "depth", "parameterCount", "inputDimension", "points", "outputs", "seed", "degree", "steps", "divergedAt", "lastStep",
    ]

    /// As a column of the table `runs`. Quantities are added as the program learns them, so stores may lack some.
    var ofRuns: StoreTable.Column { StoreTable.Column(name: name, kind: kind, constraint: check, isOptional: true) }

    /// What SQLite refuses to store in it: texts and BLOBs, which are greater than every number, and BLOBs, which are greater than every
    /// text. A comparison costs a tenth of what `typeof` does.
    private var check: String { "CHECK (\(Self.quoted(name)) \(kind == .text ? "< x''" : "<= 9e999"))" }

    /// A name as it stands in SQL.
    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    /// The values of ``words`` for a run.
    /// - Parameter failures: what has no numbers, and why.
    static func words(of run: Run, precision: String, failures: [String]) -> [String?] {
        let form: String? = run.training.map { if case .doubleWell = $0.loss.shape { "doubleWell" } else { "power" } }
        return [
            run.architecture.activation.name, run.architecture.parameterisation.rawValue, precision, form,
            run.tangentKernel?.rawValue, "[" + run.architecture.widths.map(String.init).joined(separator: ",") + "]",
            failures.isEmpty ? nil : failures.joined(separator: "; "),
        ]
    }
}
