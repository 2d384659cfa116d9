import ArgumentParser
import Arrays
import Engines
import Expressions
import Runs
import Stores

struct ExportCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes the runs of a store as CSV, or as a NumPy archive.",
        discussion: """
            The ending of the output decides: .csv for a table with one row a run, its provenance in a file beside it; .npz for one array a \
            column, with one element a run: words (status, activation, digest, …) as strings (<U), whole numbers (run, seed, width, steps, …) \
            as int64 (uint64 where one is 2^63 or more), and as float64 with NaN where a run lacks one, all other numbers as float64. With \
            --trajectories also the outputs and losses that were recorded, in states.run, .step, .point, .output, .value and losses.run, \
            .step, .loss. `provenance` is a text.
            """)

    @Argument(help: "The store.")
    var store: String

    @Option(name: .shortAndLong, help: "The file to write, .csv or .npz.")
    var output: String

    @Option(help: "Columns separated by commas; for .csv also expressions over them. Default: all.")
    var columns: String?

    @OptionGroup var filter: FilterOptions

    @Flag(help: "Only the columns that have a value in any run of the store.")
    var filled = false

    @Flag(help: "With .npz: the outputs and losses at the recorded steps too.")
    var trajectories = false

    @Flag(help: "Replace a file that exists.")
    var force = false

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    func validate() throws {
        try OutputEnding.check(output, [".csv", ".npz"], isNeeded: true)
        if filled, columns != nil { throw ValidationError("--filled and --columns both choose the columns; leave one out.") }
        if trajectories, !output.hasSuffix(".npz") { throw ValidationError("--trajectories needs an output that ends in .npz.") }
    }

    var usedFiles: CommandFiles {
        .init(stores: [store], writes: output.hasSuffix(".csv") ? CommandFiles.table(output) : [output])
    }

    func run() throws {
        let reader = try StoreReader(path: store)
        let provenance = Provenance(
            parameters: [
                "store": store, "columns": columns ?? (filled ? "filled" : "all"), "where": filter.text, "trajectories": "\(trajectories)",
            ], engine: nil)
        let names =
            try columns.map { $0.split(separator: ",").map { $0.trimmingPrefix(" ") }.map(String.init) }
            ?? (filled ? ["run", "digest", "status"] + reader.filledColumns.map(\.name) : nil)
        let beside = Provenance.path(besides: output)
        let console = Console(json: json, quiet: false)
        let rows = try console.during("comparing the checksums of \(store) and writing \(output)") { () throws -> Int in
            if output.hasSuffix(".csv") {
                try AtomicFile.check(beside, overwrite: force)
                let rows = try reader.writeTable(to: output, deriving: names, where: filter.condition(), overwrite: force)
                try AtomicFile.write(provenance.document, to: beside, overwrite: force)
                return rows
            }
            return try reader.writeArchive(
                to: output, columns: names, where: filter.condition(), trajectories: trajectories, provenance: provenance.text,
                overwrite: force)
        }
        if rows == 0 {
            console.warn(
                "\(filter.conditions.isEmpty ? "\(store) has no run" : "no run of \(store) meets --where"), so that \(output) has none")
        }
        try console.finish(
            "export", provenance: provenance, outputs: output.hasSuffix(".csv") ? [output, beside] : [output], result: [String: String](),
            text: "wrote \(output)")
    }
}

/// `--where`.
struct FilterOptions: ParsableArguments {
    @Option(
        name: .customLong("where"), parsing: .singleValue,
        help: ArgumentHelp(
            "Only runs for which this holds, such as 'width >= 128 and vacuumRatio < 0.1'; several must all hold.", valueName: "expression")
    )
    var conditions: [String] = []

    /// All conditions as one; nil for none.
    /// - Throws: `ExpressionError` for the first that is none.
    func condition() throws -> Expressions.Expression? {
        // Each alone first, so that an error names the one that it is in.
        for condition in conditions { _ = try Expressions.Expression(condition) }
        return conditions.isEmpty ? nil : try Expressions.Expression(conditions.map { "(\($0))" }.joined(separator: " and "))
    }

    var text: String { conditions.joined(separator: " and ") }
}
