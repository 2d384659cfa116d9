import ArgumentParser
import Arrays
import Engines
import Experiments
import Figures
import Foundation
import Report
import Runs
import ScanFiles
import Stores

struct ReportCommand: FileCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "One page on a scan: its axes, what came out, and each result against what it depends on the most.",
        discussion:
            "Writes report.html, which opens in any browser without a network, each figure as SVG, PNG and CSV, and all runs as table.csv.")

    @Argument(help: "The store.")
    var store: String

    @OptionGroup var filter: FilterOptions

    @Option(name: .shortAndLong, help: "The folder to write. Default: the store's name and '-report'.")
    var output: String?

    @Flag(help: "Replace outputs that exist.")
    var force = false

    @Flag(help: "Print one JSON object on standard output.")
    var json = false

    /// Runs that figures and tables are made of, at the most: more would show nothing that these do not, and take memory.
    private static let mostRuns = 50_000

    // Only the store tells which figures there are.
    var usedFiles: CommandFiles { .init(stores: [store]) }

    /// Whether all runs are ensembles, lattices or what else learns with noise, and none is a network of the duality.
    private static func isOfLearning(_ table: CSVTable) -> Bool {
        // Of ensembles the number of networks says so.
        let columns = ["process", "networks"].compactMap { table[column: $0] }
        return table.rows.indices.allSatisfy { row in columns.contains { $0[row] != .empty } }
    }

    func run() throws {
        let reader = try StoreReader(path: store), console = Console(json: json, quiet: false)
        let target = output ?? PathParts.stem(of: store) + "-report", folder = URL(filePath: target)
        // A URL of no name is the current folder.
        try OutputFolder(target).check([], overwrite: force)
        let (table, runs) = try console.during("reading \(store) and comparing checksums") {
            try reader.sample(Self.mostRuns, where: filter.condition())
        }
        let columns = ScanColumns(table)
        let scans = try reader.scans, names = scans.map(\.name).filter { !$0.isEmpty }
        let title = names.isEmpty ? "Scan" : Set(names).sorted().joined(separator: ", ")
        var text = "The runs of \(store)\(filter.text.isEmpty ? "" : " for which \(filter.text)")."
        let isPart = table.rows.count < runs
        if isPart {
            text +=
                " They are \(runs). The figures and tables are of \(table.rows.count) of these, drawn at random; table.csv beside this page has all."
        }
        var report = try ScanReport(
            title: title, text: text, table: table, parameters: columns.parameters, measured: columns.measured, replicas: ["seed"],
            status: "status")
        report.labels = Dictionary(
            (columns.parameters + columns.measured).compactMap { name in Quantity.find(name).map { (name, $0.label) } }
        ) { first, _ in first }
        report.stated = PlotCommand.stated.filter(columns.parameters.contains)
        var subject = report.subject()
        if Self.isOfLearning(table) { subject.theory = .learning }
        if isPart { subject.data = nil }
        subject.tables += Set(scans.map(\.file)).sorted().map { ReportSubject.Table(scanFile: $0) }
        let writer = ReportWriter(), figures = try console.during("drawing the figures") { try report.figures() }
        let targets = writer.targets(identifiers: figures.map(\.id), in: folder, hasTable: true)
        try InputFiles([store]).refuse(targets.map { $0.path(percentEncoded: false) })
        let provenance = Provenance(parameters: ["store": store, "where": filter.text], engine: nil)
        if isPart { try writer.check(identifiers: figures.map(\.id), in: folder, overwrite: force, hasTable: true) }
        let outcome = try OutputFolder(target).fill(targets.map(\.lastPathComponent)) {
            var outcome = try console.during("writing the report") {
                try writer.write(
                    figures: figures, claims: [], provenance: provenance.entries, subject: subject, to: folder, overwrite: force)
            }
            if isPart {
                let path = OutputFolder(target).file("table.csv")
                try console.during("writing \(path)") { try reader.writeTable(to: path, where: filter.condition(), overwrite: force) }
                outcome.written.append(folder.appending(path: "table.csv"))
            }
            return outcome
        }
        if !report.notDrawn.isEmpty { console.note("not drawn, but in table.csv: \(report.notDrawn.joined(separator: ", "))") }
        for omitted in outcome.omitted { console.warn("no \(omitted)") }
        try console.finish(
            "report", provenance: provenance, outputs: outcome.written.map { $0.path(percentEncoded: false) },
            result: ["runs": runs],
            text: "wrote \(folder.path(percentEncoded: false)); open report.html in a browser")
    }
}
