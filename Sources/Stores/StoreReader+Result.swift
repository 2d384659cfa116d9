import Compute
import Engines
import GRDB
import Runs

extension StoreReader {
    /// The results of a run, bit for bit as far as its recording keeps them, or nil where the store does not have it. All NaN are one NaN.
    /// - Throws: `StoreError`, also for a run that is there but cannot be read.
    public func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        try readRun { database in
            let row = try StoreRows(
                database,
                """
                SELECT run, lastFinite, p.engine, p.device, p.driver, p."precision", p.provenance, runs.provenance
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
            return RunResult(run, rows, lastFinite: lastFinite, engine)
        }
    }
}

extension RunResult {
    /// What a store has of a run.
    fileprivate init(_ run: Run, _ rows: RunRows, lastFinite: Int?, _ engine: EngineDescription) {
        let steps = run.recording.trajectory.steps(upTo: run.steps)
        self.init(run: run, engine: engine, recordedSteps: steps)
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
