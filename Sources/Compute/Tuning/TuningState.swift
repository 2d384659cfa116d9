import Foundation
import OpenCL

/// Which tuning parameters an engine uses, and why.
public struct TuningState: Sendable {
    public let table: TuningTable
    /// Eight digits that name it; nil where all rows are the portable ones.
    public let digest: String?
    /// Kernels with a stored row for other sources, which use the portable row.
    public let stale: [TunableKernel]
    /// What is wrong with a stored table or with the variable.
    public let warnings: [String]
    package let rows: [TunableKernel: Tuning]

    /// The variable that keeps stored tables out.
    public static let variable = "INFLATON_TUNING"

    /// A table that was given.
    /// - Throws: `TuningError` for what a kernel or the device cannot have.
    package init(_ table: TuningTable, device: Device, precision: Precision) throws(TuningError) {
        self.init(table, try table.rows(on: device, precision: precision))
    }

    private init(_ table: TuningTable, _ rows: [TunableKernel: Tuning], stale: [TunableKernel] = [], warnings: [String] = []) {
        self.table = table
        self.rows = rows
        self.stale = stale
        self.warnings = warnings
        digest = TuningTable.digest(rows)
    }

    /// The table of a family's kernels that is stored beside the programs of a context, or the portable one: without any, without a cache,
    /// and where the variable `INFLATON_TUNING` is `portable`.
    package init(_ kernels: [TunableKernel], context: Context, precision: Precision, environment: [String: String]) {
        let word = environment[Self.variable] ?? ""
        guard word.isEmpty || word == "stored", let directory = context.directory else {
            let isKnown = ["", "stored", "portable"].contains(word)
            let warning = "\(Self.variable) is '\(word)', but may be 'stored' or 'portable'; the portable parameters are used"
            self.init(.portable, [:], warnings: isKnown ? [] : [warning])
            return
        }
        let stored = TuningStore(directory: directory, device: context.device, precision: precision, kernels: kernels)
            .load()
        // Every row was validated when it was read.
        let rows = (try? stored.table.rows(on: context.device, precision: precision)) ?? [:]
        self.init(stored.table, rows, stale: stored.stale, warnings: stored.warnings)
    }

    /// The row of a kernel, nil where it is the portable one.
    package subscript(_ kernel: String) -> Tuning? { rows.first { $0.key.name == kernel }?.value }
}

extension TuningState: CustomStringConvertible {
    /// One line, such as `tuned 3f21ab09: forward_panels, tangent; portable after a change of the sources: train`.
    public var description: String {
        func names(_ kernels: some Sequence<TunableKernel>) -> String { kernels.map(\.name).sorted().joined(separator: ", ") }
        let own = digest.map { "tuned \($0): \(names(rows.keys))" } ?? "portable"
        return own + (stale.isEmpty ? "" : "; portable again since the sources changed: \(names(stale))")
    }
}
