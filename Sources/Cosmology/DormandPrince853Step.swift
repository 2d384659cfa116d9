/// One step of the method, with all the memory that it needs, allocated once an integration.
///
/// Layout: stage j of component i at `stages[j · count + i]`; row r of the interpolant at `interpolant[r · count + i]`.
struct DormandPrince853Step: ~Copyable {
    typealias Derivative = DormandPrince853.Derivative
    private typealias Table = DormandPrince853Table

    /// Components of the state.
    let count: Int
    /// The state at the start of the step.
    let state: UnsafeMutablePointer<Double>
    /// The state at its end.
    let next: UnsafeMutablePointer<Double>
    /// The eight rows of the interpolant, once prepared.
    let interpolant: UnsafeMutablePointer<Double>

    private let stages: UnsafeMutablePointer<Double>
    private let trial: UnsafeMutablePointer<Double>
    private let other: UnsafeMutablePointer<Double>
    private let nodes: UnsafeMutablePointer<Double>
    private let matrix: UnsafeMutablePointer<Double>

    init(initial: [Double]) {
        count = initial.count
        let numbers = (Table.stageCount + 8 + 4) * count + Table.nodes.count + Table.matrix.count
        state = UnsafeMutablePointer<Double>.allocate(capacity: numbers)
        state.initialize(repeating: 0, count: numbers)
        state.update(from: initial, count: count)
        next = state + count
        trial = next + count
        other = trial + count
        interpolant = other + count
        stages = interpolant + 8 * count
        nodes = stages + Table.stageCount * count
        nodes.update(from: Table.nodes, count: Table.nodes.count)
        matrix = nodes + Table.nodes.count
        matrix.update(from: Table.matrix, count: Table.matrix.count)
    }

    deinit { state.deallocate() }

    /// Finds the slope of the initial state.
    func start(at time: Double, derivative: Derivative) {
        evaluate(stage: 0, at: time, state: state, derivative: derivative)
    }

    /// Makes the end of the step the start of the next one.
    func advance() {
        state.update(from: next, count: count)
        stages.update(from: stages + Table.solutionRow * count, count: count)
    }

    /// Tries a step; `next` and the stages up to the slope at its end are filled.
    ///
    /// - Returns: the error estimate in units of the tolerances (root mean square), to be at most 1; NaN or infinite where a number
    ///   was not finite.
    func attempt(from time: Double, size: Double, tolerances: DormandPrince853, derivative: Derivative) -> Double {
        advanceTrial(from: time, size: size, derivative: derivative)
        var fifth = 0.0
        var third = 0.0
        for index in 0..<count {
            let scale =
                tolerances.absoluteTolerance + tolerances.relativeTolerance * max(abs(state[index]), abs(next[index]))
            fifth += (trial[index] / scale) * (trial[index] / scale)
            third += (other[index] / scale) * (other[index] / scale)
        }
        return finish(from: time, size: size, error: Self.error(fifth, third, size: size, count: count), derivative: derivative)
    }

    /// As the other, with a tolerance for each component, all of which have to be met.
    ///
    /// - Parameter tolerance: what is allowed for a component that goes from one value to another; positive.
    /// - Returns: the greatest of the components' error estimates in units of their tolerances.
    func attempt(
        from time: Double, size: Double, tolerance: (_ component: Int, _ before: Double, _ after: Double) -> Double,
        derivative: Derivative
    ) -> Double {
        advanceTrial(from: time, size: size, derivative: derivative)
        var greatest = 0.0
        for index in 0..<count {
            let scale = tolerance(index, state[index], next[index])
            let (fifth, third) = (trial[index] / scale, other[index] / scale)
            let error = Self.error(fifth * fifth, third * third, size: size, count: 1)
            guard error.isFinite else { return .nan }
            greatest = max(greatest, error)
        }
        return finish(from: time, size: size, error: greatest, derivative: derivative)
    }

    /// Fills the stages inside of the step, `next`, and the estimates of its error of order 5 (`trial`) and 3 (`other`).
    private func advanceTrial(from time: Double, size: Double, derivative: Derivative) {
        for stage in 1..<Table.solutionRow {
            combine(row: stage, columns: stage, factor: size, base: state, into: trial)
            evaluate(stage: stage, at: time + nodes[stage] * size, state: trial, derivative: derivative)
        }
        combine(row: Table.solutionRow, columns: Table.solutionRow, factor: size, base: state, into: next)
        combine(row: Table.fifthOrderErrorRow, columns: Table.solutionRow, factor: 1, base: nil, into: trial)
        combine(row: Table.thirdOrderErrorRow, columns: Table.solutionRow, factor: 1, base: nil, into: other)
    }

