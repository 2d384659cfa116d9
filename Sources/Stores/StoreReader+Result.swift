import Compute
import Engines
import GRDB
import Networks
import Runs

extension StoreReader {
    /// The results of a run, bit for bit as far as its recording keeps them, or nil where the store does not have it. All NaN are one NaN.
    /// - Throws: `StoreError`, also for a run that is there but cannot be read.
    public func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        try readRun { database in
            let modes = try Self.modeColumns(of: run, database)
            let row = try StoreRows(
                database,
                """
                SELECT run, lastFinite, p.engine, p.device, p.driver, p."precision", p.provenance, runs.provenance\(modes)
                FROM runs LEFT JOIN provenance AS p USING (provenance) WHERE digest = ?
                """, table: "runs")
            row.start(digest)
            guard try row.next() else { return nil }
            let number = try row.integer(0)
            guard case .integer = row[6] else {
                throw row.damage("it points to row \(try row.integer(7)) of the table provenance, which is missing")
            }
            let word = try row.text(5)
            guard let precision = Precision(rawValue: word) else {
                throw row.damage("its provenance names the precision '\(word)', which is none of \(Precision.names)")
            }
            let engine = EngineDescription(name: try row.text(2), device: try row.text(3), driver: try row.text(4), precision: precision)
            let lastFinite = try row.optionalInteger(1)
            let rows = try RunRows(number, RunExpectation(run), lastFinite: lastFinite, database)
            let numbers = try modes.isEmpty ? [] : ModeNumbers.quantities.indices.map { try row.optionalReal(8 + $0) }
            return RunResult(run, rows, lastFinite: lastFinite, engine, ModeNumbers(stored: numbers))
        }
    }

    /// Nothing where a run has no modes, or a store not all of the columns for them.
    private static func modeColumns(of run: Run, _ database: Database) throws -> String {
        guard run.inputs.points > 1 || run.architecture.outputs > 1, run.recording.matrices, run.tangentKernel != nil else { return "" }
        let present = Set(try StoreSchema.columns(of: "runs", database).map(\.name))
        guard present.isSuperset(of: ModeNumbers.quantities) else { return "" }
        return ModeNumbers.quantities.map { ", runs.\(StoreColumn.quoted($0))" }.joined()
    }
}

extension RunResult {
    /// What a store has of a run.
    fileprivate init(_ run: Run, _ rows: RunRows, lastFinite: Int?, _ engine: EngineDescription, _ modes: ModeNumbers?) {
        let steps = run.recording.trajectory.steps(upTo: run.steps)
        self.init(run: run, engine: engine, recordedSteps: steps, modes: modes)
        for step in steps {
            outputs += rows.outputs[step] ?? []
            if let loss = rows.losses[step] { losses.append(loss) }
        }
        let nothing = [Double](repeating: .nan, count: self.rows)
        self.lastFinite = lastFinite.map { step in
            State(step: step, outputs: rows.outputs[step] ?? nothing, loss: rows.losses[step] ?? .nan)
        }
        kernels = rows.kernels
    }
}

extension Precision {
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
