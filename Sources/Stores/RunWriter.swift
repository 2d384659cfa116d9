import Engines
import GRDB
import Networks
import Runs

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
        let names = ["run", "digest", "provenance", "status", "lastFinite", "checksum"] + StoreColumn.all.map(\.name)
        return "INSERT INTO runs (\(names.map(StoreColumn.quoted).joined(separator: ", "))) VALUES ("
            + names.map { _ in "?" }.joined(separator: ", ") + ")"
    }()

    func write(_ row: StoredRun, number: Int, provenance: SQLiteStore.Origin.Row) throws {
        runs.bind(number, at: 1)
        row.digest.withBytes { runs.bind(blob: $0, at: 2) }
        runs.bind(provenance.number, at: 3)
        runs.bind(row.status, at: 4)
        if let state = row.result.lastFinite { runs.bind(state.step, at: 5) } else { runs.bindNull(at: 5) }
        RunChecksum.of(rows: row.contents, provenance: provenance.digest).withBytes { runs.bind(blob: $0, at: 6) }
        bind(row)
        try runs.run(database)
        identities.bind(number, at: 1)
        identities.bind(text: row.parameters, at: 2)
        try identities.run(database)
        // Rows come in the order of their keys, so that they are appended.
        let width = row.result.run.architecture.outputs
        for state in row.states { try write(state, width: width, number) }
        for (step, field) in row.negativeZeros {
            negativeZeros.bind(number, at: 1)
            negativeZeros.bind(step, at: 2)
            negativeZeros.bind(field, at: 3)
            try negativeZeros.run(database)
        }
        try write(row.spectra, number, into: .spectra)
        try write(row.modes, number, into: .modes)
        try writeKernels(row, number)
    }

    private func bind(_ row: StoredRun) {
        if boundWords != row.words {
            // bounded: columns of the program's own tables
            for (index, word) in row.words.enumerated() { runs.bind(word, at: Int32(Self.firstColumn + index)) }
            boundWords = row.words
        }
        let isFirst = boundValues.isEmpty
        if isFirst { boundValues = [Double?](repeating: nil, count: row.values.count) }
        for (index, value) in row.values.enumerated() where isFirst || value?.bitPattern != boundValues[index]?.bitPattern {
            // bounded: columns of the program's own tables
            runs.bind(value, at: Int32(Self.firstColumn + row.words.count + index))
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
    // bounded: columns of the program's own tables
    private static let seedPlace = Int32(firstColumn + StoreColumn.words.count + seedIndex)
    /// The place of the first of ``StoreColumn/all``.
    private static let firstColumn = 7

    private func write(_ state: StoredRun.State, width: Int, _ number: Int) throws {
        states.bind(number, at: 1)
        states.bind(state.step, at: 2)
        for (field, value) in state.outputs.enumerated() {
            states.bind(field / width, at: 3)
            states.bind(field % width, at: 4)
            states.bind(value, at: 5)
            try states.run(database)
        }
        guard let loss = state.loss else { return }
        losses.bind(number, at: 1)
        losses.bind(state.step, at: 2)
        losses.bind(loss, at: 3)
        try losses.run(database)
    }

    private func write(_ lists: [(step: Int, values: [Double])], _ number: Int, into table: StoreTable) throws {
        guard !lists.isEmpty else { return }
        let statement = try database.cachedStatement(sql: "INSERT INTO \(table.name) VALUES (?, ?, ?, ?)")
        statement.bind(number, at: 1)
        for (step, values) in lists {
            statement.bind(step, at: 2)
            for (mode, value) in values.enumerated() {
                statement.bind(mode, at: 3)
                statement.bind(value, at: 4)
                try statement.run(database)
            }
        }
    }

    private func writeKernels(_ row: StoredRun, _ number: Int) throws {
        guard !row.kernels.isEmpty else { return }
        let statement = try database.cachedStatement(sql: "INSERT INTO kernels VALUES (?, ?, ?)")
        for (step, bytes) in row.kernels {
            statement.bind(number, at: 1)
            statement.bind(step, at: 2)
            bytes.withUnsafeBytes { statement.bind(blob: $0, at: 3) }
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