    /// Section II.10 of the source: the estimate of order 5, corrected by the one of order 3, behaves as order 8.
    private static func error(_ fifth: Double, _ third: Double, size: Double, count: Int) -> Double {
        fifth == 0 && third == 0 ? 0 : abs(size) * fifth / (Double(count) * (fifth + 0.01 * third)).squareRoot()
    }

    /// Finds the slope at the end of a step that met the tolerances.
    private func finish(from time: Double, size: Double, error: Double, derivative: Derivative) -> Double {
        guard error <= 1 else { return error }
        evaluate(stage: Table.solutionRow, at: time + size, state: next, derivative: derivative)
        return isFinite(stage: Table.solutionRow) ? error : .nan
    }

    /// Fills `interpolant` for the step just tried; costs three evaluations of the rate.
    func prepareInterpolant(from left: Double, to right: Double, derivative: Derivative) throws(IntegrationError) {
        let size = right - left
        for stage in (Table.solutionRow + 1)..<Table.stageCount {
            combine(row: stage, columns: stage, factor: size, base: state, into: trial)
            evaluate(stage: stage, at: left + nodes[stage] * size, state: trial, derivative: derivative)
            guard isFinite(stage: stage) else { throw .notFinite(time: left) }
        }
        let slopeAtEnd = stages + Table.solutionRow * count
        for index in 0..<count {
            let difference = next[index] - state[index]
            interpolant[index] = state[index]
            interpolant[count + index] = difference
            interpolant[2 * count + index] = size * stages[index] - difference
            interpolant[3 * count + index] = 2 * difference - size * (slopeAtEnd[index] + stages[index])
        }
        for row in 0..<4 {
            combine(
                row: Table.firstInterpolantRow + row, columns: Table.stageCount, factor: size, base: nil,
                into: interpolant + (4 + row) * count)
        }
    }

    /// The state at a fraction of a step, from its eight rows r: with x the fraction and z = 1 − x,
    /// r0 + x (r1 + z (r2 + x (r3 + z (r4 + x (r5 + z (r6 + x r7)))))).
    static func interpolate(
        _ rows: UnsafePointer<Double>, count: Int, fraction: Double, into state: UnsafeMutableBufferPointer<Double>
    ) {
        for index in 0..<count {
            var value = 0.0
            for row in stride(from: 7, through: 1, by: -1) {
                value = (value + rows[row * count + index]) * (row.isMultiple(of: 2) ? 1 - fraction : fraction)
            }
            state[index] = value + rows[index]
        }
    }

    /// Whether the rate of change found in a stage is finite.
    func isFinite(stage: Int) -> Bool {
        (0..<count).allSatisfy { stages[stage * count + $0].isFinite }
    }

    /// The initial state and its slope in units of the tolerances (root mean squares).
    func initialNorms(tolerances: DormandPrince853) -> (state: Double, slope: Double) {
        (norm(tolerances) { state[$0] }, norm(tolerances) { stages[$0] })
    }

    /// The second derivative, from an Euler step of the given size, in units of the tolerances.
    func curvatureNorm(at time: Double, size: Double, tolerances: DormandPrince853, derivative: Derivative) -> Double {
        for index in 0..<count { trial[index] = state[index] + size * stages[index] }
        evaluate(stage: 1, at: time + size, state: trial, derivative: derivative)
        return norm(tolerances) { stages[count + $0] - stages[$0] } / size
    }

    private func norm(_ tolerances: DormandPrince853, _ value: (Int) -> Double) -> Double {
        var sum = 0.0
        for index in 0..<count {
            let scaled = value(index) / (tolerances.absoluteTolerance + tolerances.relativeTolerance * abs(state[index]))
            sum += scaled * scaled
        }
        return (sum / Double(count)).squareRoot()
    }

    private func evaluate(stage: Int, at time: Double, state: UnsafePointer<Double>, derivative: Derivative) {
        derivative(
            time, UnsafeBufferPointer(start: state, count: count),
            UnsafeMutableBufferPointer(start: stages + stage * count, count: count))
    }

    /// `base` (or zero) plus `factor` times the combination of the first `columns` stages that a row of the table names.
    private func combine(
        row: Int, columns: Int, factor: Double, base: UnsafeMutablePointer<Double>?, into result: UnsafeMutablePointer<Double>
    ) {
        for index in 0..<count { result[index] = 0 }
        for column in 0..<columns {
            let weight = matrix[row * Table.stageCount + column]
            guard weight != 0 else { continue }
            let stage = stages + column * count
            for index in 0..<count { result[index] += weight * stage[index] }
        }
        // The sum is added to the base once, so that a step rounds the state once.
        for index in 0..<count { result[index] = (base?[index] ?? 0) + factor * result[index] }
    }
}
