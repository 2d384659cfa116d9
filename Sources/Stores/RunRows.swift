import GRDB
import Runs

/// The rows of one run in the tables beside `runs`, all of them and no others.
struct RunRows {
    /// Outputs (N·C) by step.
    private(set) var outputs: [Int: [Double]] = [:]
    /// Losses by step.
    private(set) var losses: [Int: Double] = [:]
    /// The kernels that are kept, one after the other.
    private(set) var kernels: [Double] = []

    /// Reads them.
    /// - Parameters:
    ///   - number: the run's number in the store.
    ///   - lastFinite: as the table `runs` has it.
    /// - Throws: `StoreDamage` at the first row that is missing, too many, or not what it should be.
    init(_ number: Int, _ expected: RunExpectation, lastFinite: Int?, _ database: Database) throws {
        let reading = try Reading(number, expected, lastFinite: lastFinite, database)
        try reading.states { outputs[$0] = $1 }
        try reading.losses { losses[$0] = $1 }
        try reading.negativeZeros { step, field in
            if field < 0 {
                guard losses[step] == 0 else { return false }
                losses[step] = -0.0
            } else {
                guard outputs[step]?[field] == 0 else { return false }
                outputs[step]?[field] = -0.0
            }
            return true
        }
        var finite: Set<Int> = []
        try reading.kernels { step, kernel in
            kernels += kernel
            if kernel.allSatisfy(\.isFinite) { finite.insert(step) }
        }
        try reading.spectra(finite: finite)
        try reading.modes(finite: finite)
    }
}

/// The tables of a run, one after the other, against what is expected of it.
private struct Reading {
    let number: Int
    let expected: RunExpectation
    let database: Database
    /// N·C.
    let rows: Int
    /// The last finite step of a divergence, which is kept although it was not asked for.
    let late: Int?

    init(_ number: Int, _ expected: RunExpectation, lastFinite: Int?, _ database: Database) throws {
        self.number = number
        self.expected = expected
        self.database = database
        guard let rows = expected.rows else {
            throw StoreDamage(place: "run \(number)", reason: "it has \(expected.points) points and \(expected.outputs) outputs, too many")
        }
        self.rows = rows
        guard (lastFinite != nil) == expected.isTrained, lastFinite.map({ (-1)...expected.steps ~= $0 }) ?? true else {
            throw StoreDamage(
                place: "table runs, run \(number)",
                reason: "lastFinite is \(lastFinite.map { "\($0)" } ?? "NULL"), which does not fit a run of \(expected.steps) steps")
        }
        late = lastFinite.flatMap { $0 < 0 || Self.isKept($0, expected) ? nil : $0 }
    }

    private static func isKept(_ step: Int, _ expected: RunExpectation) -> Bool {
        switch expected.trajectory {
        case .every(let stride): step % max(1, stride) == 0 || step == expected.steps
        case .ends, .at: step == 0 || expected.step(after: step - 1) == step
        }
    }

    /// The step after another at which a state is kept, the late one among them; the first one after nil.
    private func next(_ step: Int?) -> Int? {
        guard let step else { return 0 }
        let next = expected.step(after: step)
        if let late, late > step { return min(late, next ?? late) }
        return next
    }

    private func missing(_ table: StoreTable, _ what: String) -> StoreDamage {
        StoreDamage(place: "run \(number)", reason: "its row of \(what) in the table \(table.name) is missing")
    }

    private func rows(_ table: StoreTable, _ columns: String, keys: Int) throws -> StoreRows {
        let order = (1..<keys).map { "\($0 + 1)" }.joined(separator: ", ")
        let rows = try StoreRows(
            database, "SELECT run, \(columns) FROM \(table.name) WHERE run = ? ORDER BY \(order)", table: table.name, keys: keys)
        rows.start(number)
        return rows
    }

    func states(_ body: (_ step: Int, _ outputs: [Double]) -> Void) throws {
        let table = StoreTable.states, cells = try rows(table, "step, point, output, value", keys: 4)
        var step = next(nil)
        while let now = step {
            var outputs: [Double] = []
            for row in 0..<rows {
                let point = row / expected.outputs, output = row % expected.outputs
                guard try cells.next() else { throw missing(table, "step \(now), point \(point), output \(output)") }
                guard try cells.integer(1) == now, try cells.integer(2) == point, try cells.integer(3) == output else {
                    throw cells.damage("it stands where step \(now), point \(point), output \(output) of this run should be")
                }
                outputs.append(try cells.optionalReal(4) ?? .nan)
            }
            body(now, outputs)
            step = next(now)
        }
        if try cells.next() { throw cells.damage("this run has no such row") }
    }

