import Arrays
import Foundation

/// What a scan has to show, whichever it is: an overview of its axes and results, and figures of what was measured.
///
/// Each measured column is drawn against the axis that it depends on the most, by the share of the variance of its ranks that the
/// axis explains.
public struct ScanReport: Sendable {
    /// The most figures of measured columns. Default: 12.
    public static let mostFigures = 12
    /// The fewest values of which a figure says more than their table.
    static let fewestValues = 4
    /// The fewest values that have a distribution.
    static let fewestCounted = 8

    public let title: String
    /// What was scanned, in paragraphs that blank lines separate.
    public let text: String
    /// One row a run.
    public let table: CSVTable
    /// Columns that say what was asked for.
    public let parameters: [String]
    /// Columns that say what came out; numbers.
    public let measured: [String]
    /// Those of the measured columns that are errors, whose distribution is drawn on a logarithmic axis.
    public let errors: [String]
    /// The column that says in a word how each run ended, such as finished, diverged or excluded; nil for none.
    public let status: String?

    /// What stands in the place of a column's name in figures, with their markup. Default: none.
    public var labels: [String: String] = [:]
    /// Columns that the subtitles of figures state, where they are not drawn. Default: none.
    public var stated: [String] = []

    let axes: [ScanAxis]
    let results: [ScanResult]

    /// Makes a report.
    /// - Parameters:
    ///   - errors: those that are not measured columns are ignored; nil takes those with "error" in their names.
    ///   - replicas: parameters that number repetitions of the same, such as seeds: nothing is drawn against them where another varies.
    /// - Throws: `ColumnPlotError.unknownColumn` for a name that the table does not have, `.words` for a measured column of words,
    ///   `.nothingToDraw` for a table without rows.
    public init(
        title: String, text: String, table: CSVTable, parameters: [String], measured: [String], errors: [String]? = nil,
        replicas: Set<String> = [], status: String? = nil
    ) throws(ColumnPlotError) {
        self.title = title
        self.text = text
        self.table = table
        self.parameters = parameters
        self.measured = measured
        self.errors = (errors ?? measured.filter { $0.localizedCaseInsensitiveContains("error") }).filter(measured.contains)
        self.status = status
        guard !table.rows.isEmpty else { throw .nothingToDraw(reason: "the table has no rows") }
        if let status { _ = try TableColumn(status, of: table) }
        var axes: [ScanAxis] = []
        for name in parameters { axes.append(ScanAxis(try TableColumn(name, of: table))) }
        self.axes = axes
        let own = axes.filter { !replicas.contains($0.name) }, causes = own.contains { $0.levels.count > 1 } ? own : axes
        var results: [ScanResult] = []
        for name in measured {
            let column = try TableColumn(name, of: table)
            if column.holdsWords { throw .words(column: name, axis: "vertical") }
            results.append(ScanResult(column, causes))
        }
        self.results = results
    }

    /// The overview: how the runs ended, the axes, what did not vary, and what was measured.
    public func subject() -> ReportSubject {
        let varying = axes.filter { $0.levels.count > 1 }, constant = axes.filter { $0.levels.count <= 1 }
        var tables = [runs]
        if !varying.isEmpty {
            tables.append(
                .init(
                    title: "Axes", header: ["column", "distinct values", "range"],
                    rows: varying.map { [$0.name, "\($0.levels.count)", $0.range] }))
        }
        if !constant.isEmpty {
            tables.append(.init(title: "The same in all runs", header: ["column", "value"], rows: constant.map { [$0.name, $0.range] }))
        }
        if !results.isEmpty, table.rows.count == 1 {
            tables.append(
                .init(
                    title: "Measured", header: ["column", "value"],
                    rows: results.map { [$0.name, $0.values.first.map(Claim.number) ?? "–"] }))
        } else if !results.isEmpty {
            tables.append(
                .init(
                    title: "Measured",
                    header: ["column", "values", "least", "lower quartile", "median", "upper quartile", "greatest", "depends most on"],
                    rows: results.map(summary)))
        }
        return ReportSubject(title: title, text: text, tables: tables, data: table)
    }

    private var runs: ReportSubject.Table {
        var rows = [["all", "\(table.rows.count)", Claim.percent(1)]]
        if let status, let column = try? TableColumn(status, of: table) {
            let counts = Dictionary(grouping: table.rows.indices, by: column.word).mapValues(\.count)
            for (word, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                rows.append([word.isEmpty ? "(not said)" : word, "\(count)", Claim.percent(Double(count) / Double(table.rows.count))])
            }
        }
        return .init(title: "Runs", header: ["how they ended", "runs", "share"], rows: rows)
    }

    private func summary(_ result: ScanResult) -> [String] {
        guard let cuts = try? Statistics.quantiles(result.values, [0, 0.25, 0.5, 0.75, 1]) else {
            return [result.name, "0"] + Array(repeating: "–", count: 6)
        }
        let strongest = result.dependences.first { $0.share > 0 }
        return [result.name, "\(result.values.count)"] + cuts.map(Claim.number)
            + [strongest.map { "\($0.axis.name) (\(Claim.percent($0.share)))" } ?? "–"]
    }
}
