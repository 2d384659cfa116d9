import ArgumentParser
import Arrays
import Engines
import Figures
import Report
import Runs
import Stores

struct PlotCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draws any column of a store, or expression over columns, against any other.",
        discussion:
            """
            Writes an SVG or, by the output's ending, a PNG. Without --y it draws the distribution of x. Runs that lack a value, or have one \
            that a logarithmic axis cannot show, are not drawn, and counted by reason. `inflaton plot STORE` lists the columns.
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

    @Option(help: "linear or log. Default: log where all values are positive and span more than two decades.")
    var xScale: AxisScale?

    @Option(help: "As --x-scale.")
    var yScale: AxisScale?

    @Flag(help: "Draw median and quartiles of y at each x too.")
    var quartiles = false

    @Option(name: .shortAndLong, help: "The picture to write, .svg, .png or .pdf.")
    var output = "plot.svg"

    @Flag(help: "Replace a file that exists.")
    var force = false

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    func validate() throws {
        guard [".svg", ".png", ".pdf"].contains(where: output.hasSuffix) else {
            throw ValidationError("--output is '\(output)', but must end in .svg, .png or .pdf.")
        }
        if x == nil, y != nil || colour != nil || facet != nil { throw ValidationError("--x is missing: what is the horizontal axis?") }
    }

    var usedFiles: CommandFiles { .init(stores: [store], writes: [output]) }

    func run() throws {
        let reader = try StoreReader(path: store)
        guard let x else {
            let names = try ["run", "digest", "status"] + reader.columns.map(\.name)
            return try json ? Console.writeJSON(["columns": names]) : Console.writeToStandardOutput(names.joined(separator: "\n") + "\n")
        }
        try AtomicFile.check(output, overwrite: force)
        let table = try reader.table(deriving: [x, y, colour, facet].compactMap { $0 }, where: filter.condition())
        let plot = ColumnPlot(
            x: x, y: y, colour: colour, facet: facet, xScale: xScale?.scale, yScale: yScale?.scale, showsQuartiles: quartiles)
        let drawn = try plot.drawnRows(of: table)
        let svg = SVGRenderer().render(try plot.figure(of: table))
        if output.hasSuffix(".png") {
            try AtomicFile.write(PNGRenderer().render(svg), to: output, overwrite: force)
        } else if output.hasSuffix(".pdf") {
            try AtomicFile.write(PNGRenderer().pdf(svg), to: output, overwrite: force)
        } else {
            try AtomicFile.write(svg, to: output, overwrite: force)
        }
        let provenance = Provenance(
            parameters: ["store": store, "x": x, "y": y ?? "", "colour": colour ?? "", "facet": facet ?? "", "where": filter.text],
            engine: nil)
        let console = Console(json: json, quiet: false)
        if !drawn.leftOut.isEmpty { console.warn("the plot shows \(drawn.text("runs"))") }
        try console.finish(
            "plot", provenance: provenance, outputs: [output],
            result: Summary(runs: drawn.rows, drawn: drawn.drawn, notDrawn: drawn.leftOut),
            text: "wrote \(output), \(drawn.text("runs"))")
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
