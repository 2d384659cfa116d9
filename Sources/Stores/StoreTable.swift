import Runs

/// A table of a store: what makes it, and what is asked of one that is there.
struct StoreTable: Sendable {
    /// A column and what SQL says of it.
    struct Column: Sendable {
        let name: String
        let kind: StoreColumn.Kind
        /// What follows its type, such as NOT NULL.
        var constraint = ""
        /// Whether stores of this version may lack it, because it came within the version.
        var isOptional = false

        var definition: String { "\(StoreColumn.quoted(name)) \(kind.rawValue)\(constraint.isEmpty ? "" : " " + constraint)" }
    }

    let name: String
    let columns: [Column]
    /// What is said of the table as a whole, such as its key.
    var constraints: [String] = []
    var options = "STRICT"

    /// The statement that makes it.
    var creation: String {
        "CREATE TABLE \(name) (\((columns.map(\.definition) + constraints).joined(separator: ", "))) \(options)"
    }
}

extension StoreTable {
    private static func integer(_ name: String, _ constraint: String = "NOT NULL", isOptional: Bool = false) -> Column {
        Column(name: name, kind: .integer, constraint: constraint, isOptional: isOptional)
    }

    private static func text(_ name: String, _ constraint: String = "NOT NULL") -> Column {
        Column(name: name, kind: .text, constraint: constraint)
    }

    private static func real(_ name: String, _ constraint: String = "") -> Column {
        Column(name: name, kind: .real, constraint: constraint)
    }

    private static let run = integer("run", "NOT NULL REFERENCES runs")

    /// Rows that lie in the order of their keys, so that a run's are side by side and no index is needed beside them.
    private static func ordered(_ name: String, _ columns: [Column], keys: [String]) -> StoreTable {
        StoreTable(
            name: name, columns: [run] + columns, constraints: ["PRIMARY KEY (\((["run"] + keys).joined(separator: ", ")))"],
            options: "STRICT, WITHOUT ROWID")
    }

    static let provenance = StoreTable(
        name: "provenance",
        columns: [integer("provenance", "PRIMARY KEY")]
            + ["session", "version", "revision", "engine", "device", "driver", "precision"].map { text($0) } + [integer("weightStream")]
            + ["host", "operatingSystem", "command", "date", "parameters"].map { text($0) },
        constraints: [#"UNIQUE (session, engine, device, driver, "precision")"#])

    /// Beside these it has a column for each of ``StoreColumn/all``. Its cells are checked one by one (``StoreColumn/check``), because in a
    /// STRICT table a seed from 2^63 on, which is kept as a double, would have no place among the integers.
    static let runs = StoreTable(
        name: "runs",
        columns: [
            integer("run", "PRIMARY KEY"), Column(name: "digest", kind: .blob, constraint: "NOT NULL UNIQUE"),
            integer("provenance", "NOT NULL REFERENCES provenance"), text("status"), integer("lastFinite", ""),
            Column(name: "checksum", kind: .blob, isOptional: true),
        ], options: "")

    static let identities = StoreTable(
        name: "identities", columns: [integer("run", "PRIMARY KEY REFERENCES runs"), text("parameters")])
    static let states = ordered(
        "states", [integer("step"), integer("point"), integer("output"), real("value")], keys: ["step", "point", "output"])
    static let losses = ordered("losses", [integer("step"), real("loss")], keys: ["step"])
    static let negativeZeros = ordered("negativeZeros", [integer("step"), integer("field")], keys: ["step", "field"])
    static let spectra = ordered("spectra", [integer("step"), integer("mode"), real("eigenvalue")], keys: ["step", "mode"])
    static let modes = ordered("modes", [integer("step"), integer("mode"), real("value")], keys: ["step", "mode"])
    static let kernels = StoreTable(
        name: "kernels", columns: [run, integer("step"), Column(name: "matrix", kind: .blob, constraint: "NOT NULL")],
        constraints: ["PRIMARY KEY (run, step)"])
    static let datasets = StoreTable(
        name: "datasets", columns: [text("digest", "PRIMARY KEY"), Column(name: "values", kind: .blob, constraint: "NOT NULL")])
    static let scans = StoreTable(
        name: "scans",
        columns: [integer("scan", "PRIMARY KEY"), text("identity", "NOT NULL UNIQUE"), text("name"), text("file")]
            + ["total", "excluded", "done", "diverged"].map { integer($0) } + [real("rate", "NOT NULL"), text("started"), text("updated")]
            + [integer("pid"), text("host"), text("state")]
            + ["shard", "shards"].map { integer($0, "", isOptional: true) })

    /// Tables by run, of which each row belongs to one run and is found by it.
    static let ofRuns = [identities, states, losses, negativeZeros, spectra, modes, kernels]
    /// All, those first that others refer to.
    static let all = [provenance, runs] + ofRuns + [datasets, scans]
}
