import Engines
import Foundation
import GRDB

extension StoreReader {
    /// The results of a run, bit for bit as far as its recording keeps them, or nil. All NaN are one NaN.
    /// - Throws: `StoreError`.
    public func result(for run: Run, _ digest: Digest) throws -> RunResult? {
        try readRun { database in
            let sql = """
                SELECT run, lastFinite, p.engine, p.device, p.driver, p."precision" FROM runs JOIN provenance AS p USING (provenance)
                WHERE digest = ?
                """
            let statement = try database.cachedStatement(sql: sql)
            guard let row = try Row.fetchOne(statement, arguments: [Data(digest.bytes)]), let precision = Precision(rawValue: row[5]) else {
                return nil
            }
            let engine = EngineDescription(name: row[2], device: row[3], driver: row[4], precision: precision)
            return try result(run, number: row[0], lastFinite: row[1], engine, database)
        }
    }

    private func result(
        _ run: Run, number: Int, lastFinite: Int?, _ engine: EngineDescription, _ database: Database
    ) throws -> RunResult {
        var states = try lists(database, "SELECT step, value FROM states WHERE run = ? ORDER BY step, point, output", number)
        var losses = try lists(database, "SELECT step, loss FROM losses WHERE run = ?", number)
        let zeros = try Row.fetchAll(
            database.cachedStatement(sql: "SELECT step, field FROM negativeZeros WHERE run = ?"), arguments: [number])
        for zero in zeros {
            let step: Int = zero[0], field: Int = zero[1]
            if field < 0 { losses[step] = [-0.0] } else { states[step]?[field] = -0.0 }
        }
        let steps = run.recording.trajectory.steps(upTo: run.steps)
        var result = RunResult(run: run, engine: engine, recordedSteps: steps)
        for step in steps {
            result.outputs += states[step] ?? []
            result.losses += losses[step] ?? []
        }
        result.lastFinite = lastFinite.map { step in
            RunResult.State(
                step: step, outputs: states[step] ?? [Double](repeating: .nan, count: result.rows), loss: losses[step]?.first ?? .nan)
        }
        let kernels = try Row.fetchCursor(
            database.cachedStatement(sql: "SELECT matrix FROM kernels WHERE run = ? ORDER BY step"), arguments: [number])
        while let row = try kernels.next() { result.kernels += try row.doubles(at: 0) ?? [] }
        return result
    }

    /// Numbers by their step, in the order of the query; NULL is NaN.
    private func lists(_ database: Database, _ sql: String, _ number: Int) throws -> [Int: [Double]] {
        var lists: [Int: [Double]] = [:]
        let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [number])
        while let row = try rows.next() {
            let value: Double? = row[1]
            lists[row[0], default: []].append(value ?? .nan)
        }
        return lists
    }
}
