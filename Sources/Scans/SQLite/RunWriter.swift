import Engines
import GRDB

/// Writes runs into the tables, inside of a transaction that is open.
///
/// What is bound to a statement stays bound: of a row with a hundred values only those are bound that differ from the row before.
final class RunWriter {
    private var boundWords: [String?]?
    private var boundValues: [Double?] = []
    private let database: Database
    private let runs: Statement
    private let identities: Statement
    private let states: Statement
    private let losses: Statement
    private let negativeZeros: Statement

    init(_ database: Database) throws {
        self.database = database
        runs = try database.cachedStatement(sql: Self.insertion)
        identities = try database.cachedStatement(sql: "INSERT INTO identities VALUES (?, ?)")
        states = try database.cachedStatement(sql: "INSERT INTO states VALUES (?, ?, ?, ?, ?)")
        losses = try database.cachedStatement(sql: "INSERT INTO losses VALUES (?, ?, ?)")
        negativeZeros = try database.cachedStatement(sql: "INSERT INTO negativeZeros VALUES (?, ?, ?)")
    }

    private static let insertion: String = {
        let names = ["run", "digest", "provenance", "status", "lastFinite"] + StoreColumn.all.map(\.name)
        return "INSERT INTO runs (\(names.map(StoreColumn.quoted).joined(separator: ", "))) VALUES ("
            + names.map { _ in "?" }.joined(separator: ", ") + ")"
    }()

    func write(_ row: StoredRun, number: Int, provenance: Int) throws {
        let result = row.result, rows = result.rows
        runs.bind(number, at: 1)
        row.digest.withBytes { runs.bind(blob: $0, at: 2) }
        runs.bind(provenance, at: 3)
        runs.bind(row.status, at: 4)
        if let state = result.lastFinite { runs.bind(state.step, at: 5) } else { runs.bindNull(at: 5) }
        bind(row)
        try runs.run(database)
        identities.bind(number, at: 1)
        identities.bind(text: row.parameters, at: 2)
        try identities.run(database)
        // Rows come in the order of their keys, so that they are appended.
        var late = result.lastFinite.flatMap { state in
            state.step >= 0 && !row.kept.contains { $0.step == state.step } ? state : nil
        }
        for (index, step) in row.kept {
            if let state = late, state.step < step {
                try write(state.outputs[...], state.loss, step: state.step, of: row, number)
                late = nil
            }
            try write(
                result.outputs[index * rows..<(index + 1) * rows], index < result.losses.count ? result.losses[index] : nil, step: step,
                of: row, number)
        }
        try writeModes(row, number)
        try writeKernels(row, number)
    }

    private func bind(_ row: StoredRun) {
        if boundWords != row.words {
            for (index, word) in row.words.enumerated() { runs.bind(word, at: Int32(6 + index)) }
            boundWords = row.words
        }
        let isFirst = boundValues.isEmpty
        if isFirst { boundValues = [Double?](repeating: nil, count: row.values.count) }
        for (index, value) in row.values.enumerated() where isFirst || value?.bitPattern != boundValues[index]?.bitPattern {
            runs.bind(value, at: Int32(6 + row.words.count + index))
            boundValues[index] = value
        }
        // The seed as it is, where the quantity is rounded.
        if let seed = row.seed {
            runs.bind(seed, at: Self.seedPlace)
        } else {
            runs.bind(row.values[Self.seedIndex], at: Self.seedPlace)
        }
    }

    private static let seedIndex = StoreColumn.quantities.firstIndex { $0.name == "seed" } ?? 0
    private static let seedPlace = Int32(6 + StoreColumn.words.count + seedIndex)

    private func write(_ outputs: ArraySlice<Double>, _ loss: Double?, step: Int, of row: StoredRun, _ number: Int) throws {
        let width = row.result.run.architecture.outputs
        states.bind(number, at: 1)
        states.bind(step, at: 2)
        for (field, value) in outputs.enumerated() {
            states.bind(field / width, at: 3)
            states.bind(field % width, at: 4)
            states.bind(value, at: 5)
            try states.run(database)
            if value == 0, value.sign == .minus { try writeNegativeZero(number, step, field) }
        }
        guard let loss else { return }
        losses.bind(number, at: 1)
        losses.bind(step, at: 2)
        losses.bind(loss, at: 3)
        try losses.run(database)
        if loss == 0, loss.sign == .minus { try writeNegativeZero(number, step, -1) }
    }

    /// SQLite keeps whole numbers in columns of reals as integers, which have no −0.
    private func writeNegativeZero(_ number: Int, _ step: Int, _ field: Int) throws {
        negativeZeros.bind(number, at: 1)
        negativeZeros.bind(step, at: 2)
        negativeZeros.bind(field, at: 3)
        try negativeZeros.run(database)
    }

    private func writeModes(_ row: StoredRun, _ number: Int) throws {
        if !row.spectra.isEmpty {
            let statement = try database.cachedStatement(sql: "INSERT INTO spectra VALUES (?, ?, ?, ?)")
            for (step, eigenvalues) in row.spectra { try write(eigenvalues, number, step, statement) }
        }
        if !row.modes.isEmpty {
            let statement = try database.cachedStatement(sql: "INSERT INTO modes VALUES (?, ?, ?, ?)")
            for (kept, values) in zip(row.kept, row.modes) { try write(values, number, kept.step, statement) }
        }
    }

    private func write(_ values: [Double], _ number: Int, _ step: Int, _ statement: Statement) throws {
        statement.bind(number, at: 1)
        statement.bind(step, at: 2)
        for (mode, value) in values.enumerated() {
            statement.bind(mode, at: 3)
            statement.bind(value, at: 4)
            try statement.run(database)
        }
    }

    private func writeKernels(_ row: StoredRun, _ number: Int) throws {
        let result = row.result, size = result.rows * result.rows
        guard result.run.recording.matrices, !result.kernels.isEmpty else { return }
        let statement = try database.cachedStatement(sql: "INSERT INTO kernels VALUES (?, ?, ?)")
        for (index, step) in result.run.kernelSteps.enumerated() {
            statement.bind(number, at: 1)
            statement.bind(step, at: 2)
            Array(result.kernels[index * size..<(index + 1) * size]).littleEndianBytes.withUnsafeBytes { statement.bind(blob: $0, at: 3) }
            try statement.run(database)
        }
    }

    /// Keeps the lists that the canonical JSON only names.
    func write(_ list: [Double], named name: String) throws {
        let statement = try database.cachedStatement(sql: "INSERT OR IGNORE INTO datasets VALUES (?, ?)")
        statement.bind(name, at: 1)
        list.littleEndianBytes.withUnsafeBytes { statement.bind(blob: $0, at: 2) }
        try statement.run(database)
    }
}
