import ArgumentParser
import Arrays
import Engines
import Figures
import Foundation
import Report
import Runs
import ScanFiles
import Stores

struct PlotCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draws any column of a store, or expression over columns, against any other.",
        discussion:
            """
            Writes an SVG or, by the output's ending, a PNG or a PDF. Without --output the picture is named by what it draws, and numbered \
            where there is one of that name: nothing is overwritten. Without --y it draws the distribution of x; where most points would be \
            three or more runs that differ in their seed, it draws medians with bands from the lower to the upper quartile. Of more than \
            100,000 runs it draws as many, at random. Runs that lack a \
            value, or have one that a logarithmic axis cannot show, are not drawn, and counted by reason. `inflaton plot STORE` lists the \
            columns that have a value in any run.
            """
    )

    @Argument(help: "The store.")
    var store: String

    @Option(help: "The horizontal axis.")
    var x: String?

    @Option(help: "The vertical axis. Default: how often x has each value.")
    var y: String?

    @Option(help: "What is shown by colour.")
    var colour: String?

    @Option(help: "What has a panel for each of its values.")
    var facet: String?

    @OptionGroup var filter: FilterOptions

    @Option(
        help: """
            linear or log. Default: log where the scan file spaces or draws the values so, or where all are positive and span more than two \
            decades.
            """)
    var xScale: AxisScale?

    @Option(help: "As --x-scale.")
    var yScale: AxisScale?

    @Option(help: "The line above the picture; x_0, x_{ab} and x^2 are sub- and superscripts. Default: the axes.")
    var title: String?

    @Option(help: "What stands below the horizontal axis, as --title. Default: the column's symbol or name.")
    var xLabel: String?

    @Option(help: "What stands beside the vertical axis, as --title.")
    var yLabel: String?

    @Flag(help: "Draw medians and quartiles of y at each x.")
    var quartiles = false

    @Flag(help: "Draw a point for each run, also where runs are replicas.")
    var points = false

    @Option(name: .shortAndLong, help: "The picture to write, .svg, .png or .pdf. Default: an SVG named by the store and the axes.")
    var output: String?

    @Flag(help: "Replace a file that exists.")
    var force = false

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    func validate() throws {
        try OutputEnding.check(output, [".svg", ".png", ".pdf"], isNeeded: true)
        if quartiles, points { throw ValidationError("--quartiles and --points are both given; leave one out.") }
        if y == nil, yLabel != nil {
            throw ValidationError("--y-label is given without --y, and counts need no other name; give --y, or leave it out.")
        }
        if x == nil, y != nil || colour != nil || facet != nil || title != nil || xLabel != nil {
            throw ValidationError("--x is missing: what is the horizontal axis?")
        }
    }

    var usedFiles: CommandFiles { .init(stores: [store], writes: [output].compactMap { $0 }) }

    func run() throws {
        let reader = try StoreReader(path: store)
        guard let x else {
            let names = try ["run", "digest", "status"] + reader.filledColumns.map(\.name)
            return try json ? Console.writeJSON(["columns": names]) : Console.writeToStandardOutput(names.joined(separator: "\n") + "\n")
        }
        let output = self.output ?? ownName(x)
        try AtomicFile.check(output, overwrite: force)
        let axes = [x, y, colour, facet].compactMap { $0 }, present = Set(try reader.columns.map(\.name))
        let stated = Self.stated.filter(present.contains), console = Console(json: json, quiet: false)
        let (table, runs) = try console.during("reading \(store) and comparing checksums") {
            try reader.table(
                deriving: axes + stated + ["seed"].filter(present.contains), where: filter.condition(), limit: Self.mostRuns)
        }
        if table.rows.count < runs {
            console.warn("the plot is of \(table.rows.count) of the \(runs) runs, drawn at random; fewer are chosen by --where")
        }
        var labels = Dictionary(Set(axes + stated).compactMap { name in Quantity.find(name).map { (name, $0.label) } }) { first, _ in first
        }
        if let xLabel { labels[x] = xLabel }
        if let y, let yLabel { labels[y] = yLabel }
        let logarithmic = try logarithmicKeys(reader)
        func scale(_ asked: AxisScale?, _ column: String?) -> Axis.Scale? {
            asked?.scale ?? column.flatMap { logarithmic.contains($0) ? .log10 : nil }
        }
        var plot = ColumnPlot(
            x: x, y: y, colour: colour, facet: facet, xScale: scale(xScale, x), yScale: scale(yScale, y), showsQuartiles: quartiles,
            labels: labels, stated: stated)
        if !points, !quartiles { plot.showsQuartiles = try plot.hasReplicas(by: "seed", in: table) }
        let drawn = try plot.drawnRows(of: table)
        let svg = SVGRenderer().render(try plot.figure(of: table, title: title))
        try Drawings.write(svg, to: output, overwrite: force)
        let provenance = Provenance(
            parameters: ["store": store, "x": x, "y": y ?? "", "colour": colour ?? "", "facet": facet ?? "", "where": filter.text],
            engine: nil)
        let shown = drawn.text(drawn.rows == 1 ? "run" : "runs")
        if !drawn.leftOut.isEmpty { console.warn("the plot shows \(shown)") }
        try console.finish(
            "plot", provenance: provenance, outputs: [output],
            result: Summary(runs: drawn.rows, drawn: drawn.drawn, notDrawn: drawn.leftOut),
            text: "wrote \(output), \(shown)")
    }

    /// Keys whose values the scans of a store space or draw in their logarithm. A file that is read no more, as its arrays are not here,
    /// says nothing.
    private func logarithmicKeys(_ reader: StoreReader) throws -> Set<String> {
        try Set(reader.scans.map(\.file)).reduce(into: []) { keys, text in
            for scan in (try? ScanFile(text: text, folder: PathParts.folder(of: store)))?.scans ?? [] {
                keys.formUnion(scan.logarithmicKeys)
            }
        }
    }

    /// Runs that are drawn at the most: more would show nothing that these do not, and take memory.
    private static let mostRuns = 100_000

    /// What a picture that leaves its page must say of its runs.
    static let stated = ["activation", "width", "learningRate", "momentum", "sigmaW"]

    /// A picture in the current folder that is not there yet, named by the store and the axes.
    private func ownName(_ x: String) -> String {
        let parts = [PathParts.stem(of: store), y, x, colour, facet].compactMap { $0 }.map { part in
            String(part.prefix(60).map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) ? $0 : "-" })
        }
        let name = parts.joined(separator: "-")
        // As many as anybody will make; beyond, the last one is asked for, which is there and refused.
        return (1...9999).lazy.map { $0 == 1 ? "\(name).svg" : "\(name)-\($0).svg" }.first { access($0, F_OK) != 0 } ?? "\(name)-9999.svg"
    }

    private struct Summary: Encodable {
        let runs: Int
        let drawn: Int
        let notDrawn: [DrawnRows.LeftOut]
    }
}

/// `--x-scale`.
enum AxisScale: String, ExpressibleByArgument, CaseIterable {
    case linear
    case log

    var scale: Axis.Scale { self == .linear ? .linear : .log10 }
}
