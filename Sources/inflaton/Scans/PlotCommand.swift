import ArgumentParser
import Arrays
import Engines
import Figures
import Foundation
import Report
import Runs
import Stores

struct PlotCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draws any column of a store, or expression over columns, against any other.",
        discussion:
            """
            Writes an SVG or, by the output's ending, a PNG or a PDF. Without --output the picture is named by what it draws, and numbered \
            where there is one of that name: nothing is overwritten. Without --y it draws the distribution of x; where most points would be \
            three or more runs that differ in their seed, it draws medians with bands from the lower to the upper quartile. Runs that lack a \
            value, or have one that a logarithmic axis cannot show, are not drawn, and counted by reason. `inflaton plot STORE` lists the \
            columns.
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
        if let output, ![".svg", ".png", ".pdf"].contains(where: output.hasSuffix) {
            throw ValidationError("--output is '\(output)', but must end in .svg, .png or .pdf.")
        }
        if quartiles, points { throw ValidationError("--quartiles and --points are both given; leave one out.") }
        if x == nil, y != nil || colour != nil || facet != nil { throw ValidationError("--x is missing: what is the horizontal axis?") }
    }

    var usedFiles: CommandFiles { .init(stores: [store], writes: [output].compactMap { $0 }) }

    func run() throws {
        let reader = try StoreReader(path: store)
        guard let x else {
            let names = try ["run", "digest", "status"] + reader.columns.map(\.name)
            return try json ? Console.writeJSON(["columns": names]) : Console.writeToStandardOutput(names.joined(separator: "\n") + "\n")
        }
        let output = self.output ?? ownName(x)
        try AtomicFile.check(output, overwrite: force)
        let axes = [x, y, colour, facet].compactMap { $0 }, present = Set(try reader.columns.map(\.name))
        let stated = Self.stated.filter(present.contains), console = Console(json: json, quiet: false)
        let table = try console.during("reading \(store) and comparing checksums") {
            try reader.table(deriving: axes + stated + ["seed"].filter(present.contains), where: filter.condition())
        }
        var plot = ColumnPlot(
            x: x, y: y, colour: colour, facet: facet, xScale: xScale?.scale, yScale: yScale?.scale, showsQuartiles: quartiles,
            labels: Dictionary(Set(axes + stated).compactMap { name in Quantity.find(name).map { (name, $0.label) } }) { first, _ in first
            },
            stated: stated)
        if !points, !quartiles { plot.showsQuartiles = try plot.hasReplicas(by: "seed", in: table) }
        let drawn = try plot.drawnRows(of: table)
        let svg = SVGRenderer().render(try plot.figure(of: table))
        try Drawings.write(svg, to: output, overwrite: force)
        let provenance = Provenance(
            parameters: ["store": store, "x": x, "y": y ?? "", "colour": colour ?? "", "facet": facet ?? "", "where": filter.text],
            engine: nil)
        if !drawn.leftOut.isEmpty { console.warn("the plot shows \(drawn.text("runs"))") }
        try console.finish(
            "plot", provenance: provenance, outputs: [output],
            result: Summary(runs: drawn.rows, drawn: drawn.drawn, notDrawn: drawn.leftOut),
            text: "wrote \(output), \(drawn.text("runs"))")
    }

    /// What a picture that leaves its page must say of its runs.
    private static let stated = ["activation", "width", "learningRate", "momentum", "sigmaW"]

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
