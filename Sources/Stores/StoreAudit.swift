import GRDB
import Runs

/// Reads everything that a store holds of its runs, and says what is not as it was stored.
struct StoreAudit {
    /// Something that is wrong.
    struct Problem: Sendable {
        /// The run that it is wrong of, or nil where it is no run's or many's.
        let run: Int?
        let damage: StoreDamage
    }

    /// How many runs have that checksum.
    private(set) var sound = 0
    /// How many runs have no checksum, but everything that they should.
    private(set) var complete = 0
    /// The identities of these.
    private(set) var digests: Set<Digest> = []
    private(set) var problems: [Problem] = []

    private let database: Database
    /// Whether the first problem is thrown.
    private let isStrict: Bool
    /// Whether the identities are kept, which takes some hundred bytes a run; else SQLite sorts them, on the disk where they are many.
    private let keepsDigests: Bool
    private var datasets: [String: Int] = [:]

    private init(_ database: Database, isStrict: Bool, keepsDigests: Bool = true) {
        self.database = database
        self.isStrict = isStrict
        self.keepsDigests = keepsDigests
    }

    /// Refuses a store that is not sound, in memory that hardly depends on the number of runs: eight bytes each.
    /// - Throws: `StoreDamage`, `DatabaseError`, for the first thing that is wrong.
    static func checkSound(_ database: Database) throws {
        var audit = StoreAudit(database, isStrict: true, keepsDigests: false)
        try audit.read()
    }

    /// The identities of the runs of a store that is sound.
    /// - Throws: `StoreDamage`, `DatabaseError`, for the first thing that is wrong.
    static func check(_ database: Database) throws -> Set<Digest> {
        var audit = StoreAudit(database, isStrict: true)
        try audit.read()
        return audit.digests
    }

    /// Everything that is wrong with a store, SQLite's own opinion included.
    static func report(_ database: Database) throws -> StoreAudit {
        var audit = StoreAudit(database, isStrict: false)
        try audit.checkFile()
        try audit.read()
        return audit
    }

    /// Has SQLite look at its pages and indices.
    /// - Throws: `StoreDamage` for what it finds first.
    static func checkFile(_ database: Database) throws {
        var audit = StoreAudit(database, isStrict: true)
        try audit.checkFile()
    }

    private mutating func add(_ error: any Error, run: Int? = nil) throws {
        if isStrict { throw error }
        if let damage = error as? StoreDamage {
            problems.append(Problem(run: run, damage: damage))
        } else if let error = error as? DatabaseError, error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB {
            let place = run.map { "run \($0)" } ?? "the file"
            problems.append(Problem(run: run, damage: StoreDamage(place: place, reason: error.message ?? "it cannot be read")))
        } else {
            throw error
        }
    }

    private mutating func checkFile() throws {
        do {
            let rows = try StoreRows(database, "PRAGMA integrity_check(20)", table: "sqlite_schema, as SQLite checks it", keys: 0)
            while try rows.next() {
                let text = try rows.text(0)
                if text != "ok" { try add(StoreDamage(place: "the file", reason: String(text.replacing("\n", with: "; ").prefix(400)))) }
            }
        } catch { try add(error) }
    }

    private mutating func read() throws {
        var audit = try RunAudit(database), last = 0
        for number in try numbers() {
            try checkNothing(between: last, and: number)
            last = number
            do {
                let finding = try audit.check(number)
                guard !keepsDigests || digests.insert(finding.digest).inserted else {
                    throw StoreDamage(place: "run \(number)", reason: "another run has the same digest")
                }
                if finding.evidence == .checksum { sound += 1 } else { complete += 1 }
                for name in finding.datasets where datasets[name] == nil { datasets[name] = number }
            } catch { try add(error, run: number) }
        }
        try checkNothing(between: last, and: Int.max)
        if !keepsDigests { try checkRepeats() }
        try checkDatasets()
        do { _ = try ScanStatus.all(database) } catch { try add(error) }
    }

    /// Runs that have the digest of another, found by sorting what stands in the table: an index that is wrong would not tell.
    private mutating func checkRepeats() throws {
        let rows = try StoreRows(database, "SELECT run, digest FROM runs NOT INDEXED ORDER BY digest, run", table: "runs")
        var last: Digest?
        while try rows.next() {
            let digest = try rows.digest(1)
            guard digest != last else {
                throw StoreDamage(place: "run \(try rows.integer(0))", reason: "another run has the same digest")
            }
            last = digest
        }
    }

    /// The numbers of the runs, ascending. Where the table cannot be read to its end, the index of the digests may still know them.
    private mutating func numbers() throws -> [Int] {
        var numbers: [Int] = []
        func read(_ sql: String) throws {
            let rows = try StoreRows(database, sql, table: "runs")
            while try rows.next() { numbers.append(try rows.integer(0, in: 1...(Int.max - 1))) }
        }
        do {
            try read("SELECT run FROM runs NOT INDEXED ORDER BY run")
            return numbers
        } catch { try add(error) }
        do { try read("SELECT run FROM runs INDEXED BY sqlite_autoindex_runs_1 ORDER BY digest") } catch { try add(error) }
        return Set(numbers).sorted()
    }

    /// Rows between two neighbouring runs belong to none.
    private mutating func checkNothing(between run: Int, and next: Int) throws {
        guard next - 1 > run || run == 0 else { return }
        for table in StoreTable.ofRuns {
            do {
                let below = run == 0 ? "" : "run > \(run) AND "
                let rows = try StoreRows(
                    database, "SELECT run FROM \(table.name) WHERE \(below)run < \(next) LIMIT 1", table: table.name)
                if try rows.next() { throw rows.damage("there is no such run in the table runs") }
            } catch { try add(error) }
        }
    }

    /// Lists are named by the digest of their bytes.
    private mutating func checkDatasets() throws {
        do {
            let rows = try StoreRows(database, "SELECT digest, \"values\" FROM datasets", table: "datasets")
            while try rows.next() {
                let name = try rows.text(0), bytes = try rows.blob(1)
                guard name == "sha256:" + Digest(of: bytes).description else {
                    throw rows.damage("its values are not those that it is named by")
                }
                datasets[name] = nil
            }
            if let (name, run) = datasets.min(by: { $0.value < $1.value }) {
                throw StoreDamage(
                    place: "run \(run)", reason: "the list \(name) that its parameters name is missing from the table datasets")
            }
        } catch { try add(error) }
    }
}