    func losses(_ body: (_ step: Int, _ loss: Double) -> Void) throws {
        let table = StoreTable.losses, cells = try rows(table, "step, loss", keys: 2)
        var step = expected.hasLosses ? next(nil) : nil
        while let now = step {
            guard try cells.next() else { throw missing(table, "step \(now)") }
            guard try cells.integer(1) == now else { throw cells.damage("it stands where step \(now) of this run should be") }
            body(now, try cells.optionalReal(2) ?? .nan)
            step = next(now)
        }
        if try cells.next() { throw cells.damage("this run has no such row") }
    }

    func negativeZeros(_ body: (_ step: Int, _ field: Int) -> Bool) throws {
        let cells = try rows(.negativeZeros, "step, field", keys: 3)
        while try cells.next() {
            let step = try cells.integer(1, in: 0...expected.steps), field = try cells.integer(2, in: -1...(rows - 1))
            guard body(step, field) else { throw cells.damage("this run has no 0 there") }
        }
    }

    func kernels(_ body: (_ step: Int, _ kernel: [Double]) -> Void) throws {
        let table = StoreTable.kernels, cells = try rows(table, "step, matrix", keys: 2)
        for step in expected.matrices ? expected.kernelSteps : [] {
            guard try cells.next() else { throw missing(table, "step \(step)") }
            guard try cells.integer(1) == step else { throw cells.damage("it stands where step \(step) of this run should be") }
            let (square, overflow) = rows.multipliedReportingOverflow(by: rows), elements = expected.counted ?? square
            guard !overflow, elements < Int.max / 8 else { throw cells.damage("a matrix of \(rows) rows is too large") }
            body(step, [Double](littleEndianBytes: try cells.blob(2, count: 8 * elements)))
        }
        if try cells.next() { throw cells.damage("this run has no such row") }
    }

    /// A kernel that is not finite has no eigenvalues; all others have all.
    /// - Parameter finite: the steps whose kernels are kept and finite.
    func spectra(finite: Set<Int>) throws {
        let cells = try rows(.spectra, "step, mode, eigenvalue", keys: 3)
        let found = try complete(cells, steps: expected.spectra ? expected.kernelSteps : [])
        if expected.spectra, let step = finite.subtracting(found).min() { throw missing(.spectra, "step \(step)") }
    }

    /// All steps have coordinates in the eigenmodes of the kernel at the start or, where that is not finite, none.
    func modes(finite: Set<Int>) throws {
        let cells = try rows(.modes, "step, mode, value", keys: 3)
        guard expected.modes, !expected.kernelSteps.isEmpty else {
            _ = try complete(cells, steps: [])
            return
        }
        guard try cells.next() else {
            if finite.contains(0) { throw missing(.modes, "step 0, mode 0") }
            return
        }
        var step: Int? = 0
        while let now = step {
            for mode in 0..<rows {
                guard try now == 0 && mode == 0 || cells.next() else { throw missing(.modes, "step \(now), mode \(mode)") }
                guard try cells.integer(1) == now, try cells.integer(2) == mode else {
                    throw cells.damage("it stands where step \(now), mode \(mode) of this run should be")
                }
                _ = try cells.optionalReal(3)
            }
            step = expected.step(after: now)
        }
        if try cells.next() { throw cells.damage("this run has no such row") }
    }

    /// For each step all modes or none.
    /// - Returns: the steps that have them.
    private func complete(_ cells: StoreRows, steps: [Int]) throws -> Set<Int> {
        var places = steps[...], found: Set<Int> = []
        while try cells.next() {
            let step = try cells.integer(1)
            guard let place = places.firstIndex(of: step) else { throw cells.damage("this run has no such row") }
            places = places[(place + 1)...]
            for mode in 0..<rows {
                guard try mode == 0 || cells.next() else { throw missing(.spectra, "step \(step), mode \(mode)") }
                guard try cells.integer(1) == step, try cells.integer(2) == mode else {
                    throw cells.damage("it stands where step \(step), mode \(mode) of this run should be")
                }
                _ = try cells.optionalReal(3)
            }
            found.insert(step)
        }
        return found
    }
}
