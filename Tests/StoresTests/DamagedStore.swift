import Engines
import Foundation
import GRDB
import Networks
import Runs
import Stores
import TestSupport

/// Stores that tests damage as any program could.
struct DamagedStore {
    let folder: TemporaryFolder
    let engine = SyntheticEngine()
    var path: String { folder.file("s.sqlite") }

    /// A store with rows in every table: trained runs with several fields, kernels, spectra and modes, zeros with a sign, a run that
    /// diverges, and a list that is only named.
    init() throws {
        folder = try TemporaryFolder()
        let engine = SyntheticEngine { seed, step, number in
            if seed == 3, step > 2 { return .infinity }
            return number == 1 && step == 0 ? -0.0 : 1 / Double(3 + seed &* 31 &+ UInt64(7 * step)) + Double(number)
        }
        let store = try SQLiteStore(path, engine)
        let recording = Recording(trajectory: .every(4), spectra: true, modes: true, matrices: true)
        var runs = try (1...4).map { try Run.small(seed: $0, steps: 8, points: 2, recording: recording) }
        for index in runs.indices {
            runs[index].training?.schedule = try Schedule(
                learningRates: .init(repeating: 0.1, count: 300), momenta: .init(repeating: 0, count: 300))
        }
        try Scheduler(engine: engine, store: store).execute(runs)
        try store.begin(ScanStatus(name: "a scan", file: "name: a scan", host: "here"))
        try store.end(.finished)
    }

    /// Runs SQL on the file, without the checks that its tables make.
    func execute(_ sql: String, at path: String? = nil) throws {
        let queue = try DatabaseQueue(path: path ?? self.path)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON")
            try database.execute(sql: sql)
        }
        try queue.close()
    }

    /// The rows of a query as SQLite prints them.
    func rows(_ sql: String) throws -> [[String]] {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { database in
            try Row.fetchAll(database, sql: sql).map { row in row.databaseValues.map { $0.description } }
        }
    }

    /// The error of a piece of work; nil where there is none, or one of another kind.
    static func refusal(_ body: () throws -> Void) -> StoreError? {
        do { try body() } catch { return error as? StoreError }
        return nil
    }
}
